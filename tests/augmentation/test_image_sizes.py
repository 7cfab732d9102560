"""Images of other sizes than a digit's, square or not: what each augmentation makes of them, against loops by pixel."""

import itertools
import math

import numpy as np
import pytest

import reference
from inkling.augmentation import (
    AUGMENTATIONS,
    AspectRatio,
    Augmenter,
    Blur,
    Contrast,
    Elastic,
    Erasing,
    Inversion,
    Noise,
    Outline,
    Patch,
    Rotation,
    Ruling,
    Scale,
    Shadow,
    Shear,
    Shift,
    StrayStroke,
    Thickness,
)
from inkling.augmentation.warp import Warp
from inkling.errors import UsageError
from photometric import applied, canvases

SHAPES = [(16, 16), (32, 32), (20, 33), (64, 40), (4, 4)]
MOVES = [Shift(2), Rotation(10), Scale(0.1), AspectRatio(0.2), Shear(10), Elastic(34)]
PHOTOMETRIC = [Thickness(0.5), Outline(), StrayStroke(3.0), Erasing(), Patch(0.4), Ruling(2.0), Contrast(0.3)]
PHOTOMETRIC += [Shadow(0.6), Inversion(), Blur(1.5), Noise(0.2)]
EVERY = [*MOVES, *PHOTOMETRIC]


def noise(shape, count=1, seed=0):
    return np.random.default_rng(seed).random((count, *shape), dtype=np.float32)


def drawn_and_applied(augmentation, images, seed=0):
    drawn = augmentation.draw(np.random.default_rng(seed), len(images), images.shape[1:])
    return drawn, applied(augmentation, images, drawn)


def test_every_augmentation_is_here():
    assert {type(each) for each in EVERY} == set(AUGMENTATIONS.values())


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("augmentations", [*([each] for each in EVERY), EVERY], ids=repr)
def test_images_of_any_size_stay_images(augmentations, shape):
    images = noise((*shape, 1), 20)
    changed = images.copy()
    Augmenter(augmentations, shape)(changed, np.random.default_rng(1))
    assert changed.dtype == np.float32
    assert 0 <= changed.min() <= changed.max() <= 1
    assert (changed != images).any(axis=(1, 2, 3)).sum() > 10


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_one_sampling_agrees_with_loops(shape):
    rng, elastic = np.random.default_rng(3), Elastic(10, sigma=3)
    image, coefficients = noise(shape), elastic.draw(rng, 1, shape)
    parts = [(Rotation(180), 70.0), (Scale(0.9), 0.3), (Shear(60), -20.0), (Shift(3), [1, -2])]
    warp = Warp([*(part for part, _ in parts), elastic], shape)
    composed = warp.compose([*(np.array([parameters]) for _, parameters in parts), coefficients])
    got = image.copy()
    warp.apply(got, composed, canvases(shape))
    matrix = np.eye(3)
    for part, parameters in parts:
        matrix = matrix @ part.matrices(np.array([parameters]))[0]
    down, right = (coefficients[0].astype(np.float64) @ elastic.basis(shape)).reshape(2, *shape)
    expected = reference.warp(image[0].tolist(), matrix.tolist(), down.tolist(), right.tolist())
    np.testing.assert_allclose(got[0], expected, atol=3e-4)


@pytest.mark.parametrize("shape", [(16, 16), (20, 33), (4, 4)], ids=str)
@pytest.mark.parametrize(("down", "right"), [(0, 0), (3, -2), (-3, 3)])
def test_a_shift_is_the_same_by_slices_and_by_the_warp(shape, down, right):
    image, parameters = noise(shape), np.array([[down, right]])
    expected = np.zeros(shape, np.float32)
    for i, j in itertools.product(*map(range, shape)):
        if 0 <= i - down < shape[0] and 0 <= j - right < shape[1]:
            expected[i, j] = image[0, i - down, j - right]
    np.testing.assert_array_equal(applied(Shift(3), image, parameters)[0], expected)
    warp, warped = Warp([Shift(3)], shape), image.copy()
    warp.apply(warped, warp.compose([parameters]), canvases(shape))
    np.testing.assert_array_equal(warped[0], expected)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_thickness_agrees_with_loops_up_to_the_border(shape):
    images, parameters = noise(shape, 3), np.array([0.7, -0.4, 1], np.float32)
    for image, t, got in zip(images, parameters, applied(Thickness(1.0), images, parameters), strict=True):
        np.testing.assert_allclose(got, reference.thicken(image.tolist(), float(t)), atol=1e-6)


def test_an_elastic_field_has_its_standard_deviation_on_every_size():
    elastic, shape = Elastic(20, sigma=3), (20, 33)
    fields = elastic.draw(np.random.default_rng(0), 3000, shape) @ elastic.basis(shape)
    assert fields.std() == pytest.approx(20 / (3 * math.sqrt(12 * math.pi)), rel=0.02)
    down, across = fields[:, 0].reshape(-1, *shape)[:, [0, 3], 5].T, fields[:, 0].reshape(-1, *shape)[:, 7, [9, 12]].T
    for a, b in (down, across):
        assert (a * b).mean() / math.sqrt((a * a).mean() * (b * b).mean()) == pytest.approx(math.exp(-1 / 4), abs=0.05)


