"""The training set of a recipe: the images of the data, and the pictures that the recipe has made to join them."""

from __future__ import annotations

import numpy as np

from inkling.classes import NOT_A_DIGIT, require_digits
from inkling.data.dataset import SYNTHETIC, Dataset
from inkling.recipes.recipe import Recipe
from inkling.rng import Purpose, make_rng
from inkling.synthesis import drawn_digits, non_digits


def training_set(recipe: Recipe, training: Dataset) -> Dataset:
    """The images to train on: those of `training`, then drawn digits, then pictures of what is no digit.

    The last have a class of their own behind the digits. Whatever joins has `rows` of SYNTHETIC.

    Raises
    ------
    UsageError
        The recipe adds pictures to data that have no labels, or are not digits.
    """
    if not recipe.synthetic or training.labels is None:
        return training
    require_digits(training.class_names, f"recipe {recipe.name}: non_digits and drawn_digits need data")
    images, labels, names = [training.images], [training.labels], training.class_names
    if recipe.drawn_digits and (n := round(recipe.drawn_digits * len(training))):
        drawn, theirs = drawn_digits(n, make_rng(recipe.seed, Purpose.DRAWN_DIGITS))
        images, labels = [*images, drawn], [*labels, theirs]
    if recipe.non_digits:
        n = round(recipe.non_digits * len(training))
        images.append(non_digits(training, n, make_rng(recipe.seed, Purpose.NON_DIGITS)))
        labels.append(np.full(n, len(names)))
        names = (*names, NOT_A_DIGIT)
    made = sum(map(len, images)) - len(training)
    rows = np.append(training.rows, np.full(made, SYNTHETIC))
    return Dataset(np.concatenate(images), np.concatenate(labels), training.name, rows, names)
