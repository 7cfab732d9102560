"""A run: the training of a recipe on data, with a folder for its results, from which it can be resumed.

runs/<time>-<recipe>/
    recipe.toml                       the recipe as used
    run.json                          the source of the data, the names of its classes, teacher, start and device
    history.jsonl                     one record per epoch
    checkpoint.safetensors            the latest training state that was saved
    checkpoint.previous.safetensors   the training state saved before it
    model.safetensors                 the model, when training is done
"""

from __future__ import annotations

import dataclasses
import errno
import json
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inkling.data import Dataset, Parts, Source
from inkling.errors import InklingError, UsageError
from inkling.model import FILE_NAME, Model
from inkling.provenance import require_no_overlap
from inkling.recipes.recipe import Recipe
from inkling.recipes.recipe_file import load_recipe
from inkling.recipes.training_set import training_set
from inkling.runs.checkpoint import load_checkpoint, save_checkpoint
from inkling.runs.fitting import trained_model
from inkling.runs.folder import HISTORY, RECIPE, RUN
from inkling.runs.ingredients import Ingredients
from inkling.runs.model_file import ModelFile
from inkling.runs.preparation import prepare
from inkling.runs.record import RunRecord, lasting
from inkling.storage import blaming, exclusive_lock, remove_leftovers, require_new_folder, write_atomically
from inkling.training.devices import device_for
from inkling.training.executor import Executor, WorkersLost
from inkling.training.loop import EpochReport, train
from inkling.training.state import TrainingState

