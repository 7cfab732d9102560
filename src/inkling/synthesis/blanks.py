"""Blanks: pictures on which nobody wrote a thing, and what a normaliser makes of the little that is there."""

from __future__ import annotations

import numpy as np

from inkling.data.dataset import Dataset
from inkling.ink.normalization import DIGIT_SHAPE, SIDE, normalize
from inkling.synthesis.pen import ink


def blank(_: Dataset, rng: np.random.Generator) -> np.ndarray:
    """A blank of a random sort: uint8 (28, 28).

    Half of the time what lies on it is normalised, which enlarges it; specks never are.
    """
    sort = _SORTS[rng.integers(len(_SORTS))]
    found = sort(rng)
    return normalize(found) if sort is not _specks and rng.integers(2) else np.rint(255 * found).astype(np.uint8)


def _nothing(_: np.random.Generator) -> np.ndarray:
    return np.zeros(DIGIT_SHAPE, np.float32)


def _specks(rng: np.random.Generator) -> np.ndarray:
    """One to five dots and commas; enlarged, a single one could be any stroke, so these stay small."""
    specks = [rng.uniform(2, SIDE - 2, 2) + rng.normal(0, 0.7, (2, 2)) for _ in range(rng.integers(1, 6))]
    return ink(specks, rng.uniform(0.5, 3)) * rng.uniform(0.3, 1)


def _dash(rng: np.random.Generator) -> np.ndarray:
    """A line that is nearly level, of any length."""
    half, height = rng.uniform(3, 12), rng.uniform(10, 18)
    tilt = half * rng.normal(0, 0.1)
    return ink([np.array([[14 - half, height - tilt], [14 + half, height + tilt]])], rng.uniform(1, 4))


def _frame(rng: np.random.Generator) -> np.ndarray:
    """What is left of the box around a cell: some of its sides, not only upright ones, which would be a 1."""
    top, right, bottom, left = rng.uniform(0, 4, 4) * [1, -1, -1, 1] + [0, SIDE, SIDE, 0]
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom], [left, top]])
    corners += rng.normal(0, 0.4, corners.shape)
    there = rng.random(4) < 0.5
    if not there[::2].any():
        there[rng.choice([0, 2])] = True
    sides = (ink([corners[i : i + 2]], rng.uniform(1, 3)) * rng.uniform(0.4, 1) for i in np.flatnonzero(there))
    return np.max(np.stack(list(sides)), axis=0)


def _surface(rng: np.random.Generator) -> np.ndarray:
    """Paper taken for ink: evenly grey, brighter to one side, or cloudy; with or without grain."""
    down, right = np.indices(DIGIT_SHAPE) / SIDE - 0.5
    slope = rng.normal(0, 1, 2)
    grey = rng.uniform(0.2, 1) + rng.integers(2) * (slope[0] * down + slope[1] * right)
    for _ in range(rng.integers(3)):
        fy, fx, phase = rng.normal(0, 1, 3) * [9, 9, 3]
        grey = grey + 0.3 * np.cos(fy * down + fx * right + phase)
    return np.clip(grey + rng.normal(0, rng.choice([0.02, 0.3]), DIGIT_SHAPE), 0, 1).astype(np.float32)


_SORTS = (_nothing, _specks, _dash, _frame, _surface)
