"""Several digits in one picture: numbers, short sums, candidates in the cell of a sudoku, and bad cuts between two."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from inkling.data.dataset import Dataset
from inkling.ink.normalization import normalize
from inkling.synthesis.alphabet import symbol

_CANDIDATE_PITCH = 24  # Pixels from one candidate to the next; digits of about 20 pixels do not touch then.


def several(digits: Dataset, rng: np.random.Generator) -> np.ndarray:
    """Two digits or more, or halves of two, normalised as one: uint8 (28, 28)."""
    return normalize(_SORTS[rng.integers(len(_SORTS))](digits, rng))


def box(image: np.ndarray) -> np.ndarray:
    """The part of an image (H, W) that holds all its ink, at least one pixel."""
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if len(rows) else image[:1, :1]


def _digit(digits: Dataset, rng: np.random.Generator) -> np.ndarray:
    return box(digits.images[rng.integers(len(digits))])


def _number(digits: Dataset, rng: np.random.Generator) -> np.ndarray:
    """Two to four digits in a row, touching or apart; half of them in the corner of a cell."""
    row = _row([_digit(digits, rng) for _ in range(rng.choice([2, 3, 4], p=[0.6, 0.3, 0.1]))], rng)
    below, right = rng.integers(4, [40, 20]).tolist()
    return _in_cell(np.pad(row, ((4, below), (4, right))), rng) if rng.integers(2) else row


def _sum(digits: Dataset, rng: np.random.Generator) -> np.ndarray:
    """A digit, a symbol and a digit."""
    return _row([_digit(digits, rng), box(symbol(digits, rng)), _digit(digits, rng)], rng)


def _row(figures: Sequence[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """Figures one beside the other, from four pixels into each other to seven apart, up and down by at most four."""
    page = np.zeros((28, sum(figure.shape[1] + 8 for figure in figures)), np.uint8)
    right = 0
    for figure in figures:
        height, width = figure.shape
        left, top = max(right + int(rng.integers(-4, 8)), 0), (28 - height) // 2 + int(rng.integers(-4, 5))
        _lay(page, figure, max(top, 0), left)
        right = left + width
    return page


def _candidates(digits: Dataset, rng: np.random.Generator) -> np.ndarray:
    """Two to five of the nine places of a cell."""
    page = np.zeros((3 * _CANDIDATE_PITCH + 8, 3 * _CANDIDATE_PITCH + 8), np.uint8)
    for place in rng.choice(9, rng.integers(2, 6), replace=False).tolist():
        _lay(page, _digit(digits, rng), 6 + place // 3 * _CANDIDATE_PITCH, 6 + place % 3 * _CANDIDATE_PITCH)
    return _in_cell(page, rng)


def _in_cell(page: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The page with what is left of the border of its cell, which may be nothing, and is often darker than the pen."""
    page = (page * rng.uniform(0.5, 1)).astype(np.uint8)
    for side in np.flatnonzero(rng.random(4) < 0.4).tolist():
        np.rot90(page, side)[: rng.integers(1, 4)] = rng.integers(100, 256)
    return page


def _bad_cut(digits: Dataset, rng: np.random.Generator) -> np.ndarray:
    """What a cut at the wrong place makes of two digits: parts of both, or one and a part of the other."""
    first, second = _digit(digits, rng), _digit(digits, rng)
    whole = rng.integers(3)  # the first, the second, or neither
    if whole != 0:
        first = first[:, round(first.shape[1] * rng.uniform(0.3, 0.65)) :]
    if whole != 1:
        second = second[:, : math.ceil(second.shape[1] * rng.uniform(0.35, 0.7))]
    page = np.zeros((28, first.shape[1] + second.shape[1] + 8), np.uint8)
    for figure, column in ((first, 4), (second, 4 + first.shape[1] + int(rng.integers(-3, 5)))):
        top = (28 - len(figure)) // 2 + int(rng.integers(-2, 3))
        _lay(page, figure, max(top, 0), max(column, 0))
    return page


def _lay(page: np.ndarray, figure: np.ndarray, top: int, left: int) -> None:
    """Add the ink of a figure to the page; what would lie beyond its end is lost."""
    place = page[top : top + figure.shape[0], left : left + figure.shape[1]]
    np.maximum(place, figure[: place.shape[0], : place.shape[1]], out=place)


_SORTS = (_number, _number, _candidates, _sum, _bad_cut, _bad_cut)
