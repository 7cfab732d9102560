"""The augmenter: shares, independence, reproducibility, memory; whatever the list of augmentations."""

import dataclasses
import itertools
import pickle
import tracemalloc

import numpy as np
import pytest

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
from inkling.data import load

SPARING = [
    Shift(2),
    Rotation(10),
    Scale(0.1),
    AspectRatio(0.2),
    Shear(10),
    Elastic(34),
    Thickness(0.5),
    Erasing(),
]  # most ink is left
REPAINTING = [Outline(), StrayStroke(3.0), Patch(0.4), Ruling(2.0), Contrast(0.3), Shadow(0.6), Inversion()]
FORMS = {
    Shift: 15,
    Blur: 15,
    Inversion: 1,
    Erasing: 35,
}  # of a digit, at least, where the draws are few, 25, 32 and 1, or miss the ink
EVERY = [*SPARING, *REPAINTING, Blur(1.5), Noise(0.2)]


def digits(count):
    return (load("digits").train.images[:count, ..., None] / np.float32(255)).astype(np.float32)


def augmented(augmentations, images, seed=0):
    result = images.copy()
    Augmenter(augmentations)(result, np.random.default_rng(seed))
    return result


def with_p(augmentation, p):
    return dataclasses.replace(augmentation, p=p)


def test_every_augmentation_is_here():
    assert {type(each) for each in EVERY} == set(AUGMENTATIONS.values())


@pytest.mark.parametrize("augmentations", [*([each] for each in EVERY), EVERY], ids=repr)
def test_images_stay_images(augmentations):
    images = digits(37)
    result = augmented(augmentations, images)
    assert result.dtype == np.float32
    assert 0 <= result.min() <= result.max() <= 1
    assert not np.array_equal(result, images)


@pytest.mark.parametrize("augmentations", [*([each] for each in SPARING), SPARING], ids=repr)
def test_most_ink_is_left(augmentations):
    images = digits(37)
    assert 0.5 * images.sum() < augmented(augmentations, images).sum() < 1.5 * images.sum()


@pytest.mark.parametrize("each", EVERY, ids=repr)
def test_p_is_the_share_of_images_that_are_changed(each):
    images = np.repeat(np.random.default_rng(1).random((1, 28, 28, 1), np.float32), 2000, axis=0)
    for p in (0.0, 0.3, 1.0):
        changed = (augmented([with_p(each, p)], images) != images).any(axis=(1, 2, 3)).mean()
        drawn = 24 / 25 if isinstance(each, Shift) else 1.0  # one of 25 shifts is none
        assert changed == pytest.approx(p * drawn, abs=0.035 if p * drawn not in (0, 1) else 0)


@pytest.mark.parametrize("each", EVERY, ids=repr)
def test_an_augmentation_that_was_used_is_pickled_as_small_as_before(each):
    """Regression: the windows of noise that were kept came to 658 MB."""
    augmented([each], digits(40))
    pickled = pickle.dumps(each)
    assert len(pickled) < 500
    assert pickle.loads(pickled) == each
    np.testing.assert_array_equal(augmented([pickle.loads(pickled)], digits(40)), augmented([each], digits(40)))


def test_no_augmentation_changes_nothing():
    np.testing.assert_array_equal(augmented([], digits(20)), digits(20))


@pytest.mark.parametrize("each", EVERY, ids=repr)
def test_images_are_changed_independently_of_each_other(each):
    """The same digit many times over comes out in many forms, also across the borders of chunks."""
    results = augmented([each], np.repeat(digits(1), 40, axis=0))
    distinct = len({result.tobytes() for result in results})
    assert distinct >= FORMS.get(type(each), 38)


def test_what_one_image_becomes_does_not_depend_on_what_the_others_show():
    images, others = digits(40), digits(80)[40:]
    others[7], others[39] = images[7], images[39]
    result, among_others = augmented(EVERY, images), augmented(EVERY, others)
    np.testing.assert_array_equal(result[[7, 39]], among_others[[7, 39]])


def test_the_seed_decides():
    augmenter, images = Augmenter(EVERY), digits(40)
    first, again, other = (images.copy() for _ in range(3))
    for result, seed in ((first, 1), (again, 1), (other, 2)):
        augmenter(result, np.random.default_rng(seed))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any(axis=(1, 2, 3)).all()
    np.testing.assert_array_equal(augmented(EVERY, images, 1), first)


def test_moves_come_first_and_the_rest_in_order():
    """Erased rectangles have straight edges wherever erasing stands; thickness before or after it differs."""
    images = np.ones((20, 28, 28, 1), np.float32)
    for order in itertools.permutations([Rotation(45), Erasing((0.2, 0.2))]):
        assert set(np.unique(augmented(order, images)[:, 10:18, 10:18])) == {0.0, 1.0}
    first, last = (augmented(order, images) for order in ([Erasing(), Thickness(1)], [Thickness(1), Erasing()]))
    assert not np.array_equal(first, last)


@pytest.mark.parametrize("augmentations", [*([each] for each in EVERY), EVERY], ids=repr)
def test_nothing_as_large_as_a_batch_is_allocated(augmentations):
    """What is drawn for a batch is a fraction of it; its pixels are worked on in scratch that is made once."""
    augmenter, images, rng = Augmenter(augmentations), np.tile(digits(1), (1000, 1, 1, 1)), np.random.default_rng(0)
    augmenter(images[:1], rng)
    tracemalloc.start()
    augmenter(images, rng)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < images.nbytes / 2
