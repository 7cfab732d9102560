"""Watching: the run of a folder as its files tell it now, while another process may train it. Nothing is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from inkling.errors import DataError
from inkling.metadata import COUNT, NUMBER
from inkling.runs.checkpoint import load_checkpoint
from inkling.runs.folder import HISTORY
from inkling.runs.ingredients import Ingredients
from inkling.runs.record import RunRecord
from inkling.runs.run import Run

MOST_BYTES = 2**26  # of a history


def watched(folder: Path) -> Run:
    """The run at its latest checkpoint; it is not to be trained.

    DataError where there is no run, its data are gone or changed, or it was made in another folder and names a path.
    """
    record = RunRecord.read(folder).moved(folder, {})
    state = load_checkpoint(folder, record.recipe)
    taken = Ingredients.again(record, folder)
    return Run.prepared(folder, record.recipe, taken, state if state.epoch else None, record.copies_together)


def read_history(folder: Path) -> list[dict[str, Any]]:
    """The reports of the epochs so far, which may be ahead of the checkpoint; a line being written is left out."""
    path = folder / HISTORY
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DataError(f"{path}: longer than the history of any run")
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        records = [json.loads(line) for line in lines if line.endswith("\n")]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, RecursionError):
        raise DataError(f"{path}: not the history of a run") from None
    if not all(isinstance(each, dict) and COUNT.fits(each.get("epoch")) for each in records):
        raise DataError(f"{path}: not the history of a run")
    if not all(NUMBER.fits(value) for each in records for value in each.values()):
        raise DataError(f"{path}: not the history of a run")
    return records
