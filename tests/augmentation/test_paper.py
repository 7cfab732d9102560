"""What else is on the paper: rectangles rubbed out, other paper, ruled lines, each where and as the draw says."""

import math

import numpy as np
import pytest

from inkling.augmentation import Erasing, Patch, Ruling
from photometric import SHAPE, applied, noise


def test_erasing_turns_a_rectangle_to_ground_and_nothing_else():
    images = np.ones((2, 28, 28), np.float32)
    got = applied(Erasing(), images, np.array([[3, 20, 10, 8], [0, 0, 0, 0]]))
    expected = np.ones((28, 28))
    expected[3:13, 20:28] = 0
    np.testing.assert_array_equal(got[0], expected)
    np.testing.assert_array_equal(got[1], 1)


def test_rectangles_have_the_area_and_the_ratio_asked_for_and_lie_anywhere():
    erasing = Erasing(scale=(0.05, 0.2), ratio=(0.5, 2.0))
    top, left, height, width = erasing.draw(np.random.default_rng(0), 20_000, SHAPE).T
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
    top, left, height, width = Erasing((share, share), (ratio, ratio)).draw(np.random.default_rng(0), 500, SHAPE).T
    assert min(height.min(), width.min()) >= 1
    assert min(top.min(), left.min()) == 0
    assert max((top + height).max(), (left + width).max()) <= 28


def test_a_patch_has_its_own_ground_and_ink_and_the_rest_stays():
    images = noise(2)
    got = applied(Patch(0.3), images, np.array([[3, 20, 13, 28, 0.9, -0.7], [0, 0, 0, 0, 0.0, 0.0]]))
    inside = np.zeros((28, 28), bool)
    inside[3:13, 20:28] = True
    np.testing.assert_allclose(got[0], np.where(inside, 0.9 - 0.7 * images[0], images[0]), atol=1e-6)
    np.testing.assert_array_equal(got[1], images[1])


def test_patches_lie_anywhere_on_the_image_with_contrast_either_way():
    top, left, bottom, right, ground, contrast = Patch(0.4).draw(np.random.default_rng(0), 20_000, SHAPE).T
    for start, end in ((top, bottom), (left, right)):
        assert (start.min(), end.max()) == (0, 28)
        assert (end - start).min() >= 2
        assert ((start + end) / 2).mean() == pytest.approx(14, abs=0.1)
    assert min(ground.min(), (ground + contrast).min()) >= 0
    assert max(ground.max(), (ground + contrast).max()) <= 1
    assert np.mean(contrast < 0) == pytest.approx(0.5, abs=0.02)
    assert abs(contrast).min() == pytest.approx(0.4, abs=0.01)
    assert abs(contrast).mean() == pytest.approx(0.7, abs=0.01)


def test_ruled_lines_are_as_wide_and_as_far_apart_as_drawn():
    """Upright lines, 3 pixels wide, on columns 4, 14 and 24; half the ink; the digit shows through."""
    paper, ink = np.zeros((1, 28, 28), np.float32), np.full((1, 28, 28), 0.5, np.float32)
    lines = np.array([[0, 1 / 10, -4 / 10, 10, (3 + 1) / 2, 0.5]], np.float32)
    expected = np.zeros((28, 28))
    expected[:, [3, 4, 5, 13, 14, 15, 23, 24, 25]] = 0.5
    np.testing.assert_allclose(applied(Ruling(3.0), paper, lines)[0], expected, atol=1e-5)
    np.testing.assert_allclose(applied(Ruling(3.0), ink, lines)[0], 0.5 + expected / 2, atol=1e-5)


def test_lines_thinner_than_a_pixel_are_as_much_fainter():
    image = np.zeros((1, 28, 28), np.float32)
    (result,) = applied(Ruling(1.0), image, np.array([[1 / 20, 0, -10.25 / 20, 20, (0.5 + 1) / 2, 1]], np.float32))
    np.testing.assert_allclose(result[9:12, 5], [0, 0.5, 0], atol=1e-5)


def test_ruled_lines_are_drawn_near_the_rows_or_the_columns_and_meet_the_image():
    ruling, rng = Ruling(2.0), np.random.default_rng(0)
    down, across, _, apart, reach, ink = drawn = ruling.draw(rng, 4000, SHAPE).T
    np.testing.assert_allclose(np.hypot(down, across) * apart, 1, rtol=1e-5)
    angles = np.degrees(np.arctan2(across, down)) % 90
    assert np.minimum(angles, 90 - angles).max() == pytest.approx(10, abs=0.1)
    assert np.mean(abs(down) > abs(across)) == pytest.approx(0.5, abs=0.03)
    assert (apart.min(), apart.max()) == pytest.approx((8, 28), abs=0.1)
    assert (2 * reach.min() - 1, 2 * reach.max() - 1) == pytest.approx((0.5, 2.0), abs=0.01)
    assert (ink.min(), ink.max()) == pytest.approx((0.2, 1), abs=0.01)
    for part in np.split(drawn.T, 250):
        assert (applied(ruling, np.zeros((16, 28, 28), np.float32), part).max(axis=(1, 2)) > 0.05).all()


@pytest.mark.parametrize(("augmentation", "numbers"), [(Patch(0.4), 6), (Ruling(2.0), 6), (Erasing(), 4)], ids=repr)
def test_parameters_of_nothing_leave_the_same_bits(augmentation, numbers):
    drawn = augmentation.draw(np.random.default_rng(0), 3, SHAPE)
    assert drawn.shape == (3, numbers)
    np.testing.assert_array_equal(applied(augmentation, noise(3), np.zeros_like(drawn)), noise(3))
