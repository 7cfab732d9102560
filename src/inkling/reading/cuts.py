"""Cuts: where along the row a mark may be parted into digits that touch.

There are three such places. A neck has little ink: a line that joins two digits. In a valley the ink reaches less up
and down than on both sides: two digits lean on each other there, with much ink in one column, perhaps. And where two
loops lie side by side, as in 00 written in one go, the stroke between them belongs to both and is halved.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

# Lengths are shares of the height of a digit in this row.
_WIDE = 0.45  # a narrower mark is one digit at most
_NECK = 0.4  # so much ink at most is in a neck
_VALLEY = 0.9, 0.5  # of the reach on both sides, so near, is that of a valley at most
_LOOP = 0.01  # of the square of the height: a smaller hole is none of a loop
_BESIDE = 0.5  # of the lower one's rows two loops have in common that lie side by side
_BETWEEN = -0.2, 0.5  # from one to the other
_APART = 0.16, 0.12  # between two necks, and between a valley and another cut
_END = 0.18  # from a cut to the mark's end
_NEIGHBOURS = 0.09  # as far on both sides there is no better place to cut
_MOST_CUTS = 16  # of a mark
_SMOOTH = np.full(3, 1 / 3)  # over columns


def cuts_of(inked: np.ndarray, slant: float, height: float) -> list[float]:
    """Where to cut a mark, bool (H, W), in a row of such a slant with digits of such a height.

    Returns
    -------
    column + slant · row of each cut, from left to right.
    """
    rows, columns = np.nonzero(inked)
    along = columns + slant * rows
    start, width = along.min(), along.max() - along.min() + 1
    if width <= _WIDE * height:
        return []
    ink, reach = _profiles((along - start).astype(int), rows)
    necks = [x for x in _lowest(ink, height) if ink[x] <= _NECK * height]
    valleys = [x for x in _lowest(reach, height) if _is_valley(reach, x, height)]
    chosen = [x - start for x in _between_loops(inked, slant, height)]
    for places, profile, apart in ((necks, ink, _APART[0]), (valleys, reach, _APART[1])):
        for x in sorted(places, key=lambda x: profile[x]):
            if all(abs(x - other) >= apart * height for other in chosen):
                chosen.append(x)
    return sorted(start + x for x in chosen[:_MOST_CUTS])


def _profiles(columns: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each column, how many pixels are ink, and how far it is from the highest of them to the lowest; smoothed."""
    count = int(columns.max()) + 1
    highest, lowest = np.full(count, rows.max() + 1), np.full(count, rows.min())
    np.minimum.at(highest, columns, rows)
    np.maximum.at(lowest, columns, rows + 1)
    ink, reach = np.bincount(columns, minlength=count), (lowest - highest).clip(min=0)
    return np.convolve(ink, _SMOOTH, "same"), np.convolve(reach, _SMOOTH, "same")


def _lowest(profile: np.ndarray, height: float) -> list[int]:
    """The columns, but for those at the ends, near which there is no lower one."""
    around, end = max(2, int(_NEIGHBOURS * height)), int(_END * height)
    framed = np.pad(profile, around, constant_values=np.inf)
    least = np.lib.stride_tricks.sliding_window_view(framed, 2 * around + 1).min(axis=1)
    return [x for x in range(end, len(profile) - end) if profile[x] == least[x]]


def _is_valley(reach: np.ndarray, x: int, height: float) -> bool:
    """Whether the ink reaches further up and down on both sides."""
    share, near = _VALLEY[0], int(_VALLEY[1] * height)
    return bool(reach[x] <= share * min(reach[max(0, x - near) : x + 1].max(), reach[x : x + near + 1].max()))


def _between_loops(inked: np.ndarray, slant: float, height: float) -> Iterator[float]:
    """The middles, along the row, between loops that lie side by side."""
    loops = _loops(inked, slant, _LOOP * height**2)
    for one, other in pairwise(loops):
        common = min(one[3], other[3]) - max(one[2], other[2])
        beside = common >= _BESIDE * min(one[3] - one[2], other[3] - other[2])
        if beside and _BETWEEN[0] * height <= other[0] - one[1] <= _BETWEEN[1] * height:
            yield (one[1] + other[0]) / 2


def _loops(inked: np.ndarray, slant: float, least: float) -> list[tuple[float, float, int, int]]:
    """The holes of at least so many pixels, from left to right: their ends along the row, their first and last row."""
    import cc3d

    ground = cc3d.connected_components(np.pad(~inked, 1, constant_values=True).view(np.uint8), connectivity=4)
    rows, columns = np.nonzero(ground > 1)  # 1 is the outside, for it has the first pixel
    label, along = ground[rows, columns], columns - 1 + slant * (rows - 1)
    large = np.flatnonzero(np.bincount(label) >= least)
    each = [(along[label == one], rows[label == one]) for one in large]
    each.sort(key=lambda hole: hole[0].mean())
    return [(float(a.min()), float(a.max()), int(r.min()), int(r.max())) for a, r in each]
