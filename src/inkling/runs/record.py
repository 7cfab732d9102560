"""The record of a run, `run.json`: what it was started with, and where that lies."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inkling.classes import DIGITS, checked_class_names
from inkling.data import SOURCE_NAMES
from inkling.errors import DataError, UsageError, shortened
from inkling.model import model_file
from inkling.recipes.recipe import Recipe
from inkling.runs.folder import RECIPE, RUN, is_own, mark, read_entries
from inkling.storage import exclusive_lock, write_atomically
from inkling.training.devices import DEVICES

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
    copies_together : as in `split_source`; older runs split rows whatever they show.
    own : whether the run was created in the folder that it was read from (`runs/folder.py`), so that what the record
        names may be opened.
    teacher, start : the model that the run learns from and the one that it starts from, each a path and the SHA-256 of
        the file, or None.
    devices : where the run was trained, one after the other; the last one is where it goes on.
    """

    recipe: Recipe
    data: str
    data_sha256: str
    class_names: tuple[str, ...] | None
    test_data: str | None = None
    teacher: dict[str, str] | None = None
    start: dict[str, str] | None = None
    copies_together: bool = True
    own: bool = True
    devices: tuple[str, ...] = ("cpu",)

    @classmethod
    def read(cls, folder: Path) -> RunRecord:
        """The record in the folder of a run; DataError where there is none, or a damaged one."""
        try:
            entries = read_entries(folder)
            return cls(
                Recipe.from_dict(entries["recipe"]),
                _text(entries["data"]),
                _hash(entries["data_sha256"]),
                checked_class_names(entries["class_names"] or DIGITS) if "class_names" in entries else None,
                entries["test_data"] and _text(entries["test_data"]),
                _file(entries.get("teacher"), folder, "teacher"),
                _file(entries.get("start"), folder, "model to start from"),
                bool(entries.get("copies_together")),
                is_own(folder, entries),
                _devices(entries.get("devices", ["cpu"])),
            )
        except DataError:
            raise
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
            "copies_together": self.copies_together,
            "devices": self.devices,
            "mark": mark(folder),
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
        DataError
            The record names a path that has not been named anew, and the run was created in another folder.
        """
        places: dict[str, Any] = {"own": True}
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
        for name in OPTIONS:
            if moved.get(name) is None:
                self.require_own(folder, name)
        return dataclasses.replace(self, **places)

    def require_own(self, folder: Path, name: str) -> None:
        """DataError where an entry is a path, or the file of a model, and the run was created in another folder."""
        entry = getattr(self, name)
        if self.own or entry is None or entry in SOURCE_NAMES:
            return
        place = entry.get("path", "") if isinstance(entry, dict) else entry
        raise DataError(
            f"{folder} was copied, or made elsewhere, and names {shortened(str(place))}: a path in "
            f"such a folder is not opened unless it is given: say with {OPTIONS[name]} where the file is"
        )

    def remember(self, folder: Path) -> None:
        """Replace the record of a run that nobody trains at this moment."""
        with exclusive_lock(folder / RUN, "training it"):
            self.write(folder)


def lasting(data: str) -> str:
    """The name of a source, or its path from the root, so that a run can be resumed from any folder."""
    return data if data in SOURCE_NAMES else str(Path(data).expanduser().resolve())


def _text(entry: Any) -> str:
    if not isinstance(entry, str):
        raise TypeError(f"a text was expected, not {entry!r}")
    return entry


def _file(entry: Any, folder: Path, role: str) -> dict[str, str] | None:
    """The path and the hash of a model's file, or None; DataError where they are not."""
    try:
        return None if entry is None else {"path": _text(entry["path"]), "sha256": _hash(entry["sha256"])}
    except (KeyError, TypeError, ValueError):
        problem = f"the record of its {role} is damaged; expected path and sha256"
        raise DataError(f"{folder} holds no run to resume: {problem}") from None


def _devices(entry: Any) -> tuple[str, ...]:
    if not (isinstance(entry, list) and entry and all(name in DEVICES for name in entry)):
        raise ValueError(f"a list of devices was expected, not {entry!r}")
    return tuple(entry)


def _hash(entry: Any) -> str:
    if not set(_text(entry)) <= set("0123456789abcdef"):
        raise ValueError("hex digits were expected")
    return str(entry)
