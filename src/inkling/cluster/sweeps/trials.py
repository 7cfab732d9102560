"""A trial of a sweep: the task that trains it, or prunes it, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inkling.cluster.fits import FitTask, fit
from inkling.cluster.sweeps.journal import open_study, writing
from inkling.runs.listing import RunSummary
from inkling.storage import write_atomically

if TYPE_CHECKING:
    import optuna

    from inkling.recipes import Recipe

_PRUNED = "pruned"  # a file in the folder of a trial that was ended, because it was worse than others


@dataclass(frozen=True)
class TrialTask:
    """A training of a sweep.

    Attributes
    ----------
    sweep, number : where Optuna's journal is, and which of its trials this one is, if it may be pruned.
    """

    fit: FitTask
    sweep: Path | None = None
    number: int = 0


@dataclass(frozen=True)
class Trained:
    """What a training came to: the summary of its run; and whether it was pruned, and is not trained to its end."""

    summary: RunSummary
    pruned: bool = False


@dataclass(frozen=True)
class Trial:
    """A trial that is done.

    Attributes
    ----------
    settings : what differs from the recipe of the sweep.
    recipe, folder : None where no recipe can have these settings.
    trained : None where it failed, for the `reason`.
    """

    number: int
    settings: Mapping[str, Any]
    recipe: Recipe | None
    folder: Path | None
    trained: Trained | None
    reason: str = ""

    @property
    def figures(self) -> Mapping[str, float]:
        return {} if self.trained is None else self.trained.summary.figures

    @property
    def state(self) -> str:
        """One of "trained", "pruned" and "failed"."""
        return "failed" if self.trained is None else "pruned" if self.trained.pruned else "trained"


def run_trial(task: TrialTask) -> Trained:
    """Train as `fit` does, and end the training where Optuna's pruner says so."""
    sweep = task.sweep
    if sweep is None:
        return Trained(fit(task.fit))
    with writing(sweep):
        trial = _trial(sweep, task.number)
        known = set(trial.storage.get_trial(trial._trial_id).intermediate_values)
    pruned = False

    def is_worse(epoch: int, accuracy: float) -> bool:
        nonlocal pruned
        with writing(sweep):
            if epoch not in known:  # by another worker, which died
                trial.report(accuracy, epoch)
            pruned = trial.should_prune()
        return pruned

    summary = fit(task.fit, is_worse)
    if pruned and not summary.finished:
        write_atomically(task.fit.folder / _PRUNED, "")
    return Trained(summary, pruned and not summary.finished)


def is_pruned(folder: Path) -> bool:
    """Whether the trial in a folder was pruned, and was not trained to its end later on."""
    return (folder / _PRUNED).is_file()


def _trial(sweep: Path, number: int) -> optuna.Trial:
    import optuna

    study = open_study(sweep)
    return optuna.Trial(study, study.get_trials(deepcopy=False)[number]._trial_id)