@pytest.mark.parametrize("shape", [(16, 16), (64, 40)], ids=str)
def test_a_blur_keeps_the_ink_and_spreads_it_by_sigma_in_both_directions(shape):
    spot = np.zeros((1, *shape), np.float32)
    spot[0, shape[0] // 2, shape[1] // 2] = 1
    (got,) = applied(Blur(1.5), spot, np.array([32]))
    assert got.sum() == pytest.approx(1, rel=1e-4)
    for axis, side in enumerate(shape):
        profile, places = got.sum(axis=1 - axis), np.arange(side) - side // 2
        assert math.sqrt((profile * places**2).sum()) == pytest.approx(1.5, rel=0.02)


@pytest.mark.parametrize("shape", [(16, 16), (20, 33), (200, 140)], ids=str)
def test_noise_has_the_deviation_drawn_on_every_size(shape):
    drawn, noisy = drawn_and_applied(Noise(0.1), np.full((16, *shape), 0.5, np.float32))
    white = drawn[:, 0] == 0
    np.testing.assert_allclose((noisy - 0.5)[white].std(axis=(1, 2)), abs(drawn[white, 3]), rtol=0.3)
    assert drawn[:, 1].max() + shape[0] <= max(256, 2 * max(shape))
    assert len({window.tobytes() for window in noisy}) == 16


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_erased_rectangles_lie_within_and_have_their_share_of_the_area(shape):
    drawn, erased = drawn_and_applied(Erasing((0.2, 0.2), (1, 1)), np.ones((16, *shape), np.float32))
    share = (erased == 0).mean(axis=(1, 2))
    assert (share == pytest.approx(0.2, abs=0.06)) if min(shape) > 10 else (share > 0).all()
    np.testing.assert_array_equal((erased == 0).sum(axis=(1, 2)), drawn[:, 2] * drawn[:, 3])


@pytest.mark.parametrize("shape", [(16, 16), (56, 56)], ids=str)
def test_patches_and_ruled_lines_grow_with_the_image(shape):
    factor, rng = shape[0] / 28, np.random.default_rng(0)
    top, _, bottom, _, _, _ = Patch(0.4).draw(rng, 20_000, shape).T
    assert (top.min(), bottom.max()) == (0, shape[0])
    assert (bottom - top).max() <= math.ceil(40 * factor)
    spacing = Ruling(2.0).draw(rng, 20_000, shape)[:, 3]
    assert (spacing.min(), spacing.max()) == pytest.approx((8 * factor, 28 * factor), rel=0.01)
    for _ in range(4):
        _, ruled = drawn_and_applied(Ruling(2.0), np.zeros((16, *shape), np.float32), int(rng.integers(100)))
        assert (ruled.max(axis=(1, 2)) > 0.05).all()


@pytest.mark.parametrize("side", [16, 28, 128])
def test_a_stray_stroke_is_a_line_and_no_string_of_beads(side):
    """From corner to corner: along its middle the ink is even on images of every size."""
    last = side - 1
    parameters = np.array([[0, 0, last / 2, last / 2, last, last, 0.5 / (0.3 * 3) ** 2, 0.8]], np.float32)
    (stroke,) = applied(StrayStroke(3.0), np.zeros((1, side, side), np.float32), parameters)
    np.testing.assert_allclose(np.diagonal(stroke)[3:-3], 0.8, rtol=0.05)


def test_a_shadow_reaches_its_depth_on_an_image_that_is_not_square():
    drawn, paper = drawn_and_applied(Shadow(0.8), np.zeros((16, 20, 33), np.float32))
    np.testing.assert_allclose(paper.max(axis=(1, 2)), drawn[:, 0], rtol=1e-3)


@pytest.mark.parametrize(
    ("augmentation", "shape", "sentence"),
    [
        (Shift(20), (16, 16), r"Shift\(20\) moves images of 16×16 pixels out of sight: take fewer pixels"),
        (Elastic(34), (256, 256), r"Elastic\(34\) needs tables of [\d,]+ MiB for images of 256×256 .* larger sigma"),
        (Blur(1.5), (1000, 20), r"Blur\(1\.5\) needs tables of 126 MiB .* make the images smaller"),
        (Noise(0.1), (2000, 2000), r"Noise\(0\.1\) needs tables of 244 MiB .* make the images smaller"),
    ],
    ids=repr,
)
def test_what_cannot_be_done_on_a_size_is_said_before_anything_is_changed(augmentation, shape, sentence):
    with pytest.raises(UsageError, match=sentence):
        Augmenter([augmentation], shape)


def test_images_of_another_size_than_announced_are_refused():
    with pytest.raises(ValueError, match="reshape"):
        Augmenter([Shift(1)])(noise((16, 16, 1), 2), np.random.default_rng(0))
