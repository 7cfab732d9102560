"""Encoded pictures, one image each: decoded as single characters, or as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from inkling.data.values import require_size
from inkling.errors import DataError
from inkling.ink import digit_image, open_picture
from inkling.ink.normalization import DIGIT_SHAPE


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
        """Single characters as MNIST has them, uint8 (N, 28, 28)."""
        images, changed = np.empty((len(self.names), *DIGIT_SHAPE), np.uint8), False
        remarks: list[str] = []
        for place, name in enumerate(self.names):
            picture = open_picture(self.reader(place), name)
            remarks += (f"{name}: {note}" for note in picture.notes)
            levels = picture.levels
            if is_like_mnist(levels):
                images[place] = np.rint(levels)
            else:
                images[place], changed = digit_image(levels), True
        return Decoded(images, changed, _summary(remarks))

    def as_they_are(self) -> Decoded:
        """Their grey levels, uint8 (N, H, W), of whatever size they have in common; DataError where they have none."""
        images: list[np.ndarray] = []
        remarks: list[str] = []
        for place, name in enumerate(self.names):
            picture = open_picture(self.reader(place), name)
            remarks += (f"{name}: {note}" for note in picture.notes)
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


def _summary(remarks: Sequence[str]) -> tuple[str, ...]:
    """What was left out of pictures, as one note, whatever their number."""
    if len(remarks) < 2:
        return tuple(remarks)
    return (f"{len(remarks):,} pictures have more than one frame, of which the first is taken ({remarks[0]}; …)",)


def is_like_mnist(levels: np.ndarray) -> bool:
    """Whether grey levels (H, W) are 28×28 with a dark ground: MNIST's form, which stays as it is."""
    return levels.shape == DIGIT_SHAPE and bool(2 * _border_level(levels) < levels.max())


def _border_level(levels: np.ndarray) -> float:
    """The median grey level of the outermost pixels."""
    return float(np.median(np.concatenate([levels[0], levels[-1], levels[1:-1, 0], levels[1:-1, -1]])))
