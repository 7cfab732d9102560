"""The parts of a source: what a recipe trains on, validates on, and tests on at the end."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from inkling.data import Dataset, Source
from inkling.errors import DataError
from inkling.training.recipe import Recipe
from inkling.training.streams import Purpose, stream


@dataclass(frozen=True)
class Parts:
    """What a recipe makes of a source: images to train on, to validate on, and to test on at the end."""

    training: Dataset
    validation: Dataset | None
    test: Dataset | None
    sha256: str  # of the labelled data that were divided


def divide(recipe: Recipe, source: Source) -> Parts:
    """Split the labelled part of a source as the recipe says; a test part of the source's own comes first.

    The same recipe and data always give the same parts, so a model can later be judged on what it never saw.
    """
    if source.train is None or source.train.labels is None:
        raise DataError(f"{source.name}: no labelled images to train on")
    split = recipe.split if source.labelled_test is None else dataclasses.replace(recipe.split, test=0)
    training, validation, test = split.apply(source.train, stream(recipe.seed, Purpose.SPLIT))
    return Parts(training, validation, source.labelled_test or test, source.train.sha256)
