"""No augmentation is one of the corruptions that robustness is judged by; by name, and by the look of its images.

The four affine corruptions resemble Shift, Rotation, Scale, AspectRatio and Shear; a second mean leaves them out.
An import contract keeps their code out of training; here, what was written anew would be noticed.

The look of images is described by two sorted lists, averaged over many images: of their levels, and of how far each
pixel differs from its neighbours. Of two draws of the same corruption these lists differ by at most 0.08 of the
corruption's own effect on clean images (fog; most by 0.01). Fog and brightness, the most similar pair, differ by 0.42.
"""

import dataclasses
import re

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
from inkling.evaluation.corruptions import CORRUPTIONS, corrupt
from inkling.evaluation.robustness import AFFINE
from inkling.recipes import load_recipe, recipe_names

UNSEEN = [name for name in CORRUPTIONS if name not in AFFINE]
COPY = 0.25  # below it, images are the corruption's
STRONG = [
    Shift(3),
    Rotation(23),
    Scale(0.3),
    AspectRatio(0.3),
    Shear(22),
    Elastic(34),
    Thickness(1),
    Erasing(),
    Outline(),
    StrayStroke(3.0),
]
STRONG += [Ruling(2.0), Patch(0.4), Blur(1.2), Noise(0.25), Contrast(0.3), Shadow(0.6), Inversion()]
OF_RECIPES = {dataclasses.replace(each, p=1.0) for name in recipe_names() for each in load_recipe(name).augment}
DIGITS = load("digits").train.images[:800]


def look_of(images):
    """Sorted levels, and sorted differences from the mean of the four neighbours: means over images (N, 28, 28)."""
    light = images / 255.0
    framed = np.pad(light, ((0, 0), (1, 1), (1, 1)))
    around = (framed[:, :-2, 1:-1] + framed[:, 2:, 1:-1] + framed[:, 1:-1, :-2] + framed[:, 1:-1, 2:]) / 4
    both = np.stack([light, light - around], axis=1).reshape(len(images), 2, -1)
    return np.sort(both).mean(axis=0)


LOOKS = {name: look_of(corrupt(DIGITS, name)) for name in UNSEEN}


def unlikeness(images):
    """How far the look of images is from each corruption's; clean images are at 1."""
    clean, these = look_of(DIGITS), look_of(images)
    return {name: np.abs(these - look).mean() / np.abs(clean - look).mean() for name, look in LOOKS.items()}


def augmented(augmentation):
    images = DIGITS[..., None] / np.float32(255)
    Augmenter([augmentation])(images, np.random.default_rng(0))
    return images[..., 0] * 255


def words(name):
    """The words of a name in any notation, without plural: {"canny", "edge"} of CannyEdges and of "canny edges"."""
    return {word.lower().removesuffix("s") for word in re.findall("[A-Z]?[a-z]+", name)}


@pytest.mark.parametrize("name", UNSEEN)
def test_a_corruption_would_be_noticed(name):
    """Another draw of it, also where a twentieth of the images is left alone."""
    images = corrupt(DIGITS, name, seed=1)
    assert unlikeness(images)[name] < COPY
    images[::20] = DIGITS[::20]
    distances = unlikeness(images)
    assert min(distances, key=distances.get) == name
    assert distances[name] < COPY


def test_every_augmentation_is_looked_at():
    """A new one is to be added to STRONG, as strong as it is useful."""
    assert {type(each) for each in STRONG} == set(AUGMENTATIONS.values())


@pytest.mark.parametrize("augmentation", STRONG + sorted(OF_RECIPES, key=repr), ids=repr)
def test_no_augmentation_looks_like_a_corruption(augmentation):
    """All images are changed: a rare copy would hide among those that are left alone."""
    near = {name: distance for name, distance in unlikeness(augmented(augmentation)).items() if distance < COPY}
    assert near == {}


@pytest.mark.parametrize("name", UNSEEN)
def test_no_augmentation_has_the_name_of_a_corruption(name):
    assert [each for each in AUGMENTATIONS if words(name) <= words(each)] == []


def test_names_are_recognised_in_any_notation():
    for name, spelled in (("canny edges", "CannyEdge"), ("shot noise", "ShotNoise"), ("fog", "DenseFog")):
        assert words(name) <= words(spelled)
