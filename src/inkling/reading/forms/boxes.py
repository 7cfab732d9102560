"""Boxes of fields: in shares of the picture, or in pixels of a picture of a known size."""

from __future__ import annotations

import math
from collections.abc import Sequence

from inkling.errors import DataError, UsageError, described, shortened
from inkling.notation import is_number
from inkling.reading.marks import Box

Size = tuple[int, int]

_MAX_STRETCH = 0.02  # Pictures have the same shape if the ratios of their sides differ by this share at most.
_ROUNDING = 1e-6  # Shares that are written in decimals may reach so far beyond 1.
_MEANT = "left, top, width and height, as shares of the picture from 0 to 1 or in whole pixels"


def checked_box(box: object, size: Size | None) -> tuple[float, float, float, float]:
    """A box as it stands in a template, if it is one that can lie in the picture.

    Parameters
    ----------
    size : (width, height) in pixels of the picture that the template was made for, if it is known.

    Raises
    ------
    UsageError
        There are no four numbers, the box is empty or leaves the picture, or it is in pixels and the size is not known.
    """
    if not isinstance(box, Sequence) or isinstance(box, str) or len(box) != 4 or not all(map(is_number, box)):
        came = shortened(f"[{', '.join(map(str, box))}]") if isinstance(box, list | tuple) else described(box)
        raise UsageError(f"box is {_MEANT}, not {came}")
    left, top, width, height = box
    shown = f"box [{', '.join(f'{number:g}' for number in box)}]"
    if not (width > 0 and height > 0):
        raise UsageError(f"{shown} is empty: its width and height, the last two numbers, are above 0")
    if in_pixels(box):
        if not all(isinstance(number, int) for number in box):
            raise UsageError(f"{shown} is neither in shares nor in pixels: it is {_MEANT}")
        if size is None:
            raise UsageError(
                f"{shown} is in pixels: write size = [WIDTH, HEIGHT] at the top, of the picture that they belong to"
            )
    across, down = size if size and in_pixels(box) else (1, 1)
    most_across, most_down = (side * (1 + _ROUNDING) for side in (across, down))
    if left < 0 or top < 0 or left + width > most_across or top + height > most_down:
        raise UsageError(f"{shown} leaves the picture, whose width and height are {across} and {down}")
    return left, top, width, height


def in_pixels(box: Sequence[float]) -> bool:
    """Whether a box is in pixels: some number is above 1."""
    return max(box) > 1


def place(box: Sequence[float], size: Size | None, picture: Size) -> Box:
    """A box (x, y, width, height) in pixels of a picture of size (width, height): every pixel that it touches.

    Parameters
    ----------
    box, size : as in `checked_box`.
    """
    across, down = size if size and in_pixels(box) else (1, 1)
    left, width = _extent(box[0], box[2], picture[0] / across, picture[0])
    top, height = _extent(box[1], box[3], picture[1] / down, picture[1])
    return left, top, width, height


def size_warnings(name: str, boxes: Sequence[Sequence[float]], size: Size | None, picture: Size) -> list[str]:
    """Warnings where a picture has another size than the template's.

    Raises
    ------
    DataError
        The picture has another shape, and some boxes are in pixels: they are not to be found in it.
    """
    if size is None or size == picture:
        return []
    shapes = f"{picture[0]}×{picture[1]} pixels, not {size[0]}×{size[1]}"
    has_pixels = any(map(in_pixels, boxes))
    if abs(math.log(picture[0] * size[1] / (picture[1] * size[0]))) <= _MAX_STRETCH:
        return [f"boxes are scaled: the picture has {shapes}"] if has_pixels else []
    if has_pixels:
        raise DataError(
            f"{name}: a picture in the shape of the template's was expected, whose boxes are in pixels, but it has "
            f"{shapes}; crop it, or give the boxes as shares"
        )
    return [f"another shape than the template's: {shapes}"]


def _extent(start: float, length: float, scale: float, end: int) -> tuple[int, int]:
    first = min(math.floor(start * scale + _ROUNDING), end - 1)
    last = min(math.ceil((start + length) * scale - _ROUNDING), end)
    return first, max(1, last - first)
