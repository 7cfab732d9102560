"""Blur against a Gaussian by hand, and the noise of a sensor by its moments and its grain."""

import math

import numpy as np
import pytest

from inkling.augmentation import Blur, Noise
from photometric import SHAPE, applied, noise, spot

SHARPEST = 0
STRONGEST = 32


def spread(image):
    """Standard deviation of the ink around the middle, down and to the right."""
    places = np.arange(28) - 14.0
    return [math.sqrt((image.sum(axis=axis) * places**2).sum() / image.sum()) for axis in (1, 0)]


def bessel(order, x):
    """The modified Bessel function Iₙ(x), by its integral; the discrete Gaussian of variance x is exp(−x) Iₙ(x)."""
    angles = np.arange(1000) * (2 * math.pi / 1000)
    return np.mean(np.exp(x * np.cos(angles)) * np.cos(order * angles))


@pytest.mark.parametrize("sigma", [0.3, 0.8, 1.5, 2.5])
def test_a_point_becomes_a_discrete_gaussian_of_that_width(sigma):
    (result,) = applied(Blur(sigma), spot(), np.array([STRONGEST]))
    assert spread(result) == pytest.approx([sigma, sigma], rel=0.01)
    assert result.sum() == pytest.approx(1, rel=1e-4)
    weights = [math.exp(-(sigma**2)) * bessel(n, sigma**2) for n in range(4)]
    np.testing.assert_allclose(result[14, 14:18], weights[0] * np.array(weights), atol=1e-5)
    assert result.dtype == np.float32


def test_the_degrees_of_blur_are_even_from_sharp_to_sigma():
    got = applied(Blur(3.2), spot().repeat(3, axis=0), np.array([SHARPEST, 16, 24]))
    np.testing.assert_array_equal(got[0], spot()[0])
    assert [spread(image)[0] for image in got[1:]] == pytest.approx([1.6, 2.4], rel=0.01)
    drawn = Blur(3.2).draw(np.random.default_rng(0), 32_000, SHAPE)
    degrees, counts = np.unique(drawn, return_counts=True)
    assert degrees.tolist() == list(range(1, 33))
    assert counts == pytest.approx(np.full(32, 1000), rel=0.15)


def test_paper_of_one_grey_stays_so_up_to_the_border():
    grey = np.full((1, 28, 28), 0.4, np.float32)
    np.testing.assert_allclose(applied(Blur(2.0), grey, np.array([STRONGEST])), grey, atol=1e-6)


def noises(sensor, count):
    """What noise adds to a grey that is far from black and from white (count, 28, 28), and its draws."""
    drawn = sensor.draw(np.random.default_rng(0), count, SHAPE)
    grey = np.full((count, 28, 28), 0.5, np.float32)
    return applied(sensor, grey, drawn) - 0.5, drawn


def test_noise_has_mean_zero_and_the_deviation_drawn():
    added, drawn = noises(Noise(0.1), 2000)
    assert added.dtype == np.float32
    assert added.mean() == pytest.approx(0, abs=1e-3)
    white = drawn[:, 0] == 0
    np.testing.assert_allclose(added[white].std(axis=(1, 2)), abs(drawn[white, 3]), rtol=0.12)
    assert abs(drawn[:, 3]).max() == pytest.approx(0.1, rel=0.01)
    assert abs(drawn[:, 3]).mean() == pytest.approx(0.05, rel=0.05)


@pytest.mark.parametrize("grain", [0.0, 1.0, 2.0])
def test_neighbours_are_alike_by_the_grain(grain):
    """White noise smoothed by a Gaussian is correlated as a Gaussian of twice the variance."""
    added, drawn = noises(Noise(0.1, grain), 4000)
    for degree in range(4):
        sigma, chosen = grain * degree / 3, added[drawn[:, 0] == degree]
        for distance in (1, 2):
            expected = bessel(distance, 2 * sigma**2) / bessel(0, 2 * sigma**2)
            down = (chosen[:, distance:] * chosen[:, :-distance]).mean() / chosen.var()
            across = (chosen[..., distance:] * chosen[..., :-distance]).mean() / chosen.var()
            assert (down, across) == pytest.approx((expected, expected), abs=0.05)


def test_noise_is_cut_to_the_range_of_greys_and_none_is_none():
    sensor, images = Noise(0.9), noise(16)
    got = applied(sensor, images, sensor.draw(np.random.default_rng(1), 16, SHAPE))
    assert (got.min(), got.max()) == (0, 1)
    np.testing.assert_array_equal(applied(sensor, images, np.zeros((16, 4))), images)


def test_windows_are_seldom_the_same():
    corners = Noise(0.1).draw(np.random.default_rng(0), 1000, SHAPE)[:, :3]
    assert len(np.unique(corners, axis=0)) > 990
