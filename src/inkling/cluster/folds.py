"""Cross-validation: a recipe is trained once per fold, each time validated on rows that this training did not see."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inkling.cluster.executors import Workers
from inkling.cluster.fit_folder import FOLDS, FitFolder
from inkling.errors import DataError
from inkling.model import load
from inkling.recipes import Recipe
from inkling.runs.listing import RunSummary
from inkling.runs.preparation import prepare


@dataclass(frozen=True)
class Fold:
    """A fold that was trained."""

    number: int
    run: RunSummary


@dataclass(frozen=True)
class OutOfFold:
    """Each row that is not held out for testing, with what the fold predicts for it that did not learn it.

    Attributes
    ----------
    rows : int64 (N,), where the row stands in the data, from 0; in ascending order.
    labels : int64 (N,), classes counted from 0.
    folds : int64 (N,), the fold whose validation part the row is in.
    probabilities : float32 (N, K) of the classes.
    not_a_digit : float32 (N,), the probability of no digit, or None where the recipe teaches none.
    class_names : the name of each of the K classes.
    """

    rows: np.ndarray
    labels: np.ndarray
    folds: np.ndarray
    probabilities: np.ndarray
    not_a_digit: np.ndarray | None
    class_names: tuple[str, ...]

    def to_csv(self) -> str:
        """A row per image: row, label, fold, predicted, confidence, a probability per class, not_a_digit."""
        columns = [*self.probabilities.T]
        names = [f"p{name}" for name in self.class_names]
        if self.not_a_digit is not None:
            columns, names = [*columns, self.not_a_digit], [*names, "not_a_digit"]
        text = io.StringIO(newline="")
        table = csv.writer(text, lineterminator="\n")
        table.writerow(["row", "label", "fold", "predicted", "confidence", *names])
        shares = np.stack([self.probabilities.max(axis=1), *columns], axis=1)
        whole = (self.rows, self.labels, self.folds, self.probabilities.argmax(axis=1))
        for row, label, fold, predicted, found in zip(*(each.tolist() for each in (*whole, shares)), strict=True):
            labels = (self.class_names[label], fold, self.class_names[predicted])
            table.writerow([row, *labels, *(f"{share:.6f}" for share in found)])
        return text.getvalue()


@dataclass(frozen=True)
class CrossValidation:
    """A cross-validation in its folder.

    Attributes
    ----------
    recipes : of the folds, in their order: the same one with another split.
    """

    fits: FitFolder
    recipes: tuple[Recipe, ...]

    @classmethod
    @contextmanager
    def open(cls, folder: Path, recipe: Recipe, data: str, folds: int) -> Iterator[CrossValidation]:
        """Begin, or go on with what is in the folder; the errors are those of `FitFolder.open`."""
        recipes = recipes_of(recipe, folds)
        with FitFolder.open(folder, FOLDS, recipe, data, {"folds": folds}, first=recipes[0]) as fits:
            yield cls(fits, recipes)

    def train(self, workers: Workers) -> Iterator[Fold]:
        """Train all folds, those that were trained before excepted; each as soon as it is done.

        Raises
        ------
        InklingError
            One of them cannot be trained.
        """
        for number, summary in self.fits.fit(self.recipes, workers):
            yield Fold(number, summary)

    def out_of_fold(self) -> OutOfFold:
        """What the folds predict for the rows that they did not learn, once all of them are trained."""
        found = [self._predicted(number, recipe) for number, recipe in enumerate(self.recipes)]
        rows, labels, folds, shares = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.argsort(rows, kind="stable")
        names = self.fits.source.class_names
        probabilities, others = shares[order, : len(names)], shares[order, len(names) :]
        not_a_digit = others[:, 0] if others.size else None
        return OutOfFold(rows[order], labels[order], folds[order], probabilities, not_a_digit, names)

    def _predicted(self, number: int, recipe: Recipe) -> tuple[np.ndarray, ...]:
        """Rows, labels, number of the fold, and probabilities (n, K), or (n, K + 1) with that of no digit."""
        _, parts = prepare(recipe, self.fits.source)
        held_out, model = parts.validation, load(self.fits.task(recipe).folder)
        if held_out is None or held_out.labels is None:
            raise DataError(f"{self.fits.data}: fold {number} holds out no labelled images")
        shares = model.predict_proba(held_out.images)
        if model.knows_non_digits:
            shares = np.column_stack([shares, model.not_a_digit(held_out.images)])
        return held_out.rows, held_out.labels, np.full(len(held_out), number), shares


def recipes_of(recipe: Recipe, folds: int) -> tuple[Recipe, ...]:
    """The recipe of each fold: the same one with another split; UsageError where there are fewer than two."""
    split = dataclasses.replace(recipe.split, validation=0)
    parts = [dataclasses.replace(split, folds=folds, fold=fold) for fold in range(max(folds, 1))]
    return tuple(dataclasses.replace(recipe, split=part) for part in parts)
