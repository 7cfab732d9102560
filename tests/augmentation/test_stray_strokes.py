"""Stray strokes: how wide, how dark and where, by value; and what is drawn, by where it lies."""

import math

import numpy as np
import pytest

from inkling.augmentation import StrayStroke
from photometric import SHAPE, applied, noise


def test_parameters_of_nothing_leave_the_same_bits():
    np.testing.assert_array_equal(applied(StrayStroke(3.0), noise(3), np.zeros((3, 8), np.float32)), noise(3))


def test_greys_stay_in_range_and_float32():
    got = applied(StrayStroke(4.0), noise(16), StrayStroke(4.0).draw(np.random.default_rng(0), 16, SHAPE))
    assert got.dtype == np.float32
    assert 0 <= got.min() <= got.max() <= 1


def straight(width, ink):
    """Parameters of a stroke along row 13, from one side to the other."""
    return np.array([[13, 0, 13, 13.5, 13, 27, 0.5 / (0.3 * width) ** 2, ink]], np.float32)


@pytest.mark.parametrize("width", [2.0, 3.0, 4.0])
def test_a_straight_stroke_is_as_wide_and_as_dark_as_it_says(width):
    (result,) = applied(StrayStroke(4.0), np.zeros((1, 28, 28), np.float32), straight(width, 0.6))
    offsets = np.arange(28) - 13
    expected = 0.6 * np.minimum(1, 2 * np.exp(-(offsets**2) / (2 * (0.3 * width) ** 2)))
    np.testing.assert_allclose(result[:, 14], expected, atol=0.01)
    if width % 2 == 0:  # the edge lies on the middle of a pixel
        assert result[13 + int(width) // 2, 14] == pytest.approx(0.3, rel=0.03)
    np.testing.assert_allclose(result[13, 4:24], 0.6, rtol=0.02)


def test_a_stroke_starts_and_ends_where_it_says_and_bends_half_way_to_its_control_point():
    parameters = np.array([[4, 4, 4, 24, 24, 24, 0.5 / 0.6**2, 1]], np.float32)
    (result,) = applied(StrayStroke(2.0), np.zeros((1, 28, 28), np.float32), parameters)
    for row, column in ((4, 4), (24, 24), (9, 19)):  # (9, 19) is a quarter, a half and a quarter of the three
        assert result[row, column] > 0.9
    assert result[14, 14] < 1e-3
    assert result[4, 24] < 0.1


def test_ink_of_a_stroke_lies_over_that_of_the_digit():
    image = np.full((1, 28, 28), 0.5, np.float32)
    (result,) = applied(StrayStroke(3.0), image, straight(3.0, 0.6))
    assert result[13, 14] == pytest.approx(0.5 + 0.6 * 0.5, rel=0.02)


def test_strokes_start_on_the_image_and_are_straight_in_the_mean():
    drawn = StrayStroke(3.0).draw(np.random.default_rng(0), 10_000, SHAPE)
    start, control, end = drawn[:, :2], drawn[:, 2:4], drawn[:, 4:6]
    assert (start.min(), start.max()) == pytest.approx((0, 27), abs=0.02)
    assert (end.min(), end.max()) == pytest.approx((-14, 42), abs=0.05)
    off = control - (start + end) / 2
    assert off.mean() == pytest.approx(0, abs=0.1)
    assert math.sqrt((off**2).mean()) == pytest.approx(6, rel=0.02)
    widths, ink = np.sqrt(0.5 / drawn[:, 6]) / 0.3, drawn[:, 7]
    assert (widths.min(), widths.max()) == pytest.approx((1.5, 3.0), abs=0.01)
    assert (ink.min(), ink.max()) == pytest.approx((0.2, 1.0), abs=0.01)
