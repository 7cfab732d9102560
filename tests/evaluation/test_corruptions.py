"""The corruptions: what all have in common, and of each the noise, light and blur what it does to known images."""

import math

import numpy as np
import pytest

from inkling.data import load
from inkling.errors import MissingExtraError
from inkling.evaluation.corruptions import CORRUPTIONS, blur, corrupt
from inkling.evaluation.corruptions.plasma import _finer, plasma
from inkling.evaluation.corruptions.table import PIECE

FIXED = ("scale", "brightness", "stripe", "canny edges")  # nothing is drawn
DRAWS_ON_BLANK = ("impulse noise", "brightness", "stripe", "spatter", "dotted line", "zigzag")
NAMES = pytest.mark.parametrize("name", CORRUPTIONS)


def draw(name, images, seed=0):
    return CORRUPTIONS[name](images, np.random.default_rng(seed))


def even(level, count=200):
    """Images all of one level."""
    return np.full((count, 28, 28), level, np.uint8)


@pytest.fixture(scope="module")
def digits():
    return load("digits").train.images[:60]


def test_there_are_fifteen_in_the_order_of_the_paper():
    assert list(CORRUPTIONS) == [
        *("shot noise", "impulse noise", "glass blur", "motion blur", "shear", "scale", "rotation", "brightness"),
        *("translation", "stripe", "fog", "spatter", "dotted line", "zigzag", "canny edges"),
    ]


@NAMES
def test_every_image_is_changed_and_stays_an_image(name, digits):
    before = digits.copy()
    after = draw(name, digits)
    assert after.dtype == np.uint8
    assert after.shape == digits.shape
    np.testing.assert_array_equal(digits, before)
    assert (after != digits).any(axis=(1, 2)).all()


@NAMES
def test_the_seed_decides(name, digits):
    first, again, other = corrupt(digits, name), corrupt(digits, name), corrupt(digits, name, seed=1)
    np.testing.assert_array_equal(first, again)
    assert np.array_equal(first, other) == (name in FIXED)


@pytest.mark.parametrize("name", FIXED)
def test_an_image_does_not_depend_on_those_beside_it(name, digits):
    alone = [draw(name, digits[i : i + 1])[0] for i in range(len(digits))]
    np.testing.assert_array_equal(draw(name, digits), alone)


@NAMES
@pytest.mark.parametrize("level", [0, 255])
def test_blank_images_and_stacks_of_one_or_none(name, level):
    assert draw(name, even(level, 1)).shape == (1, 28, 28)
    assert draw(name, even(level, 0)).shape == (0, 28, 28)


@pytest.mark.parametrize("name", sorted(set(CORRUPTIONS) - set(DRAWS_ON_BLANK)))
def test_what_changes_ink_leaves_blank_images_blank(name):
    assert not draw(name, even(0)).any()


@pytest.mark.parametrize("name", DRAWS_ON_BLANK)
def test_what_adds_light_does_so_on_every_blank_image(name):
    assert draw(name, even(0)).any(axis=(1, 2)).all()


@pytest.mark.parametrize("name", ["glass blur", "motion blur", "brightness", "dotted line", "zigzag"])
def test_white_stays_white(name):
    assert (draw(name, even(255)) == 255).all()


def test_many_images_are_corrupted_in_pieces_that_differ():
    many = corrupt(even(90, PIECE + 300), "impulse noise")
    np.testing.assert_array_equal(many[:PIECE], corrupt(even(90, PIECE), "impulse noise"))
    assert not np.array_equal(many[:300], many[PIECE:])


def test_shot_noise_counts_as_poisson_says():
    light = 0.2
    after = draw("shot noise", even(round(255 * light)))
    shares = [np.exp(-3 * light) * (3 * light) ** k / math.factorial(k) for k in range(3)]
    counted = [(after == level).mean() for level in (0, 85, 170, 255)]
    np.testing.assert_allclose(counted, [*shares, 1 - sum(shares)], atol=0.006)


def test_impulse_noise_fails_17_percent_of_the_pixels():
    after = draw("impulse noise", even(100))
    assert (after == 0).mean() == pytest.approx(0.085, abs=0.004)
    assert (after == 255).mean() == pytest.approx(0.085, abs=0.004)
    assert set(np.unique(after)) == {0, 100, 255}


def test_glass_blur_scatters_ink_and_keeps_it(digits):
    np.testing.assert_array_equal(draw("glass blur", even(77, 5)), even(77, 5))
    assert draw("glass blur", digits).sum() == pytest.approx(digits.sum(), rel=0.01)
    spots = even(0, 2000)
    spots[:, 12:16, 12:16] = 255
    after = draw("glass blur", spots)
    spread = after.mean(axis=(0, 1)) / after.mean(axis=(0, 1)).sum() @ (np.arange(28) - 13.5) ** 2
    assert 0.5 < spread - 15 / 12 < 2, "the variance of the spot, and what swaps add"
    assert not after[:, :, 18:].any(), "to the right by one each round"
    assert after[:, :, :7].any(), "to the left by as many as luck will have it"


