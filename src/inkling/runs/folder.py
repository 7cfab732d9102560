"""The folder of a run: the names of its files, its record, and whose it is.

A run folder may come from a stranger, as a model file may. The source, the test source and the teacher that its record
names are opened without being asked for only in the folder where the run was created: there the time at which
`recipe.toml` last changed is the one in the record. No archive and no copy carries it along.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inkling.classifier import Classifier
from inkling.data import SOURCE_NAMES
from inkling.ensembles import members
from inkling.errors import DataError, UsageError, shortened
from inkling.model import RUN_RECORD

RECIPE = "recipe.toml"
RUN = RUN_RECORD
HISTORY = "history.jsonl"
MOST_BYTES = 2**22  # of the record


def mark(folder: Path) -> str:
    """What the record of a run keeps to tell the folder where it was created from any copy of it."""
    return str((folder / RECIPE).stat().st_ctime_ns)


def read_entries(folder: Path) -> Any:
    """What `run.json` holds; ValueError where it is no file, or a longer one than a run writes."""
    path = folder / RUN
    if not path.is_file() or path.stat().st_size > MOST_BYTES:
        raise ValueError(f"{path} is no record of a run")
    return json.loads(path.read_text(encoding="utf-8"))


def is_own(folder: Path, entries: Mapping[str, Any]) -> bool:
    """Whether a run with these entries in its record was created in this folder."""
    try:
        return bool(entries.get("mark") == mark(folder))
    except OSError:
        return False


def training_source(path: Path, model: Classifier) -> str:
    """The source that a model was trained on, from the run folder that it lies in or else from its metadata.

    Raises
    ------
    UsageError
        The members of an ensemble were trained on several sources.
    DataError
        The source is a path, and the run was not created in this folder: no file decides what is opened.
    """
    folder = path if path.is_dir() else path.parent
    try:
        if "members" not in model.metadata:  # an ensemble may lie in a run folder, but was not trained there
            entries = read_entries(folder)
            if is_own(folder, entries):
                return str(entries["data"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    sources = dict.fromkeys(str(each.get("data", {}).get("source", "auto")) for each in members(model.metadata))
    names = [shortened(source) for source in sources]
    if len(names) > 1:
        shown = f"{', '.join(names[:5])}{', …' if len(names) > 5 else ''}" if len(names) > 2 else " and ".join(names)
        raise UsageError(f"{path}: its members were trained on {shown}: say with --data what to take")
    source = next(iter(sources))
    if source not in SOURCE_NAMES:
        raise DataError(
            f"{path} was trained on images called {names[0]}, and a model's file does not decide what is opened: say "
            "with --data what to evaluate it on"
        )
    return source
