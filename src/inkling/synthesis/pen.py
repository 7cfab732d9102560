"""A pen that trembles: strokes, given by a few points, become ink.

Points are (x, y), y downwards, in whatever unit suits the figure: it is brought to the size of the paper.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from inkling.ink.normalization import SIDE, normalize

_STEPS = np.linspace(0, 1, 5)[:-1, None]  # Where the four straight pieces begin that join two points.
_TREMOR = 0.03  # Standard deviation of points and of the bend of lines, as a fraction of the figure's size.
THINNEST = 0.07  # The thinnest stroke, as a fraction of the figure's size; MNIST's are about 0.13 wide.
THICKEST = 0.19  # The thickest stroke, as a fraction of the figure's size.


class Stroke(NamedTuple):
    """One movement of the pen through points (K, 2): along straight lines, or in a curve; a single point is a dot."""

    points: np.ndarray
    curved: bool = False


def write(
    strokes: Sequence[Stroke], rng: np.random.Generator, thinnest: float = THINNEST, thickest: float = THICKEST
) -> np.ndarray:
    """The figure drawn by a trembling pen and normalised: uint8 (28, 28).

    The pen is from `thinnest` to `thickest` wide, as a fraction of the figure's size.
    """
    return normalize(ink(*fit(unsteady(strokes, rng), rng.uniform(thinnest, thickest))))


def unsteady(strokes: Sequence[Stroke], rng: np.random.Generator) -> list[np.ndarray]:
    """Lines (L, 2) of straight pieces: slanted by ±17°, turned by ±12°, one way stretched, and trembling."""
    slant, turn = rng.uniform(-0.3, 0.3), rng.uniform(-0.2, 0.2)
    c, s = math.cos(turn), math.sin(turn)
    matrix = np.array([[c, s], [-s, c]]) @ np.array([[1, 0], [slant, 1]]) * [rng.uniform(0.75, 1.25), 1]
    size = np.ptp(np.concatenate([stroke.points for stroke in strokes]), axis=0).max() or 1.0
    return [_line(stroke, size * _TREMOR, rng) @ matrix for stroke in strokes]


def _line(stroke: Stroke, tremor: float, rng: np.random.Generator) -> np.ndarray:
    """A spline of Catmull and Rom, or straight lines that bend a little, through points that are missed a little."""
    p = stroke.points + rng.normal(0, tremor, stroke.points.shape)
    if len(p) == 1:
        return p
    start, way = p[:-1, None], np.diff(p, axis=0)[:, None]
    if stroke.curved:
        slopes = np.gradient(p, axis=0)[:, None]
        t, end = _STEPS, p[1:, None]
        drawn = start * (2 * t**3 - 3 * t**2 + 1) + slopes[:-1] * (t**3 - 2 * t**2 + t)
        drawn = drawn + end * (3 * t**2 - 2 * t**3) + slopes[1:] * (t**3 - t**2)
    else:
        across = way[..., ::-1] * [-1, 1] / np.maximum(np.linalg.norm(way, axis=2, keepdims=True), 1e-9)
        bend = rng.normal(0, tremor, (len(way), 1, 1))
        drawn = start + way * _STEPS + 4 * bend * _STEPS * (1 - _STEPS) * across
    return np.concatenate([drawn.reshape(-1, 2), p[-1:]])


def fit(lines: Sequence[np.ndarray], width: float) -> tuple[list[np.ndarray], float]:
    """The lines in the middle of the paper, as large as fits, and the `width` of the pen, both in pixels."""
    points = np.concatenate(lines)
    low, high = points.min(axis=0), points.max(axis=0)
    size = SIDE - 2  # with the pen's own width and a rim of one pixel
    scale = size * (1 - width) / max((high - low).max(), 1e-9)
    return [(line - (low + high) / 2) * scale + SIDE / 2 for line in lines], size * width


def ink(lines: Sequence[np.ndarray], width: float) -> np.ndarray:
    """Ink (28, 28) float32 from 0 to 1 of lines in pixels: 1 nearer than half a width, and soft over one pixel."""
    starts = np.concatenate([line[: max(len(line) - 1, 1)] for line in lines]).astype(np.float32)
    ends = np.concatenate([line[min(len(line) - 1, 1) :] for line in lines]).astype(np.float32)
    (dx, dy), (x, y) = ((array.T[..., None, None]) for array in (ends - starts, starts))
    places = np.arange(SIDE, dtype=np.float32) + np.float32(0.5)
    right, down = places - x, places[:, None] - y  # (pieces, 1, 28) and (pieces, 28, 1), from where a piece starts
    length = np.maximum(dx * dx + dy * dy, np.float32(1e-9))
    along = np.clip(right * (dx / length) + down * (dy / length), 0, 1)
    squared = np.square(right - along * dx) + np.square(down - along * dy)
    distance = np.sqrt(squared.min(axis=0))
    return np.clip(np.float32(width / 2 + 0.5) - distance, 0, 1)