# The least time between two checkpoints. A killed run loses at most the training of this time and one epoch.
CHECKPOINT_SECONDS = 5.0
DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass
class Run:
    """A training in a folder. `Run.create` starts one, `Run.resume` continues one; iterate `train()` either way."""

    folder: Path
    recipe: Recipe
    source: Source
    parts: Parts
    curve: Dataset | None
    state: TrainingState
    teacher: ModelFile | None = None
    start: ModelFile | None = None
    notes: tuple[str, ...] = ()  # what is to be said about the sources
    devices: tuple[str, ...] = ("cpu",)  # where it was trained; it goes on on the last one

    @classmethod
    def create(
        cls,
        folder: Path,
        recipe: Recipe,
        data: str = "auto",
        test_data: str | None = None,
        teacher: Path | None = None,
        start: Path | None = None,
        *,
        device: str = "cpu",
        allow_overlap: bool = False,
    ) -> Run:
        """A new run in a new or empty folder; nothing is ever overwritten.

        Parameters
        ----------
        data : the source to train on; the recipe's split is held out of it.
        test_data : a source whose loss is measured after each epoch.
        teacher : the file of a model whose answers are learnt in place of the labels.
        start : the file of a model whose parameters training starts from.
        device : where to train, as in `inkling.training.train`.
        allow_overlap : take images to test on that are among those to train on, which is a UsageError otherwise.
        """
        device_for(device, recipe)
        go_on = f", or go on with --resume {folder}"
        require_new_folder(folder, go_on)
        taken = Ingredients.read(data, test_data, teacher, start)
        run = cls.prepared(folder, recipe, taken)
        if run.curve is not None and not allow_overlap:
            require_no_overlap(run.parts.training, run.curve)
        run.devices = (device,)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            (folder / RECIPE).touch(exist_ok=False)  # only one of two runs with the same folder gets further
        except FileExistsError:
            require_new_folder(folder, go_on)
        write_atomically(folder / RECIPE, run.recipe.to_toml())
        RunRecord(
            run.recipe,
            lasting(taken.source.name if data == "auto" else data),
            run.parts.sha256,
            taken.source.class_names,
            test_data and lasting(test_data),
            teacher=None if taken.teacher is None else taken.teacher.to_dict(),
            start=None if taken.start is None else taken.start.to_dict(),
            devices=run.devices,
        ).write(folder)  # from here on it can be resumed
        return run

    @classmethod
    def resume(cls, folder: Path, device: str | None = None, **moved: str | Path | None) -> Run:
        """The run of a folder at its latest checkpoint; DataError where folder or data are not what they were.

        The class names are not compared where `run.json` has no entry for them, as in older folders.

        Parameters
        ----------
        device : where to go on, by default where the run was trained last. On another device the last bits differ from
            those of a run that nobody interrupted; the model tells of both devices.
        moved : `data`, `test_data`, `teacher` and `start` say where these lie now, if no longer where they were. The
            folder remembers it.
        """
        started = RunRecord.read(folder)
        record = started.moved(folder, moved)
        remove_leftovers(folder)
        recipe = load_recipe(folder / RECIPE)
        if recipe != record.recipe:
            raise UsageError(f"{folder / RECIPE} was changed since the run was started: train anew with it instead")
        state = load_checkpoint(folder, recipe)
        if device not in (None, record.devices[-1]):
            device_for(device, recipe)
            record = dataclasses.replace(record, devices=(*(record.devices if state.epoch else ()), device))
        run = cls.prepared(
            folder, recipe, Ingredients.again(record, folder), state if state.epoch else None, record.copies_together
        )
        run.devices = record.devices
        if record != started:
            record.remember(folder)
        return run

    @classmethod
    def prepared(
        cls,
        folder: Path,
        recipe: Recipe,
        taken: Ingredients,
        state: TrainingState | None = None,
        copies_together: bool = True,
    ) -> Run:
        """The run when all that takes part is checked; by default at its beginning."""
        answers, beginning = (None if each is None else each.model for each in (taken.teacher, taken.start))
        recipe, parts = prepare(recipe, taken.source, answers, taken.curve, beginning, copies_together)
        if state is None:
            state = TrainingState.start(recipe, None if beginning is None else beginning.params)
        return cls(folder, recipe, taken.source, parts, taken.curve, state, taken.teacher, taken.start, taken.notes)

    @property
    def done(self) -> bool:
        return (self.folder / FILE_NAME).exists()

    def train(self, workers: int | Executor | None = None) -> Generator[EpochReport, None, None]:
        """Train to the end, with one report per epoch, and write history and checkpoints; then write the model.

        A run that is done stays as it is. InklingError where the system refuses something, such as room on the disk;
        the last good checkpoint is still there then. `workers` are those of `inkling.training.train`.
        """
        if self.done:
            return
        try:
            with exclusive_lock(self.folder / RUN, "training it"):
                yield from self._train(workers)
        except WorkersLost as error:
            raise WorkersLost(
                f"{error}; the last good checkpoint is kept; to go on: inkling train --resume {self.folder}"
            ) from error
        except OSError as error:
            problem = error.strerror or str(error) or type(error).__name__
            where = "" if error.filename is None else f"{error.filename}: "
            remedy = ": make room, then" if error.errno in DISK_IS_FULL else "; to go on:"
            raise InklingError(
                f"{where}{problem}; the last good checkpoint is kept{remedy} inkling train --resume {self.folder}"
            ) from error

    def _train(self, workers: int | Executor | None) -> Generator[EpochReport, None, None]:
        self._write_history()
        saved, saved_epoch = time.monotonic(), self.state.epoch
        try:
            for report in train(
                *(self.recipe, training_set(self.recipe, self.parts.training), self.parts.validation, self.state),
                test=self.curve,
                workers=workers,
                teacher=None if self.teacher is None else self.teacher.model,
                device=self.devices[-1],
            ):
                self._write_history(report)
                if time.monotonic() - saved >= CHECKPOINT_SECONDS:
                    save_checkpoint(self.folder, self.state)
                    saved, saved_epoch = time.monotonic(), self.state.epoch
                yield report
        except (KeyboardInterrupt, GeneratorExit):
            self.state.undo_epoch()
            if self.state.epoch > saved_epoch:
                save_checkpoint(self.folder, self.state)
            raise
        save_checkpoint(self.folder, self.state)
        self.model().save(self.folder / FILE_NAME)

    def model(self) -> Model:
        """The model of the epoch that the recipe keeps, with metadata on its making and no clock time."""
        learnt_from = {"teacher": self.teacher, "start": self.start}
        return trained_model(self.recipe, self.state, self.parts, self.source.name, learnt_from, self.devices)

    def _write_history(self, report: EpochReport | None = None) -> None:
        """Append the report. Without one, write the state's history anew: that of a killed run may be ahead of it."""
        path = self.folder / HISTORY
        if report is None:
            write_atomically(path, "".join(_line(record) for record in self.state.history))
        else:
            with blaming(path), path.open("a", encoding="utf-8") as file:
                file.write(_line(report.to_dict()))


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record) + "\n"
