"""Contrast, inversion and shadows: grey levels by value, and what is drawn by its moments."""

import numpy as np
import pytest

from inkling.augmentation import Contrast, Inversion, Shadow
from photometric import SHAPE, applied, noise

EACH = [Contrast(0.3), Inversion(), Shadow(0.6)]


@pytest.mark.parametrize("augmentation", EACH, ids=repr)
def test_parameters_of_nothing_leave_the_same_bits(augmentation):
    drawn = augmentation.draw(np.random.default_rng(0), 3, SHAPE)
    np.testing.assert_array_equal(applied(augmentation, noise(3), np.zeros_like(drawn)), noise(3))


@pytest.mark.parametrize("augmentation", EACH, ids=repr)
def test_greys_stay_in_range_and_float32(augmentation):
    got = applied(augmentation, noise(16), augmentation.draw(np.random.default_rng(0), 16, SHAPE))
    assert got.dtype == np.float32
    assert 0 <= got.min() <= got.max() <= 1


def test_contrast_takes_ground_and_ink_to_their_greys():
    image = np.array([0, 0.5, 1], np.float32).repeat(784)[: 28 * 28 * 3 : 3].reshape(1, 28, 28)
    (got,) = applied(Contrast(0.3), image, np.array([[0.25, 0.125]], np.float32))
    np.testing.assert_allclose(got, 0.25 + image[0] * 0.625, atol=1e-6)


def test_contrasts_are_even_and_papers_of_any_grey():
    ground, lost = Contrast(0.2).draw(np.random.default_rng(0), 20_000, SHAPE).T
    contrast = 1 - ground - lost
    assert (contrast.min(), contrast.max()) == pytest.approx((0.2, 1), abs=0.01)
    assert contrast.mean() == pytest.approx(0.6, abs=0.01)
    assert min(ground.min(), lost.min()) >= 0
    assert (ground / (1 - contrast)).mean() == pytest.approx(0.5, abs=0.01)
    assert (ground / (1 - contrast)).std() == pytest.approx(1 / np.sqrt(12), rel=0.02)


def test_inversion_is_the_negative_and_twice_nothing():
    images = noise(2)
    got = applied(Inversion(), images, np.ones(2, np.float32))
    np.testing.assert_array_equal(got, 1 - images)
    np.testing.assert_allclose(applied(Inversion(), got, np.ones(2, np.float32)), images, atol=1e-7)


def test_a_shadow_goes_from_nothing_to_its_depth_and_dims_ink_as_much_as_paper():
    shadow, drawn = Shadow(0.8), Shadow(0.8).draw(np.random.default_rng(0), 16, SHAPE)
    on_paper = applied(shadow, np.zeros((16, 28, 28), np.float32), drawn)
    np.testing.assert_allclose(on_paper.min(axis=(1, 2)), 0, atol=1e-6)
    np.testing.assert_allclose(on_paper.max(axis=(1, 2)), drawn[:, 0], rtol=1e-4)
    images = noise(16)
    np.testing.assert_allclose(1 - applied(shadow, images, drawn), (1 - on_paper) * (1 - images), atol=1e-6)


def test_shadows_are_soft_and_anywhere():
    """Steps from pixel to pixel are small beside the depth; no place is darker than another in the mean."""
    shadow = Shadow(0.5)
    drawn = shadow.draw(np.random.default_rng(0), 4000, SHAPE)
    layers = np.concatenate(
        [applied(shadow, np.zeros((16, 28, 28), np.float32), part) for part in np.split(drawn, 250)]
    )
    steps = max(abs(np.diff(layers, axis=axis)).max() for axis in (1, 2))
    assert 0.03 < steps < 0.12
    assert layers.max() == pytest.approx(0.5, abs=0.01)
    mean = layers.mean(axis=0)
    assert abs(mean[:, ::-1] - mean).max() < 0.02
    assert abs(mean - mean.T).max() < 0.02
