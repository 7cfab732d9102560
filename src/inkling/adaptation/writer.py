"""The handwriting of one writer: pictures in folders named after the digit, or filled-in sheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inkling.classes import require_digits
from inkling.data import Dataset, load
from inkling.errors import DataError, printable
from inkling.sheet import PICTURE_ENDINGS, read_sheet


@dataclass(frozen=True, eq=False)
class Handwriting(Dataset):
    """The labelled digits of one writer.

    Attributes
    ----------
    places : the digits of each place that they came from, by whose hashes the model's file remembers them.
    """

    places: tuple[Dataset, ...] = ()


def read_handwriting(places: Sequence[Path], tell: Callable[[str], object] | None = None) -> Handwriting:
    """The labelled digits of all places, in their order.

    Parameters
    ----------
    places : pictures of sheets, and sources that `load` takes, such as folders.
    tell : is called with each note on the sources, such as which pictures were left out.

    Raises
    ------
    DataError
        A place cannot be read, or has no labels.
    UsageError
        A place holds other classes than the digits.
    """
    parts = [part for place in places for part in _parts(place, tell)]
    for part in parts:
        if part.labels is None:
            raise DataError(f"{part.name}: no labels: put the pictures into folders named after the digit")
        require_digits(part.class_names, f"{part.name}: adapting takes pictures")
    images, labels = (np.concatenate([getattr(part, which) for part in parts]) for which in ("images", "labels"))
    name = ", ".join(place.name for place in places)  # without folders, because the name goes into the model file
    return Handwriting(images, labels, name, places=tuple(parts))


def _parts(place: Path, tell: Callable[[str], object] | None) -> list[Dataset]:
    if place.is_file() and place.suffix.lower() in PICTURE_ENDINGS:
        return [read_sheet(place)]
    source = load(place)
    if tell is not None:
        for note in source.notes:
            tell(f"{printable(place)}: {note}")
    return list(source.parts.values())
