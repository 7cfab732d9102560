"""Raw parts become a source: pictures are decoded, labels become classes, and both parts have to agree."""

from __future__ import annotations

import numpy as np

from inkling.classes import DIGITS, are_characters, listed
from inkling.data.class_counts import without_images
from inkling.data.dataset import Dataset, Source
from inkling.data.labels import Classes, classes_of
from inkling.data.mnist_form import unlike_mnist
from inkling.data.pictures import Decoded
from inkling.data.raw import RawPart, RawSource
from inkling.data.square_digits import digits_of_squares
from inkling.data.values import grey_levels, require_size
from inkling.errors import DataError
from inkling.ink.normalization import DIGIT_SHAPE


def assemble(raw: RawSource) -> Source:
    """The source that raw parts make up.

    Raises
    ------
    DataError
        Labels that are in no class, images of two sizes, or pictures that cannot be decoded.
    """
    classes, labels = classes_of(raw)
    normalized, notes = False, [*raw.notes, *_notes(raw, classes)]
    known = bool(labels) or classes.names != DIGITS
    parts: dict[str, Dataset] = {}
    for name, part in raw.parts.items():
        images, changed, found = _images(part, classes.names, known)
        normalized |= changed
        notes += [note for note in (*part.notes, *found) if note not in notes]
        encoded = classes.encode(labels[name], part.where) if name in labels else None
        called = raw.name if raw.whole else f"{raw.name} {name}"
        require_size(images.shape[1], images.shape[2], called)
        parts[name] = Dataset(images, encoded, called, class_names=classes.names)
    _require_one_size(raw.name, parts)
    notes += [note for part in parts.values() for note in _of_classes(part)]
    return Source(raw.name, parts.get("train"), parts.get("test"), tuple(notes), normalized)


def _images(part: RawPart, classes: tuple[str, ...], known: bool) -> Decoded:
    """Images uint8 (N, H, W), whether any of them was normalised, and notes on what they are.

    `known` tells whether the classes are those of the source, and not the digits for want of labels.
    """
    if not isinstance(part.images, np.ndarray):
        decoded = part.images.normalized() if are_characters(classes) else part.images.as_they_are()
        levels, notes = grey_levels(decoded.images, part.where)
        return Decoded(levels, decoded.changed, (*decoded.notes, *notes))
    images = part.images
    if classes != DIGITS or not len(images) or not known:
        return Decoded(images, False, ())
    if part.in_rows and images.shape[1:] != DIGIT_SHAPE:
        done = "digits of {}×{} pixels brought to 28×28, as pictures are".format(*images.shape[1:])
        return Decoded(digits_of_squares(images), True, (done,))
    unlike = unlike_mnist(images)
    return Decoded(images, False, (unlike,) if unlike else ())


def _of_classes(part: Dataset) -> tuple[str, ...]:
    missing = without_images(part)
    return (f"{part.name}: {missing}",) if missing else ()


def _require_one_size(name: str, parts: dict[str, Dataset]) -> None:
    sizes = {part.image_shape for part in parts.values()}
    if len(sizes) > 1:
        found = " and ".join("{}×{}".format(*part.image_shape) + f" in {part.name}" for part in parts.values())
        raise DataError(f"{name}: images of one size were expected, found {found}; bring all of them to one size")


def _notes(raw: RawSource, classes: Classes) -> tuple[str, ...]:
    """Which classes these are, where they are not the digits, and what was done to pictures of them."""
    if classes.names == DIGITS:
        return ()
    encoded = not all(isinstance(part.images, np.ndarray) for part in raw.parts.values())
    named = " named in classes.txt" if raw.class_names is not None else ""
    characters = are_characters(classes.names)
    done = "pictures of single characters are normalised to 28×28" if characters else "pictures are taken as they are"
    return (listed(classes.names) + named + (f"; {done}" if encoded else ""),)
