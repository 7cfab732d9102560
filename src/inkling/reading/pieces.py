"""Pieces: what a line of ink is cut into, so that every digit is one piece or some neighbouring ones.

Pens leave gaps inside of digits and none between them. So components are cut wherever a cut could be right (cuts.py),
and the network's answers decide which pieces belong together (path.py). Cuts follow the slant of the handwriting.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from inkling.ink import Component
from inkling.ink.morphology import labelled_as
from inkling.reading.cuts import cuts_of

_MIN_CUT_HEIGHT = 0.4  # Of the height of a digit in this line: a lower component is one digit at most.
_SLANTS = np.linspace(-0.7, 0.7, 29)  # The slants that are tried, in columns per row of pixels.
# Round digits are hardly sharper upright, and most handwriting is nearly upright. So a slant is held to be less sharp
# than it is, by this share of the greatest sharpness, times the square of the slant.
_SLANT_PENALTY = 0.25
_SAMPLED_PIXELS = 20_000  # At most about so many pixels are looked at for the slant.


@dataclass(frozen=True)
class Piece:
    """A part of a component.

    Attributes
    ----------
    label : its number in the array of labels that `cut` returns.
    component : the label of the component that it is a part of.
    rows, columns : its box in the picture.
    left, right : its ends along the line, in pixels, once the slant is undone.
    area : pixels.
    """

    label: int
    component: int
    rows: slice
    columns: slice
    left: float
    right: float
    area: int

    @property
    def height(self) -> int:
        return self.rows.stop - self.rows.start

    @property
    def width(self) -> float:
        return self.right - self.left


def digit_height(components: Sequence[Component]) -> float:
    """The height in pixels of the digits of a line: half of its ink is in components at least so high."""
    ordered = sorted(components, key=lambda component: component.height)
    areas = np.cumsum([component.area for component in ordered])
    return float(ordered[int(np.searchsorted(areas, areas[-1] / 2))].height)


def cut(
    labels: np.ndarray, components: Sequence[Component], height: float, slant: float, whole: Collection[int] = ()
) -> tuple[np.ndarray, list[Piece]]:
    """Cut a line of components, with digits of this height, in pieces; components with labels in `whole` stay whole.

    Returns
    -------
    labels : int32 (H, W), the label of the piece that each pixel belongs to.
    pieces : from left to right.
    """
    pieces: list[Piece] = []
    least = _MIN_CUT_HEIGHT * height
    found = np.zeros(labels.shape, np.int32)
    for component in components:
        inked = labels[component.rows, component.columns] == component.label
        cuts = [] if component.label in whole or component.height <= least else cuts_of(inked, slant, height)
        rows, columns = np.nonzero(inked)
        part = np.searchsorted(cuts, columns + slant * rows, side="right")
        rows, columns = rows + component.rows.start, columns + component.columns.start
        along = columns + slant * rows
        for number in range(len(cuts) + 1):
            own = part == number
            if own.any():
                label = len(pieces) + 1
                found[rows[own], columns[own]] = label
                box = _extent(rows[own]), _extent(columns[own])
                ends = along[own].min(), along[own].max() + 1
                pieces.append(Piece(label, component.label, *box, *ends, int(own.sum())))
    return found, sorted(pieces, key=lambda piece: piece.left + piece.right)


def _extent(places: np.ndarray) -> slice:
    return slice(int(places.min()), int(places.max()) + 1)


def slant_of(labels: np.ndarray, components: Sequence[Component], height: float) -> float:
    """The shear, in columns per row of pixels, that makes leaning strokes upright: ink is then in few columns."""
    high = [component.label for component in components if component.height >= _MIN_CUT_HEIGHT * height]
    rows, columns = np.nonzero(labelled_as(labels, high))
    if not len(rows):
        return 0.0
    sample = slice(None, None, -(-len(rows) // _SAMPLED_PIXELS))
    rows, columns = rows[sample], columns[sample]

    def sharpness(slant: float) -> float:
        along = np.floor(columns + slant * rows + 0.5).astype(int)  # np.rint would pair the columns at slants of a half
        return float((np.bincount(along - along.min()) ** 2.0).sum())

    sharp = np.array([sharpness(slant) for slant in _SLANTS])
    return float(_SLANTS[np.argmax(sharp / sharp.max() - _SLANT_PENALTY * _SLANTS**2)])
