"""The task of a trial: a recipe is trained in the folder of its hash, or trained on there, or was trained already."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from inkling.cluster.sweeps.journal import open_study
from inkling.recipes import Recipe
from inkling.runs.folder import RUN
from inkling.runs.listing import RunSummary
from inkling.runs.run import Run

if TYPE_CHECKING:
    import optuna


@dataclass(frozen=True)
class TrialTask:
    """A training of a sweep.

    Attributes
    ----------
    folder : of its run.
    sweep, number : where Optuna's journal is, and which of its trials this one is, if it may be pruned.
    """

    recipe: Recipe
    data: str
    folder: Path
    sweep: Path | None = None
    number: int = 0


@dataclass(frozen=True)
class Trained:
    """What a trial came to: the summary of its run; and whether it was pruned, and is not trained to its end."""

    summary: RunSummary
    pruned: bool = False


def folder_of(recipe: Recipe, data: str, folder: Path) -> Path:
    """The folder of a trial: the same recipe with the same seed on the same data is the same run."""
    return folder / hashlib.sha256(f"{recipe.to_toml()}\n{data}".encode()).hexdigest()[:16]


def run_trial(task: TrialTask) -> Trained:
    """Train, on one core; an InklingError of a training is that of the trial."""
    training = _run_of(task).train(workers=1)
    trial = None if task.sweep is None else _trial(task.sweep, task.number)
    for report in training:
        if trial is not None and report.validation_accuracy is not None:
            trial.report(report.validation_accuracy, report.epoch)
            if trial.should_prune():
                training.close()
                return Trained(RunSummary.of(task.folder), pruned=True)
    return Trained(RunSummary.of(task.folder))


def _run_of(task: TrialTask) -> Run:
    """The run in the folder of the trial, a new one where there is nothing to go on from."""
    if (task.folder / RUN).is_file():
        return Run.resume(task.folder)
    for leftover in task.folder.iterdir() if task.folder.is_dir() else ():  # of one that was killed while it began
        leftover.unlink()
    return Run.create(task.folder, task.recipe, task.data)


def _trial(sweep: Path, number: int) -> optuna.Trial:
    import optuna

    study = open_study(sweep)
    return optuna.Trial(study, study.get_trials(deepcopy=False)[number]._trial_id)
