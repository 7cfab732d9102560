"""Crossing: ink of about a digit's height at the border of a box that the box cuts, or that was lost there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkling.ink.components import Ink
from inkling.ink.morphology import dilate
from inkling.ink.ruled_lines import run_heights

_HEIGHT = 0.6, 1.8  # Of a digit: ink that is lower or higher is none, such as a comma, a bracket or a stain.
_NEAR = 2  # pixels; ink inside of the box that is so near to its border may be dropped as a neighbour's.
_BAND = 1  # pixel beyond the border: ink that reaches no further is not cut.
_LEAST_INSIDE = 0.02  # Of the ink of a digit: with less of it in the box, it lies outside.
_LEAST_OUTSIDE = 0.05  # Of the ink of a digit: with less of it outside, it is read as if it were whole.
_DIGIT_AREA = 0.25  # Of the square of a digit's height: joined digits have more ink, of which one may be cut.
_LINE_LENGTH = 1.4  # Heights of a digit: a straight run of ink that is longer belongs to a line, not to a digit.

Sides = tuple[slice, slice]  # rows and columns


def is_crossed(ink: Ink, box: Sides, heights: tuple[float, float], found: Sequence[Sides]) -> bool:
    """Whether ink of about a digit's height is cut by the border of a box, or touches it and was not found.

    Lines and frames do not count: most were taken off when the ink was found, and what is left of them is straight and
    long.

    Parameters
    ----------
    ink : of a picture that shows some ground around the box.
    box : in that picture; at a border of the picture nothing is cut.
    heights : of the lowest and the highest digit that is expected, in pixels.
    found : the boxes of the digits that were found in the box, in that picture.
    """
    import cc3d

    mask = ink.labels > 0
    mask &= ~_long_lines(mask, _LINE_LENGTH * heights[1])
    labels = cc3d.connected_components(mask.view(np.uint8), connectivity=8)
    areas = np.bincount(labels.ravel())

    def inside(by: int) -> np.ndarray:
        """The area of each piece in the box that is larger by so many pixels."""
        return np.bincount(labels[_resized(box, labels.shape, by)].ravel(), minlength=len(areas))

    digit = np.minimum(areas, _DIGIT_AREA * heights[0] ** 2)
    is_near = (inside(0) > _LEAST_INSIDE * digit) & (areas > inside(-_NEAR))
    is_cut = areas - inside(_BAND) > _LEAST_OUTSIDE * digit
    for label in np.flatnonzero(is_near).tolist():
        own = labels == label
        is_high = _HEIGHT[0] * heights[0] <= _extent(own.any(axis=1)) <= _HEIGHT[1] * heights[1]
        if label and is_high and (is_cut[label] or not _is_among(own[box], box, found)):
            return True
    return False


def _long_lines(mask: np.ndarray, least: float) -> np.ndarray:
    """The pixels of a mask, bool (H, W), in level or upright runs of at least this length; they may be a bit askew."""
    wide = dilate(mask)
    return mask & (np.maximum(run_heights(wide), run_heights(wide.T).T) >= least)


def _resized(box: Sides, shape: tuple[int, ...], by: int) -> Sides:
    """The box, larger by some pixels on each side that is no border of the picture (H, W)."""
    rows, columns = (
        slice(side.start - by if side.start > 0 else 0, side.stop + by if side.stop < length else length)
        for side, length in zip(box, shape, strict=True)
    )
    return slice(max(0, rows.start), rows.stop), slice(max(0, columns.start), columns.stop)


def _is_among(own: np.ndarray, box: Sides, found: Sequence[Sides]) -> bool:
    """Whether the middle of a piece, bool (h, w) in the box, lies in one of the boxes of digits."""
    middle = [side.start + np.flatnonzero(own.any(axis=1 - axis)).mean() for axis, side in enumerate(box)]
    return any(all(side.start <= at <= side.stop for side, at in zip(each, middle, strict=True)) for each in found)


def _extent(inked: np.ndarray) -> int:
    places = np.flatnonzero(inked)
    return int(places[-1] - places[0]) + 1
