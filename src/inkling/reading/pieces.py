"""Pieces: what a row of ink is cut into, so that every digit is one piece or some neighbouring ones.

Pens leave gaps inside of digits and none between them. So marks are cut wherever a cut could be right, and which pieces
belong together is decided by what the network makes of them (path.py). Cuts follow the slant of the hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inkling.ink import Mark, among

# Lengths are shares of the height of a digit in this row.
_WIDE = 0.45  # a narrower mark is one digit at most
_HIGH = 0.4  # a lower one too
_NECK = 0.45  # a cut goes through so much ink at most
_APART = 0.16  # between two cuts
_END = 0.18  # from a cut to the mark's end
_NEIGHBOURS = 0.09  # as far on both sides there is no better place to cut
_MOST_CUTS = 12  # of a mark
_SLANTS = np.linspace(-0.7, 0.7, 29)  # columns a row
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
    mark: int
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


def digit_height(marks: Sequence[Mark]) -> float:
    """How high the digits of a row are: half of its ink is in higher marks."""
    ordered = sorted(marks, key=lambda mark: mark.height)
    areas = np.cumsum([mark.area for mark in ordered])
    return float(ordered[int(np.searchsorted(areas, areas[-1] / 2))].height)


def cut(labels: np.ndarray, marks: Sequence[Mark], height: float, slant: float) -> tuple[np.ndarray, list[Piece]]:
    """A row of marks, digits of such a height, in pieces: labels int32 (H, W), and the pieces from left to right."""
    pieces: list[Piece] = []
    found = np.zeros(labels.shape, np.int32)
    for mark in marks:
        rows, columns = np.nonzero(labels[mark.rows, mark.columns] == mark.label)
        rows, columns = rows + mark.rows.start, columns + mark.columns.start
        along = columns + slant * rows
        cuts = _cuts(along, height) if mark.height > _HIGH * height else []
        part = np.searchsorted(cuts, along, side="right")
        for each in range(len(cuts) + 1):
            own = part == each
            if own.any():
                label = len(pieces) + 1
                found[rows[own], columns[own]] = label
                box = _extent(rows[own]), _extent(columns[own])
                pieces.append(Piece(label, mark.label, *box, along[own].min(), along[own].max() + 1, int(own.sum())))
    return found, sorted(pieces, key=lambda piece: piece.left + piece.right)


def _extent(places: np.ndarray) -> slice:
    return slice(int(places.min()), int(places.max()) + 1)


def slant_of(labels: np.ndarray, marks: Sequence[Mark], height: float) -> float:
    """The shear, in columns a row, that makes upright strokes of leaning ones: ink is then in the fewest columns."""
    inked = among(labels, [mark.label for mark in marks if mark.height >= _HIGH * height])
    rows, columns = np.nonzero(inked)
    if not len(rows):
        return 0.0
    some = slice(None, None, -(-len(rows) // _ENOUGH))
    rows, columns = rows[some], columns[some]

    def sharpness(slant: float) -> float:
        along = np.rint(columns + slant * rows).astype(int)
        return float((np.bincount(along - along.min()) ** 2.0).sum())

    return float(max(_SLANTS, key=sharpness))


def _cuts(along: np.ndarray, height: float) -> list[float]:
    """Where to cut a mark whose pixels lie there along the row: at the necks, the thinnest ones if there are many."""
    start = along.min()
    width = along.max() - start + 1
    if width <= _WIDE * height:
        return []
    ink = np.bincount((along - start).astype(int), minlength=int(width) + 1).astype(float)
    ink = np.convolve(ink, np.full(3, 1 / 3), "same")
    around, end = max(2, int(_NEIGHBOURS * height)), int(_END * height)
    framed = np.pad(ink, around, constant_values=np.inf)
    least = np.lib.stride_tricks.sliding_window_view(framed, 2 * around + 1).min(axis=1)
    necks = [x for x in range(end, len(ink) - end) if ink[x] == least[x] and ink[x] <= _NECK * height]
    chosen: list[int] = []
    for x in sorted(necks, key=lambda x: ink[x]):
        if all(abs(x - other) >= _APART * height for other in chosen):
            chosen.append(x)
    return sorted(start + x for x in chosen[:_MOST_CUTS])
