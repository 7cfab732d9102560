"""A free folder: where a new run goes that nobody has named a folder for."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from inkling.errors import UsageError
from inkling.recipes import Recipe
from inkling.runs.run import Run


def create_in_a_free_folder(runs: Path, recipe: Recipe, *settings: Any, **options: Any) -> Run:
    """A run in RUNS/TIME-RECIPE, or in the first of RUNS/TIME-RECIPE-2, -3, … that is free.

    `settings` and `options` are the other arguments of `Run.create`.
    """
    for folder in _numbered(runs / f"{datetime.datetime.now():%Y%m%d-%H%M%S}-{recipe.name}"):
        if folder.exists():
            continue
        try:
            return Run.create(folder, recipe, *settings, **options)
        except UsageError:
            if not folder.exists():  # otherwise another run took this folder a moment ago: try the next one
                raise
    raise AssertionError("there are infinitely many names")


def _numbered(folder: Path) -> Iterator[Path]:
    """FOLDER, FOLDER-2, FOLDER-3, …"""
    yield folder
    yield from (folder.with_name(f"{folder.name}-{n}") for n in itertools.count(2))
