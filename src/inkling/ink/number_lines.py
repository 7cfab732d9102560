"""Underlines by hand, which are bent: lines that numbers stand on.

Frames and straight lines are found piece by piece (frames.py), and rules from border to border (ruled_lines.py). An
underline that both leave is a smooth curve of one thickness, far wider than digits are high, with little ink below it.
"""

from __future__ import annotations

import numpy as np

from inkling.ink.frames import Frame, with_remains
from inkling.ink.ruled_lines import run_heights

_MIN_WIDTH = 1.5  # An underline is at least so wide, in heights of the highest other piece.
_TOUCHED_ASPECT = 2.0  # A piece that is so many times as wide as high may be digits on a line.
_SLIMNESS = 12.0  # An underline is at least so many times as wide as thick.
_STEEPEST = 0.2  # Rows per column, from one end of an underline to the other.
_MOST_BEND = 0.06  # Of its width: an underline is at most so far from the straight line between its ends.
_STROKE_HEIGHT = 1.8  # Line thicknesses, and a pixel: higher ink on a line is a stroke that crosses it.
_EXTENT = 0.8  # An underline has at least this share of the width of its piece.
_COVERED = 0.92  # An underline has ink in at least this share of its columns.
_ALONE = 0.5  # In at least this share of its columns there is nothing but the line near the line.
_BELOW = 0.25  # Of the height of a piece around a line: ink that lies so far below the line is well below it.
_MOST_BELOW = 0.5  # In at most this share of the columns with other ink, some of it is well below an underline.
_ROUNDS = 5  # The curve is fitted so often, without the columns that are far from it.


def underlines_in(labels: np.ndarray, areas: np.ndarray, boxes: np.ndarray) -> tuple[np.ndarray, tuple[Frame, ...]]:
    """The pixels of underlines by hand, bool (H, W), and the underlines; digits may stand on them or cross them."""
    heights, widths = boxes[:, 1] - boxes[:, 0] + 1, boxes[:, 3] - boxes[:, 2] + 1
    pixels, frames = np.zeros(labels.shape, bool), []
    if not len(heights):
        return pixels, ()
    ordered = np.sort(heights)
    others = np.where(heights == ordered[-1], ordered[-2:][0], ordered[-1])
    is_wide = (widths >= _TOUCHED_ASPECT * heights) & ((widths >= _MIN_WIDTH * others) & (len(heights) > 1))
    is_wide |= widths >= 2 * _TOUCHED_ASPECT * heights
    for place in np.flatnonzero(is_wide).tolist():
        top, bottom, left, right = boxes[place].tolist()
        rows, columns = slice(top, bottom + 1), slice(left, right + 1)
        own = labels[rows, columns] == place + 1
        line = _underline(own)
        if line is not None and (line.sum() < areas[place] or len(heights) > 1):
            pixels[rows, columns] |= line
            y, x = np.nonzero(line)
            box = slice(top + int(y.min()), top + int(y.max()) + 1), slice(left + int(x.min()), left + int(x.max()) + 1)
            frames.append(Frame("line", *box))
    return pixels, tuple(frames)


def _underline(own: np.ndarray) -> np.ndarray | None:
    """The pixels of a smooth line along the lower side of a piece of ink, bool (H, W), if there is one."""
    height, width = own.shape
    heights = run_heights(own)
    lowest = height - 1 - own[::-1].argmax(axis=0)
    runs = heights[lowest, np.arange(width)].astype(float)
    middles = lowest - (runs - 1) / 2
    thickness = float(np.median(runs))
    if thickness * _SLIMNESS > width:
        return None
    limit = _STROKE_HEIGHT * thickness + 1
    curve, on_line = _smooth(middles, runs <= limit, max(1.5, thickness / 2))
    columns = np.flatnonzero(on_line)
    if len(columns) < _ALONE * width or np.ptp(columns) + 1 < _EXTENT * width:
        return None
    within = slice(int(columns[0]), int(columns[-1]) + 1)
    chord = np.linspace(curve[within][0], curve[within][-1], len(curve[within]))
    extent = len(chord)
    if abs(chord[-1] - chord[0]) > _STEEPEST * extent or np.abs(curve[within] - chord).max() > _MOST_BEND * extent:
        return None
    off = np.abs(np.arange(height)[:, None] - curve)
    if (own & (off <= 1.5)).any(axis=0)[within].mean() < _COVERED or on_line[within].mean() < _ALONE:
        return None
    if _is_crossed_out(own, curve, thickness, within):
        return None
    found = own & (off <= thickness / 2 + 1) & (heights <= limit)
    found[:, : within.start] = found[:, within.stop :] = False
    found = with_remains(own, found)
    found &= ~_crossed(found, own & ~found, round(thickness) + 1)
    return found if found.any() else None


def _is_crossed_out(own: np.ndarray, curve: np.ndarray, thickness: float, within: slice) -> bool:
    """Whether a line goes through the ink of its piece, bool (H, W), as one through a number that is crossed out.

    Parameters
    ----------
    curve : float (W,), the row of the line in each column.
    within : the columns of the line.
    """
    off = np.arange(len(own))[:, None] - curve
    other = (own & (np.abs(off) > thickness / 2 + 1)).any(axis=0)[within]
    above = (curve - own.argmax(axis=0))[within]
    below = (len(own) - 1 - own[::-1].argmax(axis=0) - curve)[within]
    well_below = below[other] > _BELOW * (above.max() + max(0.0, below.max()))
    return bool(other.any() and well_below.mean() > _MOST_BELOW)


def _crossed(line: np.ndarray, rest: np.ndarray, thickness: int) -> np.ndarray:
    """The pixels of a level line, bool (H, W), where a stroke crosses it: other ink lies near above and near below."""
    wide = rest.copy()
    for step in range(1, 2 * thickness):
        wide[:, step:] |= rest[:, :-step]
        wide[:, :-step] |= rest[:, step:]
    above, below = np.zeros_like(line), np.zeros_like(line)
    for step in range(1, thickness + 2):
        above[step:] |= wide[:-step]
        below[:-step] |= wide[step:]
    return line & above & below


def _smooth(values: np.ndarray, usable: np.ndarray, tolerance: float) -> tuple[np.ndarray, np.ndarray]:
    """The cubic through most of some values (N,), and which of the usable values lie near it."""
    t = np.linspace(-1, 1, len(values))
    powers = np.vander(t, 4)
    near = usable.copy()
    curve = np.full(len(values), np.median(values))
    for tried in range(_ROUNDS):
        if near.sum() < len(powers.T):
            break
        curve = powers @ np.linalg.lstsq(powers[near], values[near], rcond=None)[0]
        off = np.abs(values - curve)
        bar = tolerance if tried == _ROUNDS - 1 else max(tolerance, float(np.median(off[near])) * 2)
        near = usable & (off <= bar)
    return curve, near
