"""Whether the data and the teacher of a training fit its recipe, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inkling.classes import listed
from inkling.data.dataset import SYNTHETIC, Dataset
from inkling.errors import UsageError
from inkling.recipes.recipe import Recipe

if TYPE_CHECKING:
    from inkling.model import Model


def labelled_images(dataset: Dataset, recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
    """The images (N, *input_shape) uint8 and labels (N,) to train on; UsageError where they do not fit the recipe."""
    if not isinstance(dataset, Dataset):
        raise UsageError(
            f"training takes a Dataset, such as the train part of a source, not a {type(dataset).__name__}"
        )
    if dataset.labels is None:
        raise UsageError(f"{dataset.name} has no labels: training needs to know what each image is")
    if len(dataset) == 0:
        raise UsageError(f"{dataset.name} has no images to train on")
    if recipe.synthetic and (dataset.rows != SYNTHETIC).all():
        raise UsageError(
            f"recipe {recipe.name} adds pictures to the data: train on training_set(recipe, dataset) or use inkling.fit"
        )
    require_fit(recipe, dataset)
    return dataset.images.reshape(len(dataset), *recipe.network.input_shape), dataset.labels


def require_fit(recipe: Recipe, dataset: Dataset) -> None:
    """UsageError where the network takes images of another size, or has no logit for some class of the dataset."""
    network = recipe.network
    if (*dataset.image_shape, 1) != network.input_shape:
        raise UsageError(
            f"recipe {recipe.name}: the network takes {network.input_shape}, but the images of {dataset.name} are "
            f"{dataset.image_shape}: use recipe.fitted_to(dataset)"
        )
    if network.shapes[-1] != (dataset.n_classes,) and recipe.n_classes != dataset.n_classes:
        raise UsageError(
            f"recipe {recipe.name}: the network has {network.shapes[-1][0]} logits, but {dataset.name} has "
            f"{listed(dataset.class_names)}: use recipe.fitted_to(dataset)"
        )


def check_teacher(recipe: Recipe, teacher: Model | None) -> None:
    """UsageError where the teacher takes other images than the network of the recipe, or knows other classes."""
    if teacher is None:
        return
    if teacher.network.input_shape != recipe.network.input_shape or teacher.n_classes != recipe.n_classes:
        raise UsageError(
            f"recipe {recipe.name}: its teacher takes images {teacher.network.input_shape} of {teacher.n_classes} "
            f"classes, the network {recipe.network.input_shape} of {recipe.n_classes}: they must be the same"
        )
    if recipe.non_digits and not teacher.knows_non_digits:
        raise UsageError(
            f"recipe {recipe.name}: its teacher knows no eleventh class for what is no digit: leave non_digits out, or "
            "give one that does"
        )


def require_validation(recipe: Recipe, validation: Dataset | None) -> None:
    """UsageError where the recipe needs labelled validation images and there are none."""
    if recipe.needs_validation and (not validation or validation.labels is None):
        settings = "early stopping, keep = 'best' and temperature = 'fit'"
        raise UsageError(f"recipe {recipe.name}: {settings} need validation images with labels")
