"""Sweeps: each strength does what its unit says, and each sweep begins, or passes, where nothing changes."""

import numpy as np
import pytest

from inkling.data import load
from inkling.evaluation.sweeps import SWEEPS, fade, invert, shift, thicken

DIGITS = load("digits").train.images[:40]
NEUTRAL = {"shift": 0, "thickness": 0, "contrast": 1, "inversion": 0}


def disc(radius, centre=14):
    y, x = np.indices((28, 28)) - centre
    return (255 * (y * y + x * x <= radius * radius)).astype(np.uint8)[None]


@pytest.mark.parametrize("sweep", SWEEPS, ids=lambda sweep: sweep.name)
def test_a_sweep_changes_ever_more_on_either_side_of_its_neutral_strength(sweep):
    assert 5 <= len(sweep.strengths) <= 9
    neutral = sweep.strengths.index(NEUTRAL[sweep.name])
    changed = [sweep.change(DIGITS, strength) for strength in sweep.strengths]
    assert all(images.dtype == np.uint8 for images in changed)
    np.testing.assert_array_equal(changed[neutral], DIGITS)
    far = [np.abs(images.astype(int) - DIGITS).sum() for images in changed]
    assert far[neutral:] == sorted(far[neutral:])
    assert far[: neutral + 1] == sorted(far[: neutral + 1], reverse=True)
    assert len(set(far)) == len(far)


def test_shift_moves_in_four_directions_in_turn():
    image = np.zeros((28, 28), np.uint8)
    image[10:15, 12:17] = np.arange(1, 26).reshape(5, 5)
    shifted = shift(np.stack([image] * 8), 4)
    ways = ((-4, 0), (0, 4), (4, 0), (0, -4)) * 2
    np.testing.assert_array_equal(shifted, [np.roll(image, way, (0, 1)) for way in ways])
    assert shift(np.full((4, 28, 28), 9, np.uint8), 8).sum() == 4 * 9 * 20 * 28, "ground comes in"


def test_thicken_moves_edges_by_pixels():
    np.testing.assert_array_equal(thicken(disc(0), 3), disc(3))
    np.testing.assert_array_equal(thicken(disc(0), 2), disc(2))
    np.testing.assert_array_equal(thicken(disc(1), -1), disc(0))
    np.testing.assert_array_equal(thicken(255 - disc(2), -2)[0, 2:-2, 2:-2], 255 - thicken(disc(2), 2)[0, 2:-2, 2:-2])


def test_half_a_pixel_lies_in_between():
    between = thicken(DIGITS, 1.5)
    middle = (thicken(DIGITS, 1).astype(float) + thicken(DIGITS, 2)) / 2
    np.testing.assert_allclose(between, middle, atol=0.51)


def test_fade_and_invert_by_hand():
    image = np.array([[[0, 100, 255]]], np.uint8)
    np.testing.assert_array_equal(fade(image, 0.2), [[[0, 20, 51]]])
    np.testing.assert_array_equal(invert(image, 0.2), [[[51, 111, 204]]])
    np.testing.assert_array_equal(invert(image, 1), 255 - image)
    assert np.ptp(invert(DIGITS, 0.5)) == 0
