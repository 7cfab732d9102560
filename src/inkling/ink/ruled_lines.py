"""Ruled lines and frames: the lines of ruled paper and forms, and the borders of a picture that was cut out of a grid.

A ruled line is thin, straight or nearly so, and goes from border to border, which no stroke of a digit does. It is
removed where it lies alone. Where a stroke crosses it, the ink is higher than the line is thick, and stays.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

_STEEPEST_SLOPE = 0.15  # Rows per column: steeper lines are not looked for.
_SLOPES = 61  # Number of slopes that are tried, from the steepest fall to the steepest rise.
_COVERED_COLUMNS = 0.75  # A ruled line has ink in at least this share of the columns.
_END_WIDTH = 0.06  # Of the picture's width: in such a strip at both ends, half of the columns have ink of the line.
_THICKEST = 0.1  # Of the picture's height: a thicker bar is no ruled line.
_FRAME_REACH = 0.15  # Of the height: a frame reaches in at most so far, in a picture that was cut out askew.
_FRAME_SHARE = 0.5  # A border belongs to a frame when at least this share of its pixels is ink.
_STROKE_HEIGHT = 1.8  # Line thicknesses: higher ink on a line is a stroke that crosses it.
_MAX_LINES = 40  # of one direction; squared paper has so many
_MIN_UPRIGHT_LINES = 3  # One upright line may be a 1, and two may be 11, so that fewer lines than these stay.
_SMALLEST_SIDE = 16  # pixels; in a smaller picture, ruled lines cannot be told from strokes.
_NEAR_ROWS = 2.0  # Pixels within so many rows of a line belong to it.


def ruled_lines_in(mask: np.ndarray) -> np.ndarray:
    """Which inked pixels, of a mask (H, W), belong to ruled lines and frames: bool (H, W)."""
    if min(mask.shape) < _SMALLEST_SIDE:
        return np.zeros_like(mask)
    found = _frame(mask) | _frame(mask.T).T
    level, _ = _level_lines(mask & ~found)
    upright, count = _level_lines((mask & ~found).T)
    return found | level | (upright.T if count >= _MIN_UPRIGHT_LINES else False)


def _frame(mask: np.ndarray) -> np.ndarray:
    """The ink that reaches in a little from the upper or lower border, where most of the border is inked."""
    frame = np.zeros_like(mask)
    reach = 1 + int(_FRAME_REACH * len(mask))
    for inwards in (slice(None), slice(None, None, -1)):
        if mask[inwards][0].mean() >= _FRAME_SHARE:
            run = np.logical_and.accumulate(mask[inwards][:reach])
            frame[inwards][:reach] |= run & ~run[-1]
    return frame


def _level_lines(mask: np.ndarray) -> tuple[np.ndarray, int]:
    """The pixels of all ruled lines from the left to the right border, and the number of lines."""
    height, width = mask.shape
    found, count = np.zeros_like(mask), 0
    if mask.any(axis=0).mean() < _COVERED_COLUMNS:
        return found, count
    heights = run_heights(mask)
    ends = max(2, round(_END_WIDTH * width))
    for line, inked, thickness in _straight_lines(mask, heights):
        if thickness <= _THICKEST * height and min(inked[:ends].mean(), inked[-ends:].mean()) >= 0.5:
            limit = _STROKE_HEIGHT * thickness + 1
            rows, near = _near(line, height, limit)
            found[rows] |= mask[rows] & near & (heights[rows] <= limit)
            count += 1
    return found, count


def _straight_lines(mask: np.ndarray, heights: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray, float]]:
    """The straight lines with ink in enough columns, each the best one that those before it left.

    Yields
    ------
    line : float (W,), its row in each column.
    inked : bool (W,), the columns in which it has ink.
    thickness : its median height in pixels.
    """
    height, width = mask.shape
    from_middle = np.arange(width) - (width - 1) / 2
    slopes = np.linspace(-_STEEPEST_SLOPE, _STEEPEST_SLOPE, _SLOPES)
    margin = int(_STEEPEST_SLOPE * width / 2) + 2

    def counts(pixels: np.ndarray) -> np.ndarray:
        """The number of these pixels, bool (H, W), on each line, by slope and row (a Hough transform)."""
        rows, columns = np.nonzero(pixels)
        lines = (np.rint(rows - slope * from_middle[columns]).astype(int) + margin for slope in slopes)
        return np.stack([np.bincount(each, minlength=height + 2 * margin) for each in lines])

    left, reached = mask.copy(), mask | np.roll(mask, 1, axis=0)
    inked = counts(reached)
    for _ in range(_MAX_LINES):
        slope, row = np.unravel_index(inked.argmax(), inked.shape)
        if inked[slope, row] < _COVERED_COLUMNS * width:
            return
        line = row - margin + slopes[slope] * from_middle
        rows, near = _near(line, height)
        on_line = np.where(near, heights[rows], 0).max(axis=0)
        thickness = float(np.median(on_line[on_line > 0]))
        yield line, on_line > 0, thickness
        # The rest of this line must not be found as a second line.
        rows, near = _near(line, height, max(_NEAR_ROWS, min(thickness, _THICKEST * height)))
        left[rows] &= ~near
        before, reached = reached, left | np.roll(left, 1, axis=0)
        inked -= counts(before & ~reached)


def _near(line: np.ndarray, height: int, distance: float = _NEAR_ROWS) -> tuple[slice, np.ndarray]:
    """The rows of a picture that a line comes near to, and which of their pixels it comes near to: bool (rows, W)."""
    rows = slice(max(0, int(line.min() - distance)), min(height, int(line.max() + distance) + 1))
    return rows, np.abs(np.arange(rows.start, rows.stop)[:, None] - line) <= distance


def run_heights(mask: np.ndarray) -> np.ndarray:
    """For every inked pixel, the height of the run of ink above and below it, without a gap; 0 elsewhere."""
    columns = np.pad(mask.T, ((0, 0), (1, 1)))
    ends = np.flatnonzero(np.diff(columns.ravel())).reshape(-1, 2)
    lengths = ends[:, 1] - ends[:, 0]
    heights = np.zeros(columns.shape, np.int32)
    heights[columns] = np.repeat(lengths, lengths)
    return heights[:, 1:-1].T
