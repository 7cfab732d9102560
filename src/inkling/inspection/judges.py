"""Judges: models that say what images show which they have not learnt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from inkling.classifier import Classifier
from inkling.data import Dataset
from inkling.errors import UsageError
from inkling.inspection.labels import out_of_fold
from inkling.model import Model
from inkling.recipes import Recipe, load_recipe

RECIPES = ("sprint", "adam-256-128-64")  # The first of them whose network takes images of this size judges.
_LEAST_SEEN = 120_000  # images that a training is shown; small data are gone through more often
_MOST_EPOCHS = 40

Answers = Callable[[np.ndarray, np.ndarray], np.ndarray]


class Folds:
    """The models of all folds of some data: of an image among these, only that of its fold answers."""

    def __init__(self, recipe: Recipe, data: Dataset, folds: int) -> None:
        self._recipe, self._data, self._folds = recipe, data, folds
        self._fold = np.zeros(len(data), np.int64)
        self._models: list[Model] = []

    def train(self) -> Iterator[int]:
        """Train the models, and yield how many there are after each."""
        for number, (places, model) in enumerate(out_of_fold(self._recipe, self._data, self._folds)):
            self._fold[places] = number
            self._models.append(model)
            yield number + 1

    def of_data(self, images: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Probabilities (M, C) of images that stand at these places (M,) of the data."""
        found = np.empty((len(images), self._data.n_classes), np.float32)
        for number, model in enumerate(self._models):
            own = self._fold[places] == number
            if own.any():
                found[own] = model.predict_proba(images[own])
        return found

    def of_others(self, images: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Probabilities (M, C) of images that are not among the data: the mean of all models."""
        found: np.ndarray = np.mean([model.predict_proba(images) for model in self._models], axis=0)
        return found


def answers_of(model: Classifier) -> Answers:
    """The answers of one model, wherever the images stand."""
    return lambda images, places: model.predict_proba(images)


def judging_recipe(data: Dataset, names: Sequence[str] = RECIPES) -> Recipe:
    """The first of these recipes that fits the data, with more epochs where there are few images."""
    refusal = None
    for name in names:
        try:
            recipe = load_recipe(name).fitted_to(data)
        except UsageError as error:
            refusal = error
        else:
            epochs = min(_MOST_EPOCHS, max(recipe.epochs, -(-_LEAST_SEEN // max(1, len(data)))))
            return recipe.override(epochs=epochs)
    assert refusal is not None
    raise refusal
