"""Pictures that lie on their side or upside down are told, and those that are read well cost nothing."""

import numpy as np
import pytest

import framed
from drawn import levels, on_paper
from inkling.reading import pipeline, read
from inkling.reading.page import read_page


@pytest.fixture(scope="module")
def picture(legible):
    ink, _ = framed.in_cells(legible[[0, 40, 80, 120, 160]])
    return np.uint8(on_paper(ink, np.random.default_rng(0)))


@pytest.mark.parametrize(("turns", "way"), [(1, "by 90° to the right"), (2, "by 180°"), (3, "by 90° to the left")])
def test_a_turned_picture_is_told(picture, turns, way):
    warning = f"turned: it is read better after a turn {way}"
    assert warning in read(np.rot90(picture, turns)).warnings
    assert warning in read(np.rot90(picture, turns), lines=True).to_dict()["warnings"]


def test_a_picture_that_is_read_well_is_read_once(picture, monkeypatch):
    pages = []
    monkeypatch.setattr(pipeline, "read_page", lambda page: pages.append(page) or read_page(page))
    assert read(picture).warnings == ()
    assert len(pages) == 1


def test_what_is_badly_read_in_all_directions_is_not_told():
    rng = np.random.default_rng(0)
    scribble = np.zeros((80, 160), np.float32)
    scribble[rng.integers(20, 60, 400), rng.integers(20, 140, 400)] = 1
    assert not any("turned" in each for each in read(np.uint8(levels(scribble))).warnings)
