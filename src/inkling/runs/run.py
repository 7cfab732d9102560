"""A run: the training of a recipe on data, with a folder for its results, from which it can be resumed.

runs/<time>-<recipe>/
    recipe.toml                       the recipe as used
    run.json                          the source of the data, the names of its classes, and the teacher
    history.jsonl                     one record per epoch
    checkpoint.safetensors            the latest training state that was saved
    checkpoint.previous.safetensors   the training state saved before it
    model.safetensors                 the model, when training is done
"""

from __future__ import annotations

import errno
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inkling.classes import DIGITS
from inkling.data import SOURCE_NAMES, Dataset, Parts, Source, load
from inkling.errors import DataError, InklingError, UsageError
from inkling.model import FILE_NAME, Model
from inkling.recipes.recipe import Recipe
from inkling.recipes.recipe_file import load_recipe
from inkling.recipes.training_set import training_set
from inkling.runs.checkpoint import load_checkpoint, save_checkpoint
from inkling.runs.fitting import trained_model
from inkling.runs.folder import HISTORY, RECIPE, RUN, mark
from inkling.runs.preparation import prepare, require_same_data
from inkling.runs.teacher import Teacher
from inkling.storage import blaming, exclusive_lock, remove_leftovers, write_atomically
from inkling.training.executor import Executor
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
    teacher: Teacher | None = None

    @classmethod
    def create(
        cls,
        folder: Path,
        recipe: Recipe,
        data: str = "auto",
        test_data: str | None = None,
        teacher: Path | None = None,
    ) -> Run:
        """A new run in a new or empty folder; nothing is ever overwritten."""
        taken = UsageError(f"{folder} is no new or empty folder: give another with -o, or go on with --resume {folder}")
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise taken
        taught_by = None if teacher is None else Teacher.read(teacher)
        source, curve = load(data), _test_part(test_data)
        recipe, parts = prepare(recipe, source, None if taught_by is None else taught_by.model, curve)
        run = cls(folder, recipe, source, parts, curve, TrainingState.start(recipe), taught_by)
        folder.mkdir(parents=True, exist_ok=True)
        metadata = {
            "data": _lasting(source.name if data == "auto" else data),
            "test_data": test_data and _lasting(test_data),
            "data_sha256": run.parts.sha256,
            "class_names": None if source.class_names == DIGITS else source.class_names,
            "teacher": taught_by and taught_by.to_dict(),
            "recipe": recipe.to_dict(),
            "copies_together": True,
        }
        try:
            (folder / RECIPE).touch(exist_ok=False)  # only one of two runs with the same folder gets further
        except FileExistsError:
            raise taken from None
        write_atomically(folder / RECIPE, recipe.to_toml())
        metadata["mark"] = mark(folder)
        write_atomically(folder / RUN, json.dumps(metadata, indent=2) + "\n")  # from here on it can be resumed
        return run

    @classmethod
    def resume(cls, folder: Path) -> Run:
        """The run of a folder at its latest checkpoint; DataError where folder or data are not what they were.

        The class names are not compared where `run.json` has no entry for them, as in older folders.
        """
        try:
            metadata = json.loads((folder / RUN).read_text(encoding="utf-8"))
            data, test_data, sha256 = metadata["data"], metadata["test_data"], metadata["data_sha256"]
            started_with = Recipe.from_dict(metadata["recipe"])
            class_names = tuple(metadata["class_names"] or DIGITS) if "class_names" in metadata else None
        except (OSError, ValueError, KeyError, TypeError):
            raise DataError(f"{folder} holds no run to resume: expected {RECIPE} and {RUN} in it") from None
        remove_leftovers(folder)
        recipe = load_recipe(folder / RECIPE)
        if recipe != started_with:
            raise UsageError(f"{folder / RECIPE} was changed since the run was started: train anew with it instead")
        state = load_checkpoint(folder, recipe)
        source, record = load(data), metadata.get("teacher")
        require_same_data(folder, data, source, sha256, class_names)
        teacher, curve = Teacher.again(record, folder) if record else None, _test_part(test_data)
        together = bool(metadata.get("copies_together"))  # older runs split rows whatever they show
        recipe, parts = prepare(recipe, source, None if teacher is None else teacher.model, curve, together)
        return cls(folder, recipe, source, parts, curve, state, teacher)

    @property
    def done(self) -> bool:
        return (self.folder / FILE_NAME).exists()

    def train(self, workers: int | Executor | None = None) -> Iterator[EpochReport]:
        """Train to the end, with one report per epoch, and write history and checkpoints; then write the model.

        A run that is done stays as it is. InklingError where the system refuses something, such as room on the disk;
        the last good checkpoint is still there then. `workers` are those of `inkling.training.train`.
        """
        if self.done:
            return
        try:
            with exclusive_lock(self.folder / RUN):
                yield from self._train(workers)
        except OSError as error:
            problem = error.strerror or str(error) or type(error).__name__
            where = "" if error.filename is None else f"{error.filename}: "
            remedy = ": make room, then" if error.errno in DISK_IS_FULL else "; to go on:"
            raise InklingError(
                f"{where}{problem}; the last good checkpoint is kept{remedy} inkling train --resume {self.folder}"
            ) from error

    def _train(self, workers: int | Executor | None) -> Iterator[EpochReport]:
        self._write_history()
        saved, saved_epoch = time.monotonic(), self.state.epoch
        try:
            for report in train(
                *(self.recipe, training_set(self.recipe, self.parts.training), self.parts.validation, self.state),
                test=self.curve,
                workers=workers,
                teacher=None if self.teacher is None else self.teacher.model,
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
        teacher = None if self.teacher is None else self.teacher.provenance
        return trained_model(self.recipe, self.state, self.parts, self.source.name, teacher)

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


def _lasting(data: str) -> str:
    """The name of a source, or its path from the root, so that a run can be resumed from any folder."""
    return data if data in SOURCE_NAMES else str(Path(data).expanduser().resolve())


def _test_part(name: str | None) -> Dataset | None:
    if name is None:
        return None
    source = load(name)
    part = source.train if source.labelled_test is None else source.labelled_test
    if part is None or part.labels is None:
        raise DataError(f"{name}: no labelled images to draw a test curve from")
    return part
