"""The page: the ink of a picture, where it lies in the original, and what is odd about it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inkling.ink import LONGEST_SIDE, Ink, InkPart, Picture, box_of, find_ink, pad_tight_crop
from inkling.reading.marks import Box, Mark
from inkling.reading.pieces import digit_height

_MIN_DIGIT_HEIGHT = 24  # pixels; a picture with lower digits is enlarged, since cuts go between pixels.
_MAX_ENLARGEMENT = 4  # A picture is enlarged at most so many times, and to no more pixels than LONGEST_SIDE².
_MIN_THIN_SIDE = 40  # pixels; a digit whose longer side is shorter is not warned of for thin strokes.
_THIN_AREA = 0.03  # Of the square of the longer side: a digit with less ink was written by a very fine pen.


@dataclass(frozen=True)
class Page:
    """The ink of a picture, and where it lies in the original.

    Attributes
    ----------
    ink : of the picture, perhaps enlarged, with its frame.
    scale : pixels of the original per pixel of the ink, down and across.
    margin : width in pixels of the frame that was added around the picture.
    """

    ink: Ink
    scale: tuple[float, float]
    margin: int = 0


def read_page(picture: Picture, single: bool = False) -> Page:
    """The ink of a picture, which is enlarged where there are several components and these are low.

    Parameters
    ----------
    single : it is one digit.
    """
    levels, margin = pad_tight_crop(picture.levels)
    ink = find_ink(levels, not single)
    if len(ink.components) < 2 or (height := digit_height(ink.components)) >= _MIN_DIGIT_HEIGHT:
        return Page(ink, picture.scale, margin)
    times = min(_MAX_ENLARGEMENT, int(-(-2 * _MIN_DIGIT_HEIGHT // height)), math.isqrt(LONGEST_SIDE**2 // levels.size))
    if times < 2:
        return Page(ink, picture.scale, margin)
    down, across = picture.scale
    return Page(find_ink(_enlarged(levels, times), not single), (down / times, across / times), margin * times)


def frame_marks(page: Page) -> list[Mark]:
    """The frames of a page, which were taken off."""
    return [Mark(frame.kind, place_in(page, (frame.rows, frame.columns))) for frame in page.ink.frames]


def box_in(page: Page, parts: Sequence[InkPart]) -> Box:
    """The box around some parts in the original."""
    return place_in(page, box_of(parts))


def place_in(page: Page, sides: tuple[slice, slice]) -> Box:
    """(x, y, width, height) in pixels of the original, without its margin, of some rows and columns."""
    (top, height), (left, width) = map(_extent, sides, page.ink.labels.shape, page.scale, [page.margin] * 2)
    return left, top, width, height


def _extent(side: slice, length: int, scale: float, margin: int) -> tuple[int, int]:
    """The first pixel of the original that a side of a box covers, and the number: at least 1, none beyond the end."""
    inner = length - 2 * margin
    start, stop, end = (
        round(scale * min(max(place, 0), inner)) for place in (side.start - margin, side.stop - margin, inner)
    )
    start = min(start, end - 1)
    return start, max(1, stop - start)


def ink_warnings(page: Page, parts: Sequence[InkPart]) -> tuple[str, ...]:
    """Warnings about the ink of a digit."""
    rows, columns = box_of(parts)
    height, width = (side - page.margin for side in page.ink.labels.shape)
    warnings = []
    if min(rows.start, columns.start) <= page.margin or rows.stop >= height or columns.stop >= width:
        warnings.append("touches the border")
    longest = max(rows.stop - rows.start, columns.stop - columns.start)
    if longest >= _MIN_THIN_SIDE and sum(part.area for part in parts) < _THIN_AREA * longest**2:
        warnings.append("very thin strokes")
    return tuple(warnings)


def _enlarged(levels: np.ndarray, times: int) -> np.ndarray:
    from PIL import Image

    size = levels.shape[1] * times, levels.shape[0] * times
    return np.asarray(Image.fromarray(levels).resize(size, Image.Resampling.BICUBIC))
