"""The border of a field: whether it cuts ink, of which the field alone shows only a part, or nothing that is read."""

from __future__ import annotations

from collections.abc import Sequence

from inkling.ink import Original, find_ink, is_crossed
from inkling.reading.marks import Box
from inkling.reading.pieces import digit_height
from inkling.reading.result import Digit

_MARGIN = 0.75  # Of a digit's height, or of the field's shorter side: so much around the field is looked at.


def cuts_ink(picture: Original, field: Box, digits: Sequence[Digit], single: bool) -> bool:
    """Whether ink of about a digit's height is cut by the border of a field, or touches it and was not read.

    Parameters
    ----------
    field : (x, y, width, height) in pixels of the picture.
    digits : that were read in the field, with boxes in pixels of the field.
    single : it is one digit.
    """
    around = _with_margin(field, [digit.box[3] for digit in digits], picture.size)
    if around == field:
        return False
    part = picture.part(around)
    ink = find_ink(part.levels, not single)
    if not ink.components:
        return False
    down, across = part.scale
    left, top = field[0] - around[0], field[1] - around[1]

    def sides(x: float, y: float, width: float, height: float) -> tuple[slice, slice]:
        """Rows and columns of a box, in pixels of the field, in the part."""
        rows = slice(round((top + y) / down), round((top + y + height) / down))
        return rows, slice(round((left + x) / across), round((left + x + width) / across))

    heights = [digit_height(ink.components), *(digit.box[3] / down for digit in digits)]
    found = [sides(*digit.box) for digit in digits]
    return is_crossed(ink, sides(0, 0, *field[2:]), (min(heights), max(heights)), found)


def _with_margin(field: Box, heights: Sequence[int], size: tuple[int, int]) -> Box:
    """The box of a field with what is looked at around it, as far as the picture (width, height) goes."""
    x, y, width, height = field
    margin = round(_MARGIN * min(width, height, max(heights, default=height)))
    left, top = max(0, x - margin), max(0, y - margin)
    return left, top, min(size[0], x + width + margin) - left, min(size[1], y + height + margin) - top
