"""The training set of a recipe: the images of the data, and the synthetic pictures that join them."""

from __future__ import annotations

import numpy as np

from inkling.classes import NOT_A_DIGIT, require_digits
from inkling.data.dataset import SYNTHETIC, Dataset
from inkling.recipes.recipe import Recipe
from inkling.rng import Purpose, make_rng
from inkling.synthesis import drawn_digits, non_digits


def training_set(recipe: Recipe, training: Dataset) -> Dataset:
    """The images to train on: those of `training`, then drawn digits, then pictures of no digit.

    Pictures of no digit are one more class, behind the digits. Synthetic pictures have `rows` of SYNTHETIC.

    Parameters
    ----------
    training : the training part of the data, N images. Without labels it is returned as it is.

    Raises
    ------
    UsageError
        The recipe adds synthetic pictures, but the data are not digits.
    """
    if not recipe.synthetic or training.labels is None:
        return training
    require_digits(training.class_names, f"recipe {recipe.name}: non_digits and drawn_digits need data")
    images, labels, names = [training.images], [training.labels], training.class_names
    if recipe.drawn_digits and (n := round(recipe.drawn_digits * len(training))):
        drawn, drawn_labels = drawn_digits(n, make_rng(recipe.seed, Purpose.DRAWN_DIGITS))
        images, labels = [*images, drawn], [*labels, drawn_labels]
    if recipe.non_digits:
        n = round(recipe.non_digits * len(training))
        images.append(non_digits(training, n, make_rng(recipe.seed, Purpose.NON_DIGITS)))
        labels.append(np.full(n, len(names)))
        names = (*names, NOT_A_DIGIT)
    n_synthetic = sum(map(len, images)) - len(training)
    rows = np.append(training.rows, np.full(n_synthetic, SYNTHETIC))
    return Dataset(np.concatenate(images), np.concatenate(labels), training.name, rows, names)
