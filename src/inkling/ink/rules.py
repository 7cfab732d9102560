"""Rules and frames: lines of ruled paper, squares and forms, and what a picture cut out of a grid shows at its borders.

A rule is straight, or nearly, thin, and goes from border to border, which no stroke of a digit does. It is taken out
where it lies alone; where a stroke crosses it the ink is higher than the rule is thick, and stays.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

_STEEPEST = 0.15  # rows a column
_SLOPES = 61
_COVERED = 0.75  # of its columns have ink where a rule lies
_ENDS = 0.06  # of the width, at each end, where a rule has to be
_THICKEST = 0.1  # of the height: a thicker bar is no rule
_FRAME = 0.15  # of the height: so far may a frame reach in, when a picture was cut out askew
_FRAMED = 0.5  # of a border is inked, where there is a frame
_THICKER = 1.8  # times a rule's thickness: higher ink is a stroke that crosses it
_MOST = 12  # rules of one direction
_FEWEST_UPRIGHT = 3  # a line from the top to the bottom may be a 1, and two 11
_SMALLEST = 16  # pixels: too small a picture to tell rules from strokes


def rules_in(mask: np.ndarray) -> np.ndarray:
    """Which inked pixels, of a mask (H, W), belong to rules and frames: bool (H, W)."""
    if min(mask.shape) < _SMALLEST:
        return np.zeros_like(mask)
    found = _frame(mask) | _frame(mask.T).T
    level, _ = _rules(mask & ~found)
    upright, count = _rules((mask & ~found).T)
    return found | level | (upright.T if count >= _FEWEST_UPRIGHT else False)


def _frame(mask: np.ndarray) -> np.ndarray:
    """What reaches in a little from the upper or the lower border, where most of that is inked."""
    frame = np.zeros_like(mask)
    reach = 1 + int(_FRAME * len(mask))
    for inwards in (slice(None), slice(None, None, -1)):
        if mask[inwards][0].mean() >= _FRAMED:
            run = np.logical_and.accumulate(mask[inwards][:reach])
            frame[inwards][:reach] |= run & ~run[-1]
    return frame


def _rules(mask: np.ndarray) -> tuple[np.ndarray, int]:
    """The pixels of all rules from the left to the right, and how many these are."""
    height, width = mask.shape
    found, count = np.zeros_like(mask), 0
    if mask.any(axis=0).mean() < _COVERED:
        return found, count
    heights = _heights(mask)
    ends = max(2, round(_ENDS * width))
    for line, inked, thick in _lines(mask, heights):
        if thick <= _THICKEST * height and min(inked[:ends].mean(), inked[-ends:].mean()) >= 0.5:
            limit = _THICKER * thick + 1
            rows, near = _near(line, height, limit)
            found[rows] |= mask[rows] & near & (heights[rows] <= limit)
            count += 1
    return found, count


def _lines(mask: np.ndarray, heights: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray, float]]:
    """The straight lines with ink in enough columns, each the best of what those before it left.

    Of each: its row in each column (W,), the columns in which there is ink on it, bool (W,), and how thick it is.
    """
    height, width = mask.shape
    away = np.arange(width) - (width - 1) / 2
    slopes = np.linspace(-_STEEPEST, _STEEPEST, _SLOPES)
    margin = int(_STEEPEST * width / 2) + 2

    def counts(pixels: np.ndarray) -> np.ndarray:
        """How many of these pixels, bool (H, W), lie on each line, by slope and row."""
        rows, columns = np.nonzero(pixels)
        on = (np.rint(rows - slope * away[columns]).astype(int) + margin for slope in slopes)
        return np.stack([np.bincount(each, minlength=height + 2 * margin) for each in on])

    left, reached = mask.copy(), mask | np.roll(mask, 1, axis=0)
    inked = counts(reached)
    for _ in range(_MOST):
        slope, row = np.unravel_index(inked.argmax(), inked.shape)
        if inked[slope, row] < _COVERED * width:
            return
        line = row - margin + slopes[slope] * away
        rows, near = _near(line, height)
        on_it = np.where(near, heights[rows], 0).max(axis=0)
        thick = float(np.median(on_it[on_it > 0]))
        yield line, on_it > 0, thick
        rows, near = _near(line, height, max(2.0, min(thick, _THICKEST * height)))  # what is left is no second line
        left[rows] &= ~near
        before, reached = reached, left | np.roll(left, 1, axis=0)
        inked -= counts(before & ~reached)


def _near(line: np.ndarray, height: int, distance: float = 2.0) -> tuple[slice, np.ndarray]:
    """The rows of a picture that a line comes near to, and which of their pixels lie so close to it: bool (rows, W)."""
    rows = slice(max(0, int(line.min() - distance)), min(height, int(line.max() + distance) + 1))
    return rows, np.abs(np.arange(rows.start, rows.stop)[:, None] - line) <= distance


def _heights(mask: np.ndarray) -> np.ndarray:
    """For every inked pixel, how many are inked without a gap above and below it, with itself; 0 elsewhere."""
    columns = np.pad(mask.T, ((0, 0), (1, 1)))
    ends = np.flatnonzero(np.diff(columns.ravel())).reshape(-1, 2)
    lengths = ends[:, 1] - ends[:, 0]
    heights = np.zeros(columns.shape, np.int32)
    heights[columns] = np.repeat(lengths, lengths)
    return heights[:, 1:-1].T
