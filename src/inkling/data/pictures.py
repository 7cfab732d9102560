"""Encoded pictures, one image each: decoded as single characters, or as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from inkling.data.mnist_form import has_dark_ground, in_mnist_form
from inkling.data.values import require_size
from inkling.errors import DataError
from inkling.ink import digit_image, open_picture
from inkling.ink.normalization import DIGIT_SHAPE
from inkling.ink.picture import FIGURE_NOTE, SCALED

_UNLIKE_MNIST = "28×28 pixels, bright on dark, with ink of another size or place than MNIST's: normalised"
_FRAMES = "more than one frame, of which the first is taken"


class Decoded(NamedTuple):
    """Pictures as images uint8 (N, H, W); whether any of them was normalised; and what of the files was left out."""

    images: np.ndarray
    changed: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Pictures:
    """Encoded pictures, which are decoded when it is known what they show.

    Attributes
    ----------
    names : what messages call each of them.
    reader : the bytes of the picture at a place.
    """

    names: Sequence[str]
    reader: Callable[[int], bytes]

    def normalized(self) -> Decoded:
        """Single characters as MNIST has them, uint8 (N, 28, 28). Pictures in MNIST's form already stay as they are."""
        images, changed = np.empty((len(self.names), *DIGIT_SHAPE), np.uint8), False
        candidates: list[int] = []
        remarks: list[tuple[str, str]] = []
        for place, name in enumerate(self.names):
            picture = open_picture(self.reader(place), name)
            remarks += ((name, note) for note in picture.notes)
            levels = picture.levels
            if levels.shape == DIGIT_SHAPE and has_dark_ground(levels[None])[0]:
                images[place] = np.rint(levels)
                candidates.append(place)
            else:
                images[place], changed = digit_image(levels), True
        if candidates:
            others = np.array(candidates)[~in_mnist_form(images[candidates])]
            for place in others:
                images[place], changed = digit_image(images[place].astype(np.float32)), True
                remarks.append((self.names[place], _UNLIKE_MNIST))
        return Decoded(images, changed, _summary(remarks))

    def as_they_are(self) -> Decoded:
        """Their grey levels, uint8 (N, H, W), of whatever size they have in common; DataError where they have none."""
        images: list[np.ndarray] = []
        remarks: list[tuple[str, str]] = []
        for place, name in enumerate(self.names):
            picture = open_picture(self.reader(place), name)
            remarks += ((name, note) for note in picture.notes)
            width, height = picture.size
            require_size(height, width, name)
            if images and (height, width) != images[0].shape:
                expected = "{}×{}".format(*images[0].shape)
                raise DataError(
                    f"{name}: a picture of {expected} pixels was expected, as {self.names[0]} is, found "
                    f"{height}×{width}; bring all pictures to one size"
                )
            images.append(np.rint(picture.levels).astype(np.uint8))
        return Decoded(np.stack(images), False, _summary(remarks))


def _summary(remarks: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """What was left out of pictures and what was scaled, one note per kind, of the names and notes of pictures."""
    kinds: dict[str, list[str]] = {}
    for name, note in remarks:
        kind = note if note in (SCALED, FIGURE_NOTE, _UNLIKE_MNIST) else _FRAMES
        kinds.setdefault(kind, []).append(f"{name}: {note}" if kind == _FRAMES else name)
    return tuple(_note(kind, pictures) for kind, pictures in kinds.items())


def _note(kind: str, pictures: Sequence[str]) -> str:
    """One note on all pictures that it holds for."""
    if kind != _FRAMES:
        return f"{len(pictures):,} pictures: {kind} (such as {pictures[0]})"
    return pictures[0] if len(pictures) == 1 else f"{len(pictures):,} pictures have {_FRAMES} ({pictures[0]}; …)"
