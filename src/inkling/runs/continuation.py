"""Further training: the recipe and the data of a model that a new run starts from, where no others are named."""

from __future__ import annotations

from pathlib import Path

from inkling.errors import DataError, UsageError
from inkling.model import load
from inkling.recipes.recipe import Recipe
from inkling.recipes.recipe_file import load_recipe
from inkling.runs.folder import RUN
from inkling.runs.record import RunRecord


def recipe_of(name: str | None, start: Path | None, default: str) -> Recipe:
    """The recipe of this name, or that of the model that training starts from, or the one named by `default`.

    Raises
    ------
    DataError
        There is no such model.
    UsageError
        There is no such recipe, or the model does not tell how it was trained.
    """
    if name is not None or start is None:
        return load_recipe(name or default)
    entries = load(start.expanduser()).metadata.get("recipe")
    if not isinstance(entries, dict):
        raise UsageError(f"{start}: this model does not tell its recipe: name one with --recipe")
    try:
        return Recipe.from_dict(entries)
    except UsageError as error:
        raise UsageError(f"{start}: {error}; name another recipe with --recipe") from None


def data_of(start: Path | None) -> str:
    """The data of the run whose folder training starts from, else "auto". A mere model file decides no data."""
    if start is None or not (start.expanduser() / RUN).is_file():
        return "auto"
    try:
        record = RunRecord.read(start.expanduser())
    except DataError:
        raise DataError(f"{start / RUN}: damaged, so that its data are unknown: name them with --data") from None
    record.require_own(start, "data")
    return record.data
