"""The corruptions that move, draw and trace: their geometry, measured on simple shapes."""

import math

import numpy as np
import pytest
from scipy import ndimage

from inkling.evaluation.corruptions import CORRUPTIONS
from inkling.evaluation.corruptions.strokes import _teeth


def draw(name, images, seed=0):
    return CORRUPTIONS[name](images, np.random.default_rng(seed)).astype(float)


def box(rows, columns, level=255, count=200):
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, rows, columns] = level
    return images


BAR = box(slice(5, 23), slice(12, 16))  # upright, through the centre
SQUARE = box(slice(4, 24), slice(4, 24))


def both_ways(measured, expected, tolerance):
    """Each number is expected or its opposite, both about as often."""
    np.testing.assert_allclose(np.abs(measured), expected, atol=tolerance)
    assert 0.35 < (measured > 0).mean() < 0.65


def test_shear_slants_by_the_sine_of_its_angle():
    after = draw("shear", BAR)[:, 5:23]
    middles = after @ np.arange(28) / after.sum(axis=2)
    both_ways(np.polyfit(np.arange(18), middles.T, 1)[0], math.sin(0.4), 0.01)
    np.testing.assert_allclose(middles.mean(axis=1), 13.5, atol=0.05)
    assert draw("shear", BAR).sum() == pytest.approx(BAR.sum() / math.cos(0.4), rel=0.01)


def test_scale_shrinks_to_seven_tenths():
    after = draw("scale", SQUARE)
    np.testing.assert_array_equal(after, np.flip(after, (1, 2)))
    widths = [after[:, 13].sum(axis=1) / 255, after[:, :, 13].sum(axis=1) / 255]
    np.testing.assert_allclose(widths, 14, atol=0.05)


def test_rotation_turns_the_axis_of_a_bar():
    after = draw("rotation", BAR)
    assert after.sum() == pytest.approx(BAR.sum(), rel=0.005)
    y, x = np.indices((28, 28)) - 13.5
    yy, xx, xy = ((after * product).sum(axis=(1, 2)) for product in (y * y, x * x, x * y))
    both_ways(np.arctan2(2 * xy, yy - xx) / 2, 0.4, 0.01)


def test_translation_moves_the_pixels_exactly():
    images = np.zeros((200, 28, 28), np.uint8)
    images[:, 5:22, 5:22] = np.random.default_rng(1).integers(0, 256, (200, 17, 17))
    ways = [np.roll(images, way, (1, 2)) for way in ((3, 3), (3, -3), (-3, 3), (-3, -3))]
    same = [(draw("translation", images) == moved).all(axis=(1, 2)) for moved in ways]
    np.testing.assert_array_equal(np.sum(same, axis=0), 1)
    assert min(map(np.mean, same)) > 0.15


def test_translation_brings_ground_in():
    after = draw("translation", np.full((50, 28, 28), 255, np.uint8))
    assert (after.sum(axis=(1, 2)) == 255 * 25 * 25).all()


