"""Spoilt digits: mirrored, upside down, cut off or crossed out, so that they are none any more."""

from __future__ import annotations

import numpy as np

from inkling.data.dataset import Dataset
from inkling.ink.normalization import SIDE, normalize
from inkling.synthesis.pen import ink


def spoilt(digits: Dataset, rng: np.random.Generator) -> np.ndarray:
    """A digit, spoilt in one of the ways that its kind allows, and normalised: uint8 (28, 28)."""
    assert digits.labels is not None
    row = rng.integers(len(digits))
    ways = WAYS[digits.labels[row]]
    return normalize(ways[rng.integers(len(ways))](digits.images[row], rng))


def mirrored(image: np.ndarray, _: np.random.Generator) -> np.ndarray:
    return image[:, ::-1]


def upside_down(image: np.ndarray, _: np.random.Generator) -> np.ndarray:
    """Turned by half a circle."""
    return image[::-1, ::-1]


def upper_part(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Two to three fifths of the ink's box, from above."""
    rows = np.flatnonzero(image.any(axis=1))
    kept = image.copy()
    if len(rows):
        kept[rows[0] + round(rng.uniform(0.4, 0.6) * len(rows)) :] = 0
    return kept


def lower_part(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return upper_part(image[::-1], rng)[::-1]


def left_part(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return upper_part(image.T, rng).T


def right_part(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return left_part(image[:, ::-1], rng)[:, ::-1]


def crossed_out(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Under a cross or a zigzag; a single line makes the 7 of some people, or a 0."""
    turns = np.arange(rng.integers(5, 10))
    zigzag = np.stack([np.linspace(-1, 1, len(turns)), 2 * (turns % 2) - 1], axis=1)[:, :: rng.choice([-1, 1])]
    cross = [np.array([[-1, -1], [1, 1]]), np.array([[1, -1], [-1, 1]])]
    lines = cross if rng.integers(2) else [zigzag]
    reach = rng.uniform(6, 12, 2)  # pixels from the middle to the sides
    strokes = ink([SIDE / 2 + reach * line + rng.normal(0, 1.5, line.shape) for line in lines], rng.uniform(1.5, 3))
    return np.maximum(image / np.float32(255), strokes)


# Ways to spoil each digit. Left out are those that leave a digit: half an 8 is a 0 or a 3, a mirrored 2 is a 5.
WAYS = (
    (crossed_out, upper_part, lower_part, left_part, right_part, left_part, right_part),
    (crossed_out,),
    (crossed_out, lower_part),
    (crossed_out, mirrored, upside_down, lower_part),
    (crossed_out, mirrored, upside_down, left_part),
    (crossed_out, upper_part, lower_part),
    (crossed_out,),
    (crossed_out, mirrored, upside_down, left_part),
    (crossed_out,),
    (crossed_out, left_part),
)
