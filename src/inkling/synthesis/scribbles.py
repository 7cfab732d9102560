"""Scribbles: what people draw that means nothing."""

from __future__ import annotations

import numpy as np

from inkling.data.dataset import Dataset
from inkling.synthesis.pen import Stroke, write

# Widths of the pen, as fractions of the scribble's size. A thicker pen fills a scribble and leaves a blot like a 1.
_THINNEST = 0.04
_THICKEST = 0.11


def scribble(_: Dataset, rng: np.random.Generator) -> np.ndarray:
    """A scribble of a random sort: uint8 (28, 28)."""
    return write(_SORTS[rng.integers(len(_SORTS))](rng), rng, _THINNEST, _THICKEST)


def _wandering(rng: np.random.Generator) -> list[Stroke]:
    """A curve through points anywhere; with fewer than seven it might be a digit."""
    return [Stroke(rng.random((rng.integers(7, 15), 2)), curved=True)]


def _lines(rng: np.random.Generator) -> list[Stroke]:
    """Straight lines anywhere, most of them crossing."""
    return [Stroke(ends) for ends in rng.random((rng.integers(4, 9), 2, 2))]


def _zigzag(rng: np.random.Generator) -> list[Stroke]:
    """Up and down, sharp or round, in any direction."""
    turns = rng.integers(5, 12)
    along, across = np.linspace(0, rng.uniform(0.7, 2), turns), np.arange(turns) % 2
    return [Stroke(_turned(np.stack([along, across], axis=1), rng), curved=bool(rng.integers(2)))]


def _loops(rng: np.random.Generator) -> list[Stroke]:
    """A spring: circles whose centre moves."""
    rounds = rng.integers(3, 6)
    angle = np.linspace(0, 2 * np.pi * rounds, 8 * rounds)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return [Stroke(_turned(circle + angle[:, None] * [rng.uniform(0.15, 0.4), 0], rng), curved=True)]


def _spiral(rng: np.random.Generator) -> list[Stroke]:
    """From the middle outwards, two to four times round."""
    rounds = rng.integers(2, 5)
    angle = np.linspace(0, 2 * np.pi * rounds, 8 * rounds)[:, None]
    return [Stroke(_turned(angle * np.concatenate([np.cos(angle), np.sin(angle)], axis=1), rng), curved=True)]


def _filled_circle(rng: np.random.Generator) -> list[Stroke]:
    """A circle around a cross, a smaller circle, or eyes and a mouth; not around a dot, as some people mark a 0."""
    inside = (
        [_of((-0.5, -0.5), (0.5, 0.5)), _of((0.5, -0.5), (-0.5, 0.5))],
        [_circle(0.45)],
        [_of((-0.35, -0.3)), _of((0.35, -0.3)), _of((-0.5, 0.25), (0, 0.5), (0.5, 0.25), curved=True)],
    )
    return [_circle(1), *inside[rng.integers(len(inside))]]


def _turned(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    angle = rng.uniform(0, 2 * np.pi)
    return points @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _circle(radius: float) -> Stroke:
    angle = np.linspace(0, 2 * np.pi, 9)
    return Stroke(radius * np.stack([np.sin(angle), -np.cos(angle)], axis=1), curved=True)


def _of(*points: tuple[float, float], curved: bool = False) -> Stroke:
    return Stroke(np.array(points, float), curved)


_SORTS = (_wandering, _lines, _zigzag, _loops, _spiral, _filled_circle)
