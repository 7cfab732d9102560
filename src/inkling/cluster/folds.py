"""Cross-validation: a recipe is trained once per fold, each time validated on rows that this training did not see."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inkling.cluster.executors import Workers, finished
from inkling.cluster.sweeps.trial import Trained, TrialTask, folder_of, run_trial
from inkling.data import load
from inkling.recipes import Recipe
from inkling.runs.listing import RunSummary
from inkling.runs.preparation import prepare


@dataclass(frozen=True)
class Fold:
    """A fold that was trained."""

    number: int
    run: RunSummary


def recipes_of(recipe: Recipe, folds: int) -> list[Recipe]:
    """The recipe of each fold: the same one with another split; UsageError where there are fewer than two."""
    split = dataclasses.replace(recipe.split, validation=0)
    parts = [dataclasses.replace(split, folds=folds, fold=fold) for fold in range(max(folds, 1))]
    return [dataclasses.replace(recipe, split=part) for part in parts]


def cross_validate(recipe: Recipe, data: str, folds: int, folder: Path, workers: Workers) -> Iterator[Fold]:
    """Train all folds, those that were trained before excepted; each as soon as it is done.

    Parameters
    ----------
    folder : where the runs go, each into a folder of its own: the same recipe, folds and data are the same runs.

    Raises
    ------
    UsageError, DataError
        The recipe does not fit the data, or there are none.
    """
    recipes = recipes_of(recipe, folds)
    prepare(recipes[0], load(data))
    tasks = [TrialTask(each, data, folder_of(each, data, folder)) for each in recipes]
    numbers = {task.folder: number for number, task in enumerate(tasks)}
    for task, outcome in finished(workers, run_trial, tasks, per_worker=1):
        if not isinstance(outcome, Trained):
            raise outcome
        yield Fold(numbers[task.folder], outcome.summary)
