"""Filled-in forms that tests draw: numbers of embedded digits at known places of a page."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from drawn import Box, glyph, on_paper, side_by_side
from framed import text


class Page(NamedTuple):
    """A page and what is written on it.

    Attributes
    ----------
    levels : uint8 (H, W).
    boxes : (x, y, width, height) around each number, with `drawn.MARGIN` pixels around its ink.
    texts : what is written in each.
    digits : the boxes of its digits on the page.
    """

    levels: np.ndarray
    boxes: dict[str, Box]
    texts: dict[str, str]
    digits: dict[str, list[Box]]


def page_of(
    numbers: Mapping[str, Sequence[int]], places: Sequence[tuple[int, int]], size: tuple[int, int], height: int = 40
) -> Page:
    """A page of size (width, height) with numbers whose digits are so high.

    Parameters
    ----------
    numbers : rows of `drawn.glyphs`, by the names of the fields.
    places : x and y of the upper left corner of each field.
    """
    ink, boxes, digits = np.zeros(size[::-1], np.float32), {}, {}
    for (name, rows), (x, y) in zip(numbers.items(), places, strict=True):
        number, own = side_by_side([glyph(int(row), height) for row in rows], [height // 4] * (len(rows) - 1))
        ink[y : y + number.shape[0], x : x + number.shape[1]] = number
        boxes[name] = (x, y, number.shape[1], number.shape[0])
        digits[name] = [(x + left, y + top, w, h) for left, top, w, h in own]
    texts = {name: text([int(row) for row in rows]) for name, rows in numbers.items()}
    return Page(np.uint8(on_paper(ink, np.random.default_rng(0))), boxes, texts, digits)


def shares(box: Box, size: tuple[int, int]) -> tuple[float, ...]:
    """A box in pixels as shares of a picture of that size."""
    return tuple(side / size[axis % 2] for axis, side in enumerate(box))
