"""Thickness and hollow strokes against naive loops, and on strokes of known width."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reference
from inkling.augmentation import Outline, Thickness
from inkling.augmentation.canvas import Canvas
from photometric import SHAPE, applied


@given(st.integers(0, 2**32), st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=4))
@settings(max_examples=15)
def test_thickness_agrees_with_loops(seed, parameters):
    """Up to the border of the image, whose outside is ground, and with images beside each other on the canvas."""
    images = np.random.default_rng(seed).random((len(parameters), 28, 28), dtype=np.float32)
    got = applied(Thickness(1.0), images, np.array(parameters, np.float32))
    for image, t, result in zip(images.tolist(), parameters, got, strict=True):
        np.testing.assert_allclose(result, reference.thicken(image, t), atol=1e-6)
    assert got.dtype == np.float32
    assert 0 <= got.min() <= got.max() <= 1


@pytest.mark.parametrize(("t", "width"), [(1.0, 6.0), (0.5, 5.0), (0.0, 4.0), (-0.25, 3.5), (-1.0, 2.0)])
def test_each_edge_of_a_stroke_moves_by_so_many_pixels(t, width):
    stroke = np.zeros((1, 28, 28), np.float32)
    stroke[:, 4:24, 10:14] = 1
    (result,) = applied(Thickness(1.0), stroke, np.array([t], np.float32))
    assert result[14].sum() == pytest.approx(width, rel=1e-6)


def test_a_thickness_of_nothing_leaves_the_same_bits():
    images = np.random.default_rng(0).random((3, 28, 28), dtype=np.float32)
    np.testing.assert_array_equal(applied(Thickness(1.0), images, np.zeros(3, np.float32)), images)


def test_what_was_on_the_canvas_before_is_not_seen():
    """Regression guard for scratch: a small chunk after a large one."""
    scratch, images = (Canvas(), Canvas()), np.ones((16, 28, 28), np.float32)
    Thickness(1.0).apply(images, np.ones(16, np.float32), scratch)
    blank = np.zeros((2, 28, 28), np.float32)
    Thickness(1.0).apply(blank, np.ones(2, np.float32), scratch)
    assert not blank.any()


def test_draws_of_thickness_are_uniform():
    drawn = Thickness(0.4).draw(np.random.default_rng(0), 10_000, SHAPE)
    assert drawn.dtype == np.float32
    assert -0.4 <= drawn.min() < -0.39
    assert 0.39 < drawn.max() <= np.float32(0.4)
    assert drawn.std() == pytest.approx(0.4 / math.sqrt(3), rel=0.02)


@given(st.integers(0, 2**32), st.lists(st.floats(0, 2, width=32), min_size=1, max_size=4))
@settings(max_examples=15)
def test_hollow_strokes_agree_with_loops(seed, sides):
    images = np.random.default_rng(seed).random((len(sides), 28, 28), dtype=np.float32)
    parameters = np.array([[1, min(side, 1), min(2 - side, 1)] for side in sides], np.float32)
    got = applied(Outline(), images, parameters)
    for image, (_, outer, inner), result in zip(images, parameters, got, strict=True):
        largest, smallest = (np.array(reference.thicken(image.tolist(), t)) for t in (1, -1))
        expected = outer * (largest - image) + inner * (image - smallest)
        np.testing.assert_allclose(result, expected.clip(max=1), atol=1e-6)
    assert got.dtype == np.float32
    assert 0 <= got.min() <= got.max() <= 1


@pytest.mark.parametrize(("outer", "inner", "columns"), [(1, 0, [9, 14]), (0, 1, [10, 13]), (1, 1, [9, 10, 13, 14])])
def test_an_outline_lies_outside_inside_or_astride_the_edge(outer, inner, columns):
    stroke = np.zeros((1, 28, 28), np.float32)
    stroke[:, 4:24, 10:14] = 1
    (result,) = applied(Outline(), stroke, np.array([[1, outer, inner]], np.float32))
    assert np.flatnonzero(result[14]).tolist() == columns
    assert set(np.unique(result)) == {0, 1}


def test_outlines_are_drawn_outside_as_often_as_inside_and_always_in_full():
    taken, outer, inner = Outline().draw(np.random.default_rng(0), 10_000, SHAPE).T
    np.testing.assert_array_equal(taken, 1)
    np.testing.assert_array_equal(np.maximum(outer, inner), 1)
    assert np.mean(outer < 1) == pytest.approx(0.5, abs=0.02)
    assert outer[outer < 1].mean() == pytest.approx(0.5, abs=0.02)
    assert inner[inner < 1].mean() == pytest.approx(0.5, abs=0.02)
