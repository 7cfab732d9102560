"""From some of a picture's ink to the 28×28 that a network is shown: cut out with its soft edges, and normalised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from inkling.ink.components import Ink, find_ink, soft_ink
from inkling.ink.morphology import labelled_as
from inkling.ink.normalization import DIGIT_SHAPE, normalize
from inkling.ink.tight import pad_tight_crop

_MARGIN = 0.1  # Of the ink's height: this much is cut out around the ink, for its soft edges.


class InkPart(Protocol):
    """A component, or a piece of one: its label in an array of labels, its box, and its area in pixels."""

    @property
    def label(self) -> int: ...
    @property
    def rows(self) -> slice: ...
    @property
    def columns(self) -> slice: ...
    @property
    def area(self) -> int: ...


def digit_image(levels: np.ndarray) -> np.ndarray:
    """All ink of a grey picture, float32 (H, W) from 0 to 255, as one digit: uint8 (28, 28), zeros if there is none."""
    ink = find_ink(pad_tight_crop(levels)[0])
    return image_of(ink, ink.labels, ink.components) if ink.components else np.zeros(DIGIT_SHAPE, np.uint8)


def image_of(ink: Ink, labels: np.ndarray, parts: Sequence[InkPart], shear: float = 0.0) -> np.ndarray:
    """Some components or pieces as one digit: uint8 (28, 28).

    Parameters
    ----------
    labels : int (H, W), the label of the part that each pixel belongs to.
    shear : columns by which each row of pixels is moved to the right of the row above it.
    """
    box = box_of(parts)
    margin = 1 + int(_MARGIN * (box[0].stop - box[0].start))
    rows, columns = (slice(max(0, side.start - margin), side.stop + margin) for side in box)
    near = labels[rows, columns]
    own = labelled_as(near, [part.label for part in parts])
    found = soft_ink(ink.depth[rows, columns], own, (near > 0) & ~own, ink.noise)
    return normalize(_sheared(found, shear) if shear else found)


def _sheared(ink: np.ndarray, shear: float) -> np.ndarray:
    from PIL import Image

    height = len(ink)
    margin = int(abs(shear) * height / 2) + 2
    wide = Image.fromarray(np.pad(ink, ((0, 0), (margin, margin))))
    matrix = (1, -shear, shear * height / 2, 0, 1, 0)
    return np.asarray(wide.transform(wide.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR))


def box_of(parts: Sequence[InkPart]) -> tuple[slice, slice]:
    """The rows and columns that hold all parts."""
    rows = slice(min(part.rows.start for part in parts), max(part.rows.stop for part in parts))
    return rows, slice(min(part.columns.start for part in parts), max(part.columns.stop for part in parts))
