"""Pictures that lie on their side or upside down are told, and those that are read well cost nothing."""

import numpy as np
import pytest

import framed
from drawn import levels, on_paper
from inkling.reading import pipeline, read
from inkling.reading.page import read_page
from inkling.reading.turned import turn_warning


@pytest.fixture(scope="module")
def picture(legible):
    ink, _ = framed.in_cells(legible[[0, 40, 80, 120, 160]])
    return np.uint8(on_paper(ink, np.random.default_rng(0)))


@pytest.mark.parametrize(("turns", "way"), [(1, "by 90° to the right"), (2, "by 180°"), (3, "by 90° to the left")])
def test_a_turned_picture_is_told(picture, turns, way):
    warning = f"turned: it is read better after a turn {way}"
    assert warning in read(np.rot90(picture, turns)).warnings
    assert warning in read(np.rot90(picture, turns), lines=True).to_dict()["warnings"]


@pytest.mark.parametrize(("turns", "way"), [(1, "by 90° to the right"), (2, "by 180°"), (3, "by 90° to the left")])
def test_a_turned_digit_is_told_without_looking_for_its_ink_again(legible, monkeypatch, turns, way):
    pages = []
    monkeypatch.setattr(pipeline, "read_page", lambda page, single: pages.append(page) or read_page(page, single))
    ink, _ = framed.in_cells(legible[[40]])
    digit = np.uint8(on_paper(ink, np.random.default_rng(0)))
    assert f"turned: it is read better after a turn {way}" in read(np.rot90(digit, turns), single=True).warnings
    assert len(pages) == 1


def test_a_turned_digit_is_told_as_where_its_ink_is_looked_for_again(legible):
    told = []
    for row in (0, 40, 80, 120, 160):
        ink, _ = framed.in_cells(legible[[row]])
        upright = np.uint8(on_paper(ink, np.random.default_rng(row)))
        for turns in range(4):
            digit = np.rot90(upright, turns)
            found = read(digit, single=True)
            again = turn_warning(found.lines, lambda more, digit=digit: read(np.rot90(digit, more), single=True).lines)
            told.append(([each for each in found.warnings if each.startswith("turned")], again))
            assert bool(told[-1][0]) == bool(again), (row, turns)
    assert 5 < sum(bool(again) for _, again in told) < len(told)
    assert sum(own != again for own, again in told) <= 2, "some digits are read well after two turns"


def test_a_picture_that_is_read_well_is_read_once(picture, monkeypatch):
    pages = []
    monkeypatch.setattr(pipeline, "read_page", lambda page, single: pages.append(page) or read_page(page, single))
    assert read(picture).warnings == ()
    assert len(pages) == 1


def test_what_is_badly_read_in_all_directions_is_not_told():
    rng = np.random.default_rng(0)
    scribble = np.zeros((80, 160), np.float32)
    scribble[rng.integers(20, 60, 400), rng.integers(20, 140, 400)] = 1
    assert not any("turned" in each for each in read(np.uint8(levels(scribble))).warnings)