def test_glass_blur_smooths_up_and_down_only(monkeypatch):
    monkeypatch.setattr(blur, "GLASS_ROUNDS", 0)
    dot = even(0, 1)
    dot[:, 14, 14] = 255
    (after,) = draw("glass blur", dot).astype(float)
    assert np.flatnonzero(after.any(axis=0)).tolist() == [14]
    assert after.sum() == pytest.approx(255, abs=2)
    spread = after[:, 14] / after.sum() @ (np.arange(28) - 14) ** 2
    assert spread == pytest.approx(2 * 0.7**2, rel=0.03), "the variance of two Gaussians"


def test_motion_blur_draws_a_trail_to_the_left():
    dots = even(0)
    dots[:, 14, 20] = 255
    after = draw("motion blur", dots).astype(int)
    assert after.sum(axis=(1, 2)) == pytest.approx(255, abs=5)
    weights = np.exp(-(np.arange(21) ** 2) / 18)
    assert after[:, 14, 20] == pytest.approx(np.full(200, 255 * weights[0] / weights.sum()), abs=0.5)
    y, x = np.nonzero(after.any(axis=0))
    assert x.max() == 20
    assert x.min() in (9, 10, 11)  # where half a level is no more reached
    assert (abs(y - 14) <= 20 - x).all(), "45° at most"
    assert y.min() < 10 < 18 < y.max(), "both ways"


def test_brightness_adds_half_and_clips():
    for level, brighter in ((0, 127.5), (100, 227.5), (127, 254.5), (128, 255), (255, 255)):
        assert draw("brightness", even(level, 1)) == pytest.approx(brighter, abs=0.5)


def test_stripe_inverts_seven_columns_on_either_side(digits):
    after = draw("stripe", digits)
    np.testing.assert_array_equal(after[:, :, 7:21], digits[:, :, 7:21])
    for side in (slice(7), slice(21, 28)):
        np.testing.assert_array_equal(after[:, :, side], 255 - digits[:, :, side])


def test_fog_is_three_times_as_bright_as_the_digit():
    black, grey = even(0, 403), even(51, 403)
    black[:, 0, 0] = grey[:, 0, 0] = 255  # the brightest of each
    in_black, in_grey = (draw("fog", images).astype(float) for images in (black, grey))
    np.testing.assert_allclose(in_grey - in_black, (grey - black) / 4, atol=1)
    cloud = in_black[:, 1:] / 255 * 4 / 3
    assert 0 <= cloud.min() < 0.1
    assert 0.9 < cloud.max() <= 1
    assert cloud.mean() == pytest.approx(0.5, abs=0.05)
    assert np.abs(np.diff(cloud, axis=1)).mean() < 0.3 * cloud.std(), "it is smooth"
    assert len({image.tobytes() for image in in_black}) == 403


def test_fog_over_a_dim_digit_is_dim():
    assert 20 < draw("fog", even(100)).mean() < 100
    assert draw("fog", even(0)).max() == 0


def test_plasma_without_noise_is_the_mean_of_neighbours():
    coarse = np.random.default_rng(0).random((2, 4, 4), np.float32)
    fine = _finer(coarse, np.random.default_rng(0), 0.0)
    np.testing.assert_array_equal(fine[:, ::2, ::2], coarse)
    for y in range(8):
        for x in range(8):
            ways = ((1, 1), (1, -1), (-1, 1), (-1, -1)) if y % 2 and x % 2 else ((1, 0), (-1, 0), (0, 1), (0, -1))
            if y % 2 or x % 2:
                around = [fine[:, (y + dy) % 8, (x + dx) % 8] for dy, dx in ways]
                np.testing.assert_allclose(fine[:, y, x], np.mean(around, axis=0), rtol=1e-5)


def test_plasma_fills_0_to_1_and_its_edges_meet():
    clouds = plasma(np.random.default_rng(0), 10, 6, 2.0)
    assert clouds.dtype == np.float32
    assert clouds.shape == (10, 64, 64)
    np.testing.assert_array_equal(clouds.min(axis=(1, 2)), 0)
    np.testing.assert_array_equal(clouds.max(axis=(1, 2)), 1)
    inside, across = np.abs(np.diff(clouds, axis=2)).mean(), np.abs(clouds[:, :, 0] - clouds[:, :, -1]).mean()
    assert across == pytest.approx(inside, rel=0.3)


def test_spatter_covers_black_and_white_with_the_same_mud():
    on_black, on_white = (draw("spatter", even(level)).astype(float) for level in (0, 255))
    mud = on_black > 0
    assert 0.1 < mud.mean() < 0.5
    assert (on_white[~mud] == 255).all()
    assert on_black[mud].min() == pytest.approx(0.8 * 63, abs=0.5)
    assert on_black[mud].max() == 63
    np.testing.assert_allclose((255 - on_white[mud]) / 192, on_black[mud] / 63, atol=0.011)


def test_missing_scipy_is_told(monkeypatch):
    for module in ("scipy", "scipy.ndimage"):
        monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(MissingExtraError, match=r"scipy, which is not installed: pip install "):
        draw("scale", even(0, 1))
