"""Raw parts become a source: pictures are decoded, labels become classes, and both parts have to agree."""

from __future__ import annotations

import numpy as np

from inkling.classes import DIGITS, are_characters, listed
from inkling.data.dataset import Dataset, Source
from inkling.data.labels import Classes, classes_of
from inkling.data.pictures import Decoded
from inkling.data.raw import RawPart, RawSource
from inkling.data.values import require_size
from inkling.errors import DataError


def assemble(raw: RawSource) -> Source:
    """The source that raw parts make up.

    Raises
    ------
    DataError
        Labels that are in no class, images of two sizes, or pictures that cannot be decoded.
    """
    classes, labels = classes_of(raw)
    characters, normalized = are_characters(classes.names), False
    parts: dict[str, Dataset] = {}
    notes = (*raw.notes, *_notes(raw, classes, characters))
    for name, part in raw.parts.items():
        images, changed, remarks = _images(part, characters)
        normalized |= changed
        notes += remarks
        encoded = classes.encode(labels[name], part.where) if name in labels else None
        called = raw.name if raw.whole else f"{raw.name} {name}"
        require_size(images.shape[1], images.shape[2], called)
        parts[name] = Dataset(images, encoded, called, class_names=classes.names)
    _require_one_size(raw.name, parts)
    return Source(raw.name, parts.get("train"), parts.get("test"), notes, normalized)


def _images(part: RawPart, characters: bool) -> Decoded:
    """Images uint8 (N, H, W), whether any of them was normalised, and what was left out of pictures."""
    if isinstance(part.images, np.ndarray):
        return Decoded(part.images, False, ())
    return part.images.normalized() if characters else part.images.as_they_are()


def _require_one_size(name: str, parts: dict[str, Dataset]) -> None:
    sizes = {part.image_shape for part in parts.values()}
    if len(sizes) > 1:
        found = " and ".join("{}×{}".format(*part.image_shape) + f" in {part.name}" for part in parts.values())
        raise DataError(f"{name}: images of one size were expected, found {found}; bring all of them to one size")


def _notes(raw: RawSource, classes: Classes, characters: bool) -> tuple[str, ...]:
    """Which classes these are, where they are not the digits, and what was done to pictures of them."""
    if classes.names == DIGITS:
        return ()
    encoded = not all(isinstance(part.images, np.ndarray) for part in raw.parts.values())
    named = " named in classes.txt" if raw.class_names is not None else ""
    done = "pictures of single characters are normalised to 28×28" if characters else "pictures are taken as they are"
    return (listed(classes.names) + named + (f"; {done}" if encoded else ""),)
