"""Cuts: where a component may be divided into digits that touch.

There are three kinds of places. A neck has little ink: a line that joins two digits. In a valley the ink reaches less
far up and down than on both sides: two digits lean on each other there, perhaps with much ink in one column. Between
two loops that lie side by side, as in 00 written in one go, the stroke belongs to both loops and is halved.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

# Lengths are in heights of a digit in this line.
_MIN_WIDTH = 0.45  # A narrower component is one digit at most.
_NECK_INK = 0.4  # The columns of a neck have at most this much ink.
_VALLEY_REACH = 0.9  # The reach of a valley is at most this share of the reach on both sides of it.
_VALLEY_NEIGHBOURHOOD = 0.5  # The sides of a valley extend this far to its left and right.
_MIN_LOOP_AREA = 0.01  # A hole of a smaller area, in squares of the height of a digit, is no loop.
_LOOP_OVERLAP = 0.5  # Loops side by side share at least this part of the lower loop's rows of pixels.
_MIN_LOOP_GAP = -0.2  # The gap between loops side by side is at least this; they overlap where it is negative.
_MAX_LOOP_GAP = 0.5  # The gap between loops side by side is at most this.
_NECK_SPACING = 0.16  # A neck is at least this far from every cut that was chosen before it.
_VALLEY_SPACING = 0.12  # A valley is at least this far from every cut that was chosen before it.
_END_SPACING = 0.18  # A cut is at least this far from the component's ends.
_MINIMUM_NEIGHBOURHOOD = 0.09  # A cut is the lowest place of its profile as far as this on both sides.
_MAX_CUTS = 16  # A component is cut at most so many times.
_SMOOTHING = np.full(3, 1 / 3)  # A profile is smoothed by these weights of three neighbouring columns.


class _Loop(NamedTuple):
    """The extent of a hole: along the line, and its first and last row of pixels."""

    left: float
    right: float
    top: int
    bottom: int


def cuts_of(inked: np.ndarray, slant: float, height: float) -> list[float]:
    """Where to cut a component.

    Parameters
    ----------
    inked : bool (H, W), the component's pixels in its box.
    slant : columns per row of pixels by which the line's strokes lean.
    height : pixels, of the line's digits.

    Returns
    -------
    column + slant · row of each cut, from left to right.
    """
    rows, columns = np.nonzero(inked)
    along = columns + slant * rows
    start, width = along.min(), along.max() - along.min() + 1
    if width <= _MIN_WIDTH * height:
        return []
    ink, reach = _profiles((along - start).astype(int), rows)
    necks = [x for x in _minima(ink, height) if ink[x] <= _NECK_INK * height]
    valleys = [x for x in _minima(reach, height) if _is_valley(reach, x, height)]
    chosen = [x - start for x in _between_loops(inked, slant, height)]
    for places, profile, spacing in ((necks, ink, _NECK_SPACING), (valleys, reach, _VALLEY_SPACING)):
        for x in sorted(places, key=lambda x: profile[x]):
            if all(abs(x - other) >= spacing * height for other in chosen):
                chosen.append(x)
    return sorted(start + x for x in chosen[:_MAX_CUTS])


def _profiles(columns: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each column the number of inked pixels, and the reach from the highest to the lowest of them; smoothed."""
    count = int(columns.max()) + 1
    highest, lowest = np.full(count, rows.max() + 1), np.full(count, rows.min())
    np.minimum.at(highest, columns, rows)
    np.maximum.at(lowest, columns, rows + 1)
    ink, reach = np.bincount(columns, minlength=count), (lowest - highest).clip(min=0)
    return np.convolve(ink, _SMOOTHING, "same"), np.convolve(reach, _SMOOTHING, "same")


def _minima(profile: np.ndarray, height: float) -> list[int]:
    """The columns, except near the ends, whose neighbourhood has no lower one."""
    around, end = max(2, int(_MINIMUM_NEIGHBOURHOOD * height)), int(_END_SPACING * height)
    padded = np.pad(profile, around, constant_values=np.inf)
    least = np.lib.stride_tricks.sliding_window_view(padded, 2 * around + 1).min(axis=1)
    return [x for x in range(end, len(profile) - end) if profile[x] == least[x]]


def _is_valley(reach: np.ndarray, x: int, height: float) -> bool:
    """Whether the ink reaches further up and down on both sides of a column."""
    near = int(_VALLEY_NEIGHBOURHOOD * height)
    sides = reach[max(0, x - near) : x + 1].max(), reach[x : x + near + 1].max()
    return bool(reach[x] <= _VALLEY_REACH * min(sides))


def _between_loops(inked: np.ndarray, slant: float, height: float) -> Iterator[float]:
    """The middles, along the line, between loops that lie side by side."""
    loops = _loops(inked, slant, _MIN_LOOP_AREA * height**2)
    for one, other in pairwise(loops):
        common = min(one.bottom, other.bottom) - max(one.top, other.top)
        beside = common >= _LOOP_OVERLAP * min(one.bottom - one.top, other.bottom - other.top)
        if beside and _MIN_LOOP_GAP * height <= other.left - one.right <= _MAX_LOOP_GAP * height:
            yield (one.right + other.left) / 2


def _loops(inked: np.ndarray, slant: float, min_area: float) -> list[_Loop]:
    """The holes of at least `min_area` pixels, from left to right."""
    import cc3d

    ground = cc3d.connected_components(np.pad(~inked, 1, constant_values=True).view(np.uint8), connectivity=4)
    rows, columns = np.nonzero(ground > 1)  # The outside has label 1, since it has the first pixel.
    label, along = ground[rows, columns], columns - 1 + slant * (rows - 1)
    large = np.flatnonzero(np.bincount(label) >= min_area)
    holes = [(along[label == each], rows[label == each]) for each in large]
    holes.sort(key=lambda hole: hole[0].mean())
    return [_Loop(float(x.min()), float(x.max()), int(y.min()), int(y.max())) for x, y in holes]
