"""Pieces: what a row of ink is cut into, so that every digit is one piece or some neighbouring ones.

Pens leave gaps inside of digits and none between them. So marks are cut wherever a cut could be right (cuts.py), and
which pieces belong together is decided by what the network makes of them (path.py). Cuts follow the slant of the hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inkling.ink import Component, among
from inkling.reading.cuts import cuts_of

_HIGH = 0.4  # of the height of a digit in this row: a lower mark is one digit at most
_SLANTS = np.linspace(-0.7, 0.7, 29)  # columns a row
_UNSURE = 0.25  # of the sharpness, at a slant of 1: round digits are hardly sharper upright, and most hands nearly are
_ENOUGH = 20_000  # pixels show how a hand slants


@dataclass(frozen=True)
class Piece:
    """A part of a mark.

    Attributes
    ----------
    label : its number in the array of labels that `cut` returns.
    mark : the label of the mark that it is a part of.
    rows, columns : where it lies in the picture.
    left, right : where it lies along the row, in pixels, once the slant is undone.
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
    """How high the digits of a row are: half of its ink is in higher marks."""
    ordered = sorted(components, key=lambda component: component.height)
    areas = np.cumsum([component.area for component in ordered])
    return float(ordered[int(np.searchsorted(areas, areas[-1] / 2))].height)


def cut(
    labels: np.ndarray, components: Sequence[Component], height: float, slant: float
) -> tuple[np.ndarray, list[Piece]]:
    """A row of marks, digits of such a height, in pieces: labels int32 (H, W), and the pieces from left to right."""
    pieces: list[Piece] = []
    found = np.zeros(labels.shape, np.int32)
    for component in components:
        inked = labels[component.rows, component.columns] == component.label
        cuts = cuts_of(inked, slant, height) if component.height > _HIGH * height else []
        rows, columns = np.nonzero(inked)
        part = np.searchsorted(cuts, columns + slant * rows, side="right")
        rows, columns = rows + component.rows.start, columns + component.columns.start
        along = columns + slant * rows
        for each in range(len(cuts) + 1):
            own = part == each
            if own.any():
                label = len(pieces) + 1
                found[rows[own], columns[own]] = label
                box = _extent(rows[own]), _extent(columns[own])
                pieces.append(
                    Piece(label, component.label, *box, along[own].min(), along[own].max() + 1, int(own.sum()))
                )
    return found, sorted(pieces, key=lambda piece: piece.left + piece.right)


def _extent(places: np.ndarray) -> slice:
    return slice(int(places.min()), int(places.max()) + 1)


def slant_of(labels: np.ndarray, components: Sequence[Component], height: float) -> float:
    """The shear, in columns a row, that makes upright strokes of leaning ones: ink is then in the fewest columns."""
    inked = among(labels, [component.label for component in components if component.height >= _HIGH * height])
    rows, columns = np.nonzero(inked)
    if not len(rows):
        return 0.0
    some = slice(None, None, -(-len(rows) // _ENOUGH))
    rows, columns = rows[some], columns[some]

    def sharpness(slant: float) -> float:
        along = np.floor(columns + slant * rows + 0.5).astype(int)  # np.rint would pair the columns at slants of a half
        return float((np.bincount(along - along.min()) ** 2.0).sum())

    sharp = np.array([sharpness(slant) for slant in _SLANTS])
    return float(_SLANTS[np.argmax(sharp / sharp.max() - _UNSURE * _SLANTS**2)])
