"""Frames: the boxes, combs and grids that digits are written into, and lines under them, inside of a picture.

What goes from border to border of the picture is a ruled line (ruled_lines.py). A frame does not: it is a connected
piece of ink whose sides are straight, and whose lines go from one end of the piece to the other. So its lines are found
as those of a picture that holds nothing but this piece, and digits that touch the frame stay.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inkling.ink.morphology import labelled_as, max_filter
from inkling.ink.ruled_lines import run_heights

_SMALLEST_SIDE = 16  # pixels; a smaller piece is no frame.
_MOST_PIECES = 500  # Each takes milliseconds. More pieces are a page of text, in which no frames are looked for.
_MAX_FILL = 0.45  # Of its box: a piece with more ink is no frame.
_STRAIGHT_SHARE = 0.85  # A side is straight where this share of it lies on a straight line, within the tolerance.
_TOLERANCE = 0.03  # Of the piece's shorter side, and at least _LEAST_TOLERANCE.
_LEAST_TOLERANCE = 1.5  # pixels
_SLOPES = np.linspace(-0.15, 0.15, 61)  # Rows per column: the slopes of lines that are tried.
_COVERED = 0.8  # A line has ink in at least this share of the piece's columns, in two neighbouring rows of pixels.
_HALF_COVERED = 0.5  # The rows of pixels of a line have ink in at least this share of the columns.
_THICKEST = 0.12  # Of the piece's shorter side, and at least _LEAST_THICK: thicker bars are no lines.
_LEAST_THICK = 4  # pixels
_STROKE_HEIGHT = 1.8  # Line thicknesses, and a pixel: higher ink on a line is a stroke that crosses it.
_LINE_SLIMNESS = 12.0  # A line alone is at least so many times as wide as thick.
_LINE_WIDTH = 1.5  # A line alone is at least so wide, in heights of the highest other piece.
_MIN_ENCLOSED = np.array([0.4, 0.1])  # Of a ring's height and width: what it encloses, a 1 or more, is as large.
_LINE_ASPECT = 2.5  # A piece that is so many times as wide as high may be digits on a line.


@dataclass(frozen=True)
class Frame:
    """What digits were written into or on.

    Attributes
    ----------
    kind : "frame"; "boxes", which are joined; "comb", which is open above or below; "grid";
        "line"; or "ring", a closed curve of another form.
    rows, columns : its box in the picture.
    """

    kind: str
    rows: slice
    columns: slice


def frames_in(labels: np.ndarray, areas: np.ndarray, boxes: np.ndarray) -> tuple[np.ndarray, tuple[Frame, ...]]:
    """The pixels of all frames, bool (H, W), and the frames; no pixels, (0, 0), where there are no frames.

    Pieces at the picture's border are left alone: remains of what lies beside it may be straight. So are all pieces
    where very many might be frames.

    Parameters
    ----------
    labels : int (H, W), the label from 1 of the connected piece of ink that each pixel belongs to.
    areas, boxes : of the pieces: pixels (K,), and first and last row and column (K, 4).
    """
    heights, widths = boxes[:, 1] - boxes[:, 0] + 1, boxes[:, 3] - boxes[:, 2] + 1
    hollow = (areas <= _MAX_FILL * heights * widths) & (np.minimum(heights, widths) >= _SMALLEST_SIDE)
    inside = (boxes[:, ::2] > 0).all(axis=1) & (boxes[:, 1::2] < np.array(labels.shape) - 1).all(axis=1)
    places = np.flatnonzero(inside & (hollow | _are_lines(areas, heights, widths))).tolist()
    pixels = np.zeros((0, 0), bool)
    frames: list[Frame] = []
    for place in places if len(places) <= _MOST_PIECES else ():
        top, bottom, left, right = boxes[place].tolist()
        rows, columns = slice(top, bottom + 1), slice(left, right + 1)
        own = labels[rows, columns] == place + 1
        found = _frame_lines(own) if hollow[place] else _line(own)
        if found is None and _encloses_digits(own, labels[rows, columns] > 0, boxes, place):
            found = "ring", own
        if found is not None:
            kind, lines = found
            pixels = pixels if frames else np.zeros(labels.shape, bool)
            pixels[rows, columns] |= lines
            frames.append(Frame(kind, rows, columns))
    return pixels, tuple(frames)


def _are_lines(areas: np.ndarray, heights: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """Which pieces may be level lines, and not dashes: they are slim, and far wider than others are high, bool (K,)."""
    if len(heights) < 2:
        return np.zeros(len(heights), bool)
    second, first = np.sort(heights)[-2:]
    others = np.where(heights == first, second, first)
    return (areas <= widths**2 / _LINE_SLIMNESS) & (widths >= _LINE_WIDTH * others) & (heights < _SMALLEST_SIDE)


def _line(own: np.ndarray) -> tuple[str, np.ndarray] | None:
    return ("line", own) if _is_straight(own) and _is_straight(own[::-1]) else None


def _frame_lines(own: np.ndarray) -> tuple[str, np.ndarray] | None:
    """The kind of frame that a piece of ink is or holds, and the pixels of its lines, if it is one."""
    height, width = own.shape
    level_sides = sum(_is_straight(side) for side in (own, own[::-1]))
    upright_sides = sum(_is_straight(side) for side in (own.T, own.T[::-1]))
    on_line = width >= _LINE_ASPECT * height
    if level_sides + upright_sides < 3 and not (level_sides and on_line):
        return None
    level, level_count = _parallel_lines(own)
    upright, upright_count = _parallel_lines(own.T)
    kind = _kind(level_count, upright_count)
    if kind is None and level_count and on_line:
        kind, upright = "line", np.zeros_like(upright)
    return None if kind is None else (kind, with_remains(own, level | upright.T))


def _kind(level: int, upright: int) -> str | None:
    """What so many level and upright lines are."""
    if not level or upright < 2:
        return None
    if min(level, upright) > 2:
        return "grid"
    if level == 1:
        return "comb"
    return "frame" if upright == 2 else "boxes"


def _parallel_lines(own: np.ndarray) -> tuple[np.ndarray, int]:
    """The pixels of a piece of ink, bool (H, W), that belong to lines from its left to its right end, and their number.

    All lines have one slope, with which they are in the fewest rows of pixels.
    """
    rows, columns = np.nonzero(own)
    along = [np.rint(rows - slope * columns).astype(int) for slope in _SLOPES]
    places = max(along, key=lambda place: float((np.bincount(place - place.min()) ** 2.0).sum()))
    places = places - places.min()
    straight = np.zeros((places.max() + 2, own.shape[1]), bool)
    straight[places, columns] = True
    covered = (straight[:-1] | straight[1:]).mean(axis=1) >= _COVERED
    half = straight.mean(axis=1) >= _HALF_COVERED
    heights = run_heights(straight)
    lines, count = np.zeros_like(straight), 0
    for first, last in _runs(half):
        thickness = last - first
        if thickness <= max(_LEAST_THICK, _THICKEST * min(own.shape)) and covered[max(0, first - 1) : last].any():
            near = slice(max(0, first - thickness), last + thickness)
            lines[near] |= straight[near] & (heights[near] <= _STROKE_HEIGHT * thickness + 1)
            count += 1
    found = np.zeros_like(own)
    found[rows, columns] = lines[places, columns]
    return found, count


def _runs(mask: np.ndarray) -> list[tuple[int, int]]:
    """The first place of each run of True in a mask (N,), and the place behind its last."""
    ends = np.flatnonzero(np.diff(np.pad(mask, 1).astype(np.int8)))
    return [(int(first), int(last)) for first, last in ends.reshape(-1, 2)]


def _encloses_digits(own: np.ndarray, inked: np.ndarray, boxes: np.ndarray, place: int) -> bool:
    """Whether a piece, bool (H, W), is a closed curve around others that together are larger than the dot in a zero.

    Parameters
    ----------
    inked : bool (H, W), all ink in its box.
    boxes, place : of all pieces (K, 4), and which of them it is.
    """
    starts, ends = boxes[:, ::2], boxes[:, 1::2]
    inside = (starts > starts[place]).all(axis=1) & (ends < ends[place]).all(axis=1)
    if not inside.any():
        return False
    size = ends[inside].max(axis=0) - starts[inside].min(axis=0) + 1
    if (size < _MIN_ENCLOSED * np.array(own.shape)).any():
        return False
    import cc3d

    around = cc3d.connected_components(np.pad(~own, 1, constant_values=True).view(np.uint8), connectivity=4)
    return bool((inked & ~own & (around[1:-1, 1:-1] > 1)).sum() >= 0.9 * (inked & ~own).sum())


def with_remains(own: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """The lines with what is left of a piece of ink only beside them, such as their crossings."""
    import cc3d

    labels = cc3d.connected_components((own & ~lines).view(np.uint8), connectivity=8)
    near = max_filter(lines, _LEAST_THICK)
    apart = np.unique(labels[~near])
    return own & ~labelled_as(labels, apart[apart > 0])


def _is_straight(piece: np.ndarray) -> bool:
    """Whether the upper side of a piece of ink, bool (H, W), is a straight and nearly level line."""
    first = piece.argmax(axis=0)
    third = max(1, len(first) // 3)
    left, right = np.median(first[:third]), np.median(first[-third:])
    slope = (right - left) / max(1, len(first) - third)
    line = left + slope * (np.arange(len(first)) - (third - 1) / 2)
    tolerance = max(_LEAST_TOLERANCE, _TOLERANCE * min(piece.shape))
    is_on_line = np.abs(first - line) <= tolerance
    return bool(abs(slope) <= _SLOPES[-1] and is_on_line.mean() >= _STRAIGHT_SHARE)
