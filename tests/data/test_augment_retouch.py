"""Thickness against naive loops and on strokes of known width; rectangles that erasing turns to ground."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reference
from inkling.data.augmentation import Erasing, Thickness
from inkling.data.augmentation.canvas import Canvas


def retouched(retouch, images, parameters):
    result = images.copy()
    retouch.apply(result, parameters, (Canvas(), Canvas()))
    return result


@given(st.integers(0, 2**32), st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=4))
@settings(max_examples=15, deadline=None)
def test_thickness_agrees_with_loops(seed, parameters):
    """Up to the border of the image, whose outside is ground, and with images beside each other on the canvas."""
    images = np.random.default_rng(seed).random((len(parameters), 28, 28), dtype=np.float32)
    got = retouched(Thickness(1.0), images, np.array(parameters, np.float32))
    for image, t, result in zip(images.tolist(), parameters, got, strict=True):
        np.testing.assert_allclose(result, reference.thicken(image, t), atol=1e-6)
    assert got.dtype == np.float32
    assert 0 <= got.min() <= got.max() <= 1


@pytest.mark.parametrize(("t", "width"), [(1.0, 6.0), (0.5, 5.0), (0.0, 4.0), (-0.25, 3.5), (-1.0, 2.0)])
def test_each_edge_of_a_stroke_moves_by_so_many_pixels(t, width):
    stroke = np.zeros((1, 28, 28), np.float32)
    stroke[:, 4:24, 10:14] = 1
    (result,) = retouched(Thickness(1.0), stroke, np.array([t], np.float32))
    assert result[14].sum() == pytest.approx(width, rel=1e-6)


def test_a_thickness_of_nothing_leaves_the_same_bits():
    images = np.random.default_rng(0).random((3, 28, 28), dtype=np.float32)
    np.testing.assert_array_equal(retouched(Thickness(1.0), images, np.zeros(3, np.float32)), images)


def test_what_was_on_the_canvas_before_is_not_seen():
    """Regression guard for scratch: a small chunk after a large one."""
    scratch, images = (Canvas(), Canvas()), np.ones((16, 28, 28), np.float32)
    Thickness(1.0).apply(images, np.ones(16, np.float32), scratch)
    blank = np.zeros((2, 28, 28), np.float32)
    Thickness(1.0).apply(blank, np.ones(2, np.float32), scratch)
    assert not blank.any()


def test_draws_of_thickness_are_uniform():
    drawn = Thickness(0.4).draw(np.random.default_rng(0), 10_000)
    assert drawn.dtype == np.float32
    assert -0.4 <= drawn.min() < -0.39
    assert 0.39 < drawn.max() <= np.float32(0.4)
    assert drawn.std() == pytest.approx(0.4 / math.sqrt(3), rel=0.02)


def test_erasing_turns_a_rectangle_to_ground_and_nothing_else():
    images = np.ones((2, 28, 28), np.float32)
    got = retouched(Erasing(), images, np.array([[3, 20, 10, 8], [0, 0, 0, 0]]))
    expected = np.ones((28, 28))
    expected[3:13, 20:28] = 0
    np.testing.assert_array_equal(got[0], expected)
    np.testing.assert_array_equal(got[1], 1)


def test_rectangles_have_the_area_and_the_ratio_asked_for_and_lie_anywhere():
    erasing = Erasing(scale=(0.05, 0.2), ratio=(0.5, 2.0))
    top, left, height, width = erasing.draw(np.random.default_rng(0), 20_000).T
    share = height * width / 784
    assert share.mean() == pytest.approx(0.125, rel=0.02)
    assert 0.04 < share.min() < 0.06
    assert 0.18 < share.max() < 0.22
    assert np.log(height / width).mean() == pytest.approx(0, abs=0.02)
    assert np.log(height / width).std() == pytest.approx(math.log(4) / math.sqrt(12), rel=0.05)
    for start, side in ((top, height), (left, width)):
        assert start.min() == 0
        assert (start + side).max() == 28
        assert (start / (28 - side)).mean() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(("share", "ratio"), [(1.0, 28.0), (1e-9, 1.0), (0.9, 1.5)])
def test_rectangles_stay_inside_and_are_at_least_a_pixel(share, ratio):
    top, left, height, width = Erasing((share, share), (ratio, ratio)).draw(np.random.default_rng(0), 500).T
    assert min(height.min(), width.min()) >= 1
    assert min(top.min(), left.min()) == 0
    assert max((top + height).max(), (left + width).max()) <= 28
