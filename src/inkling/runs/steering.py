"""Steering: a run whose learning rate is changed between two epochs, with recipe and record that tell so."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from inkling.errors import UsageError
from inkling.optim import ChangedLR, ConstantLR, Schedule
from inkling.recipes import Recipe
from inkling.runs.folder import RECIPE, RUN
from inkling.runs.record import RunRecord
from inkling.runs.run import Run
from inkling.storage import exclusive_lock, write_atomically


def change_rate(run: Run, lr: float) -> None:
    """Have the run go on with this learning rate, constant from the next epoch on.

    Its recipe then says in which epoch the rate was changed (`ChangedLR`), so that a training with this recipe from the
    beginning has the same bits. Nobody trains the run at this moment.

    Raises
    ------
    UsageError
        The rate is no number above 0, or the run is done.
    InklingError
        The state is in the middle of an epoch, or another process trains the run.
    """
    if run.done:
        raise UsageError(f"{run.folder} is finished: train further with a new run, inkling train --from {run.folder}")
    run.state.require_whole()
    recipe = dataclasses.replace(run.recipe, schedule=changed(run.recipe.schedule, lr, run.state.epoch))
    _replace_recipe(run.folder, recipe)
    run.recipe = recipe


def changed(schedule: Schedule, lr: float, epoch: int) -> Schedule:
    """The schedule that switches to `lr` after `epoch` epochs.

    Earlier changes at the same or a later epoch are dropped, because they never took effect.
    """
    while isinstance(schedule, ChangedLR) and schedule.epoch >= epoch:
        schedule = schedule.before
    return ChangedLR(lr, schedule, epoch) if epoch else ConstantLR(lr)


def _replace_recipe(folder: Path, recipe: Recipe) -> None:
    """Write the recipe, and the record.

    The record holds the recipe too, and the time at which the recipe file last changed.
    """
    record = RunRecord.read(folder)
    with exclusive_lock(folder / RUN, "training it"):
        write_atomically(folder / RECIPE, recipe.to_toml())
        dataclasses.replace(record, recipe=recipe).write(folder)
