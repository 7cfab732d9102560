"""Preparation of a training: the data are split, the recipe is fitted to them, and all that takes part is checked."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from inkling.classes import listed
from inkling.data import Dataset, Parts, Source, split_source
from inkling.errors import DataError, UsageError
from inkling.model import Model
from inkling.recipes.recipe import Recipe
from inkling.training.checks import check_teacher, require_recipe, require_same_kind

SUGGESTED_FRACTION = 0.1  # The fraction of the rows that a message proposes to hold out.


def prepare(
    recipe: Recipe,
    source: Source,
    teacher: Model | None = None,
    test: Dataset | None = None,
    start: Model | None = None,
    copies_together: bool = True,
) -> tuple[Recipe, Parts]:
    """The recipe with a network for the images and the classes of the source, and the parts of the source.

    Parameters
    ----------
    teacher : a model whose answers are learnt in place of the labels.
    test : images that are measured after each epoch.
    start : a model whose parameters training starts from.
    copies_together : as in `split_source`.

    Raises
    ------
    DataError
        The source has no labelled images to train on.
    UsageError
        The recipe does not fit the source, its split leaves nothing to train on, the teacher or the test images have
        another image size or other classes, or the model to start from has other layers or classes.
    """
    require_recipe(recipe)
    parts = _split(recipe, source, copies_together)
    fitted = recipe.fitted_to(parts.training)
    check_teacher(fitted, teacher, parts.training)
    require_same_kind(fitted, parts.training, test, "test")
    _check_start(fitted, start, parts.training)
    return fitted, parts


def require_same_data(
    folder: Path, data: str, source: Source, sha256: str, class_names: tuple[str, ...] | None
) -> None:
    """DataError where images, labels or class names are not those that the run was started with.

    Class names that are None are not compared.
    """
    remedy = f"name those data with --data, or train anew in another folder than {folder}"
    if source.train is None:
        return  # `prepare` tells that there is nothing to train on
    if source.train.sha256 != sha256:
        raise DataError(
            f"{data}: these are not the data that {folder} was started with: their images and labels have the SHA-256 "
            f"{source.train.sha256[:12]}…, and not {sha256[:12]}…; resuming would mix two data sets: {remedy}"
        )
    if class_names is not None and source.train.class_names != class_names:
        raise DataError(
            f"{data}: the data have {listed(source.train.class_names)}, but {folder} was started with "
            f"{listed(class_names)}; resuming would mix two data sets: {remedy}"
        )


def _check_start(recipe: Recipe, start: Model | None, training: Dataset) -> None:
    """UsageError where training with this recipe on these data cannot start from the parameters of a model."""
    if start is None:
        return
    if not isinstance(start, Model):
        raise UsageError(f"training starts from a Model, not from a value of type {type(start).__name__}")
    if start.class_names != training.class_names:
        raise UsageError(
            f"recipe {recipe.name}: the model to start from knows {listed(start.class_names)}, but {training.name} has "
            f"{listed(training.class_names)}: they must be the same classes in the same order"
        )
    if start.network.layout != recipe.network.layout:
        raise UsageError(
            f"recipe {recipe.name}: its network has {recipe.network.layout.size:,} parameters, those of the model to "
            f"start from are {start.network.layout.size:,} of other layers: take the recipe that the model was "
            "trained with"
        )


def _split(recipe: Recipe, source: Source, copies_together: bool) -> Parts:
    """The parts of the source; UsageError that names the recipe's entry where nothing is left to train on."""
    try:
        return split_source(source, recipe.split, recipe.seed, copies_together)
    except UsageError as error:
        sizes = {"validation": recipe.split.validation, "test": recipe.split.test}
        fractions: dict[str, Any] = {name: SUGGESTED_FRACTION for name, size in sizes.items() if size}
        remedy = dataclasses.replace(recipe.split, **fractions)
        raise UsageError(
            f'recipe {recipe.name}: {error}: in a copy of the recipe, write split = "{remedy!r}" in place of split = '
            f'"{recipe.split!r}"'
        ) from None
