"""The hand of one person: pictures in folders named after the digit, or filled-in sheets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from inkling.data import Dataset, load
from inkling.errors import DataError
from inkling.sheet import PICTURE_ENDINGS, read_sheet


def read_hand(places: Sequence[Path]) -> Dataset:
    """The labelled digits of all places, in order: each a picture of a sheet, or a source that `load` takes.

    DataError where one cannot be read, or has no labels.
    """
    parts = [part for place in places for part in _parts(place)]
    for part in parts:
        if part.labels is None:
            raise DataError(f"{part.name}: no labels: put the pictures into folders named after the digit")
    images, labels = (np.concatenate([getattr(part, which) for part in parts]) for which in ("images", "labels"))
    return Dataset(images, labels, ", ".join(place.name for place in places))  # no folder: it is told in the model


def _parts(place: Path) -> list[Dataset]:
    if place.is_file() and place.suffix.lower() in PICTURE_ENDINGS:
        return [read_sheet(place)]
    return list(load(place).parts.values())
