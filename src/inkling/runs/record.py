"""The record of a run, `run.json`: what it was started with, and where that lies."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inkling.classes import DIGITS
from inkling.data import SOURCE_NAMES
from inkling.errors import DataError, UsageError
from inkling.model import model_file
from inkling.recipes.recipe import Recipe
from inkling.runs.folder import RECIPE, RUN
from inkling.storage import exclusive_lock, write_atomically

# The options of `inkling train` that name what lies outside the folder of a run, by the entry of the record.
OPTIONS = {"data": "--data", "test_data": "--test", "teacher": "--teacher", "start": "--from"}


@dataclass(frozen=True)
class RunRecord:
    """What a run was started with.

    Attributes
    ----------
    recipe : the recipe, its network fitted to the data.
    data : the name of the source, or its path from the root.
    data_sha256 : the hash of its labelled images.
    class_names : of the data; None in the records of older runs, which do not tell.
    test_data : like `data`, of the images for the test curve, or None.
    teacher, start : the model that the run learns from and the one that it starts from, each a path and the SHA-256 of
        the file, or None.
    """

    recipe: Recipe
    data: str
    data_sha256: str
    class_names: tuple[str, ...] | None
    test_data: str | None = None
    teacher: dict[str, str] | None = None
    start: dict[str, str] | None = None

    @classmethod
    def read(cls, folder: Path) -> RunRecord:
        """The record in the folder of a run; DataError where there is none, or a damaged one."""
        try:
            if not (folder / RUN).is_file():  # a named pipe would be waited for
                raise FileNotFoundError
            entries = json.loads((folder / RUN).read_text(encoding="utf-8"))
            return cls(
                Recipe.from_dict(entries["recipe"]),
                _text(entries["data"]),
                _text(entries["data_sha256"]),
                tuple(entries["class_names"] or DIGITS) if "class_names" in entries else None,
                entries["test_data"] and _text(entries["test_data"]),
                entries.get("teacher"),
                entries.get("start"),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise DataError(f"{folder} holds no run to resume: expected {RECIPE} and {RUN} in it") from None

    def write(self, folder: Path) -> None:
        """Write or replace the record of the run."""
        entries: dict[str, Any] = {
            "data": self.data,
            "test_data": self.test_data,
            "data_sha256": self.data_sha256,
            "class_names": None if self.class_names == DIGITS else self.class_names,
            "teacher": self.teacher,
            "start": self.start,
            "recipe": self.recipe.to_dict(),
        }
        if self.class_names is None:
            del entries["class_names"]
        write_atomically(folder / RUN, json.dumps(entries, indent=2) + "\n")

    def moved(self, folder: Path, moved: Mapping[str, str | Path | None]) -> RunRecord:
        """The same record where some of what the run was started with lies elsewhere now.

        Parameters
        ----------
        moved : where `data`, `test_data`, `teacher` and `start` lie now; None for what has stayed.

        Raises
        ------
        UsageError
            The run has no such model or test data.
        """
        places: dict[str, Any] = {}
        for name, place in moved.items():
            if place is None:
                continue
            if (known := getattr(self, name)) is None:
                raise UsageError(f"{folder} was started without {OPTIONS[name]}, and goes on without: leave it out")
            if isinstance(place, Path):
                path = str(model_file(place.expanduser()).resolve())
                places[name] = {**known, "path": path} if isinstance(known, dict) else known
            else:
                places[name] = lasting(place)
        return dataclasses.replace(self, **places)

    def remember(self, folder: Path) -> None:
        """Replace the record of a run that nobody trains at this moment."""
        with exclusive_lock(folder / RUN):
            self.write(folder)


def lasting(data: str) -> str:
    """The name of a source, or its path from the root, so that a run can be resumed from any folder."""
    return data if data in SOURCE_NAMES else str(Path(data).expanduser().resolve())


def _text(entry: Any) -> str:
    if not isinstance(entry, str):
        raise TypeError(f"a text was expected, not {entry!r}")
    return entry
