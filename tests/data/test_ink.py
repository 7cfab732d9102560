"""Ink out of grey levels of any ground and polarity."""

import numpy as np
import pytest

from inkling.data.ink import ink_of_grey


@pytest.fixture
def stroke() -> np.ndarray:
    """Ink of an L, 1 on 0."""
    ink = np.zeros((40, 30), np.uint8)
    ink[5:35, 8:12] = 1
    ink[31:35, 8:24] = 1
    return ink


@pytest.mark.parametrize(("ground", "level"), [(255, 0), (0, 255), (200, 60), (40, 220)])
def test_ink_is_what_differs_from_the_ground(stroke, ground, level):
    ink = ink_of_grey(np.where(stroke, level, ground).astype(np.float32))
    assert ink.dtype == np.float32
    assert np.array_equal(ink, stroke * abs(level - ground))


def test_faint_texture_of_paper_is_ground(stroke):
    paper = 210 + np.random.default_rng(3).normal(0, 8, stroke.shape)
    assert np.array_equal(ink_of_grey(np.where(stroke, 50, paper).astype(np.float32)) > 0, stroke > 0)


def test_one_level_has_no_ink():
    assert not ink_of_grey(np.full((30, 30), 153, np.float32)).any()