def test_a_dotted_line_is_straight_and_has_gaps():
    after = draw("dotted line", np.zeros((200, 28, 28), np.uint8))
    columns = np.arange(28)
    dashes = (columns // 2 % 2 == 1) & (columns < 27)
    assert not after[:, :, ~dashes].any()
    assert after[:, :, dashes].max(axis=1).min() >= 255 * (1 + math.log(1 - 0.5 / 2.3)) - 1
    rows = after[:, :, dashes].argmax(axis=1)
    fits, residuals, *_ = np.polyfit(columns[dashes], rows.T, 1, full=True)
    assert np.sqrt(residuals / dashes.sum()).max() < 0.5
    ends = np.array([fits[1], fits[0] * 27 + fits[1]])
    assert ends.min() > -0.5
    assert ends.max() < 26.5
    np.testing.assert_allclose(ends.std(axis=1), 27 / math.sqrt(12), rtol=0.15)


def test_a_line_brightens_ink_and_never_darkens_it():
    for name in ("dotted line", "zigzag"):
        on_grey, on_black = (draw(name, np.full((50, 28, 28), level, np.uint8)) for level in (100, 0))
        np.testing.assert_allclose(on_grey, np.minimum(on_black + 100, 255), atol=1)


def test_the_corners_of_a_zigzag():
    along, across = _teeth(np.array([[23.0], [23.5]]))
    np.testing.assert_allclose(along, [[0, 2, 6, 10, 14, 18, 22, 23], [0, 2, 6, 10, 14, 18, 22, 23.5]])
    np.testing.assert_allclose(across, [[0, 2, -2, 2, -2, 2, -2, -1 / 3], [0, 2, -2, 2, -2, 2, -2, -1 / 3.5]])


def test_a_zigzag_has_six_teeth_between_columns_2_and_25():
    after = draw("zigzag", np.zeros((400, 28, 28), np.uint8))
    assert not after[:, :, :2].any()
    assert not after[:, :, 26:].any()
    inside = ~(after[:, :3].any(axis=(1, 2)) | after[:, -3:].any(axis=(1, 2)))
    assert inside.sum() > 100
    heights = after[inside].swapaxes(1, 2) @ np.arange(28) / np.maximum(after[inside].sum(axis=1), 1)
    slopes = heights[:, 22] - heights[:, 6]  # of four whole teeth
    level = heights[np.abs(slopes) < 1]
    assert (level[:, [4, 12, 20]].min(axis=1) > level[:, [8, 16]].max(axis=1) + 1.5).all()
    np.testing.assert_allclose(np.unique(np.rint(slopes / 16 * 23)), np.arange(-5, 5), atol=1)


def test_canny_of_a_square_is_its_outline():
    after = draw("canny edges", box(slice(8, 20), slice(8, 20), count=1))[0] > 0
    assert set(np.flatnonzero(after.any(axis=0))) == set(np.flatnonzero(after.any(axis=1)))
    distance = np.maximum(np.abs(np.arange(28) - 13.5)[:, None], np.abs(np.arange(28) - 13.5))
    assert (abs(distance[after] - 6) <= 1).all(), "where the level changes"
    assert ndimage.label(~after)[1] >= 2, "it is closed"
    np.testing.assert_array_equal(after, after.T)
    np.testing.assert_array_equal(after, after[::-1])


@pytest.mark.parametrize(("across", "down", "width"), [(1, 0, 1), (0.8, 0.6, 1.25 / 0.8), (0.96, 0.28, 1.04 / 0.96)])
def test_canny_draws_edges_thinly(across, down, width):
    """Neighbours along the gradient, on the square of eight, are 1 + tan² times its larger part away from an edge.

    So half of that on either side is kept; along a row, an edge is passed by the larger part a pixel.
    """
    y, x = np.indices((28, 28))
    stroke = 255 * np.clip(4 - np.abs(across * (x - 13.8) + down * (y - 13.8)), 0, 1)
    after = draw("canny edges", stroke[None].astype(np.uint8))[0, 5:-5] > 0
    assert after.sum(axis=1).mean() == pytest.approx(2 * width, rel=0.12)
    assert after.sum(axis=1).min() >= 2


@pytest.mark.parametrize(("levels", "whole"), [((12, 12), False), ((30, 30), True), ((30, 12), True)])
def test_canny_keeps_weak_edges_only_where_they_join_strong_ones(levels, whole):
    """Thresholds 0.1 and 0.2 on Sobel's gradient: a step of 12 of 255 is weak, one of 30 is strong."""
    ramp = np.linspace(*levels, 16).astype(np.uint8)
    after = draw("canny edges", box(slice(8, 20), slice(6, 22), ramp, count=1))[0] > 0
    assert after.any() == whole
    if whole:
        assert ndimage.label(~after)[1] >= 2, "the weak end is closed too"
