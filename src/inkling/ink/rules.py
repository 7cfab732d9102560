"""Rules and frames: lines of ruled paper, squares and forms, and what a picture cut out of a grid shows at its borders.

A rule is straight, or nearly, thin, and goes from border to border, which no stroke of a digit does. It is taken out
where it lies alone; where a stroke crosses it the ink is higher than the rule is thick, and stays.
"""

from __future__ import annotations

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
    short = _heights(mask) <= _FRAME * len(mask)
    for border in (0, -1):
        if mask[border].mean() >= _FRAMED:
            inwards = slice(None) if border == 0 else slice(None, None, -1)
            frame |= np.logical_and.accumulate(mask[inwards], axis=0)[inwards] & short
    return frame


def _rules(mask: np.ndarray) -> tuple[np.ndarray, int]:
    """The pixels of all rules from the left to the right, and how many these are."""
    height, width = mask.shape
    found, count, left = np.zeros_like(mask), 0, mask.copy()
    heights = _heights(mask)
    ends = max(2, round(_ENDS * width))
    columns = np.arange(width)
    for _ in range(_MOST):
        line = _best_line(left)
        if line is None:
            break
        near = _near(line, height)
        left &= ~near
        on_it = np.where(near, heights, 0).max(axis=0)
        inked = on_it > 0
        thick = float(np.median(on_it[inked]))
        if thick <= _THICKEST * height and min(inked[columns < ends].mean(), inked[-ends:].mean()) >= 0.5:
            limit = _THICKER * thick + 1
            found |= mask & _near(line, height, limit) & (heights <= limit)
            count += 1
    return found, count


def _best_line(mask: np.ndarray) -> np.ndarray | None:
    """The row, in every column, of the straight line with ink in the most columns; None where that is not enough."""
    height, width = mask.shape
    rows, columns = np.nonzero(mask | np.roll(mask, 1, axis=0))
    middle, slopes = (width - 1) / 2, np.linspace(-_STEEPEST, _STEEPEST, _SLOPES)
    margin = int(_STEEPEST * width / 2) + 2
    size = height + 2 * margin
    inked = [
        np.bincount(np.rint(rows - slope * (columns - middle)).astype(int) + margin, minlength=size) for slope in slopes
    ]
    best, row = divmod(int(np.argmax(inked)), size)
    if inked[best][row] < _COVERED * width:
        return None
    return row - margin + slopes[best] * (np.arange(width) - middle)


def _near(line: np.ndarray, height: int, distance: float = 2.0) -> np.ndarray:
    """The pixels (height, W) that lie so close to a line."""
    return np.abs(np.arange(height)[:, None] - line) <= distance


def _heights(mask: np.ndarray) -> np.ndarray:
    """For every inked pixel, how many are inked without a gap above and below it, with itself; 0 elsewhere."""
    rows = np.arange(len(mask))[:, None]
    above = np.maximum.accumulate(np.where(mask, -1, rows), axis=0)
    below = np.minimum.accumulate(np.where(mask, len(mask), rows)[::-1], axis=0)[::-1]
    return np.where(mask, below - above - 1, 0)
