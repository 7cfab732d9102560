"""A folder of independent fits: begun or gone on with, and kept from other processes meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from inkling.cluster import fits
from inkling.cluster.executors import Workers, finished, sentence_of
from inkling.cluster.fits import FitTask
from inkling.data import Source, load
from inkling.errors import DataError, InklingError, MissingExtraError, OutputError, UsageError
from inkling.recipes import Recipe
from inkling.runs.listing import RunSummary
from inkling.runs.preparation import prepare
from inkling.runs.record import lasting
from inkling.storage import locked_folder, remove_leftovers, require_new_folder, write_atomically

_FORMAT = 1
_WORDS = {"data_sha256": "data", "space": "--set"}  # what entries of the record are called in messages


@dataclass(frozen=True)
class Kind:
    """What fits are made for: "a sweep", the name of the record, and of the folder with the run folders."""

    noun: str
    record: str
    runs: str


SWEEP: Final = Kind("a sweep", "sweep.json", "trials")
FOLDS: Final = Kind("a cross-validation", "cv.json", "folds")
MEMBERS: Final = Kind("the members of an ensemble", "ensemble.json", "members")


@dataclass(frozen=True)
class FitFolder:
    """Where fits of recipes on the same data are kept.

    Attributes
    ----------
    data, source : what is trained on.
    """

    folder: Path
    kind: Kind
    data: str
    source: Source

    @classmethod
    @contextmanager
    def open(
        cls, folder: Path, kind: Kind, recipe: Recipe, data: str, settings: Mapping[str, Any], first: Recipe
    ) -> Iterator[FitFolder]:
        """Begin, or go on with what is in the folder, and keep other processes from it meanwhile.

        Parameters
        ----------
        settings : what decides the fits beside recipe and data, ready for JSON.
        first : one of the recipes that will be trained, for a look whether it fits the data.

        Raises
        ------
        UsageError
            The folder holds something else, or was begun with other settings, or the recipe does not fit the data.
        DataError
            There are no such data.
        InUseError
            Another process is working in it.
        OSError
            The system refuses to write there.
        """
        source = load(data)
        prepare(first, source)
        sha256 = source.part("train").sha256
        record = {"format": _FORMAT, "recipe": recipe.to_dict(), "data_sha256": sha256, **settings}
        record = json.loads(json.dumps(record))
        path = folder / kind.record
        if not path.is_file():
            require_new_folder(folder)
        with locked_folder(folder, "working in it"):
            remove_leftovers(folder)
            if path.is_file():
                _require_same(path, record, kind)
            else:
                require_new_folder(folder)
                write_atomically(path, json.dumps(record, indent=2))
            (folder / kind.runs).mkdir(exist_ok=True)
            yield cls(folder, kind, lasting(source.name if data == "auto" else data), source)

    @property
    def runs(self) -> Path:
        """The folder of the run folders."""
        return self.folder / self.kind.runs

    def task(self, recipe: Recipe) -> FitTask:
        return FitTask.of(recipe, self.data, self.source.part("train").sha256, self.runs)

    def fit(self, recipes: Sequence[Recipe], workers: Workers) -> Iterator[tuple[int, RunSummary]]:
        """Train all recipes; the place of each and what came of it, as soon as it is done, earlier ones first.

        Raises
        ------
        InklingError
            One of them cannot be trained.
        """
        tasks = {number: self.task(recipe) for number, recipe in enumerate(recipes)}
        done = {number: summary for number, task in tasks.items() if (summary := fits.finished(task))}
        yield from done.items()
        numbers = {task.folder: number for number, task in tasks.items() if number not in done}
        for task, outcome in finished(workers, fits.fit, [tasks[number] for number in numbers.values()], per_worker=1):
            number = numbers[task.folder]
            if isinstance(outcome, RunSummary):
                yield number, outcome
            elif ends_all(outcome):
                raise outcome
            else:
                raise InklingError(f"training {number + 1} of {len(tasks)}: {sentence_of(outcome)}")


def ends_all(error: Exception) -> bool:
    """Whether what a fit ended with concerns all others as well: it says nothing about the recipe."""
    return isinstance(error, DataError | OutputError | MissingExtraError | OSError)


def _require_same(path: Path, record: Mapping[str, Any], kind: Kind) -> None:
    """UsageError unless the record in a folder is the one that is asked for."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        found = None
    if not isinstance(found, dict) or found.get("format") != _FORMAT:
        raise UsageError(f"{path} is no record of {kind.noun}: give another name with -o")
    names = [_WORDS.get(name, name) for name in record if found.get(name) != record[name]]
    if names:
        others = " and ".join(f"another {name}" if name != "data" else "other data" for name in names)
        raise UsageError(f"{path.parent} holds {kind.noun} with {others}: give another name with -o")
