"""An original is a picture with all its pixels, upright, from which parts are cut out, each a picture of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from inkling.ink.decoding import MEGAPIXELS, translate_errors
from inkling.ink.opening import decoded
from inkling.ink.picture import Picture, picture_of, turn_of
from inkling.ink.sources import MEGABYTES

if TYPE_CHECKING:
    from PIL.Image import Image

_NO_SHRINKING = 2**20  # pixels; no side of a picture is longer


@dataclass(frozen=True, eq=False)
class Original:
    """A picture with all its pixels.

    Attributes
    ----------
    name : of the picture in messages.
    image : upright.
    notes : what of the file was left out, such as "first of 12 frames".
    """

    name: str
    image: Image
    notes: tuple[str, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.image.size

    def whole(self) -> Picture:
        """The picture as `open_picture` gives it."""
        with translate_errors(self.name, MEGAPIXELS):
            return picture_of(self.image, self.name, self.size, self.notes)

    def part(self, box: tuple[int, int, int, int]) -> Picture:
        """What lies in a box (x, y, width, height) in pixels, as a picture of that size; it has no notes of the file.

        It is what `open_picture` would give for a file of this part alone.
        """
        x, y, width, height = box
        with translate_errors(self.name, MEGAPIXELS):
            return picture_of(self.image.crop((x, y, x + width, y + height)), self.name, (width, height))


def open_original(
    source: str | Path | bytes | BinaryIO | Image | np.ndarray,
    name: str | None = None,
    *,
    megapixels: float = MEGAPIXELS,
    megabytes: float = MEGABYTES,
) -> Original:
    """Open a picture with all its pixels. Parameters and errors are those of `open_picture`."""
    from PIL.Image import Transpose

    with decoded(source, name, _NO_SHRINKING, megapixels, megabytes) as (image, name, _, notes):
        turn = turn_of(image)
        return Original(name, image.transpose(Transpose[turn]) if turn else image, notes)
