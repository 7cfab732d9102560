"""A drawing of a reading: where each digit was found, what the network was shown of it, and its confidence.

Digits that are accepted are blue; digits that are refused are vermilion, with a question mark. What was left out of the
text has a grey box, and the warnings name it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from inkling.ink import Picture
from inkling.palette import BLUE, FAINT, GREY, INK, VERMILION
from inkling.reading.marks import Box
from inkling.reading.result import Digit, Reading

# Lengths are in pixels of the drawing.
_LONGEST_SIDE = 960  # of the picture in it
_MAX_ENLARGEMENT = 12  # A small picture is enlarged at most so many times.
_ZOOM = 3  # Each pixel that the network saw is a square of so many pixels, without smoothing.
_GAP = 12
_LINE_WIDTH = 2
LARGE_TYPE = 22
SMALL_TYPE = 14
_MIN_SHOWN_PROBABILITY = 0.01  # A probability of "not a digit" is shown from here on.


def draw(picture: Picture, reading: Reading) -> bytes:
    """Draw a PNG: the text, the picture with a box around each digit, and the 28×28 of each with its confidence."""
    return png(stacked([_heading(reading), _boxed(picture, reading), *map(_seen, reading.lines)]))


def draw_digits(reading: Reading) -> bytes:
    """Draw a PNG without the picture: the text, and the 28×28 of each digit with its confidence."""
    return png(stacked([_heading(reading), *map(_seen, reading.lines)]))


def png(drawing: Image.Image) -> bytes:
    buffer = io.BytesIO()
    ImageOps.expand(drawing, _GAP, "white").save(buffer, "PNG")
    return buffer.getvalue()


def _heading(reading: Reading) -> Image.Image:
    line = f"{reading.name}: {reading.one_line}"
    return written([(line, LARGE_TYPE, INK), *((warning, SMALL_TYPE, GREY) for warning in reading.all_warnings)])


def _boxed(picture: Picture, reading: Reading) -> Image.Image:
    marks = ((mark.box, "", GREY) for mark in reading.marks)
    digits = ((digit.box, digit.text, colour_of(digit)) for digit in reading.digits)
    return boxed(picture, reading.size, (*marks, *digits))


def boxed(picture: Picture, size: tuple[int, int], boxes: Iterable[tuple[Box, str, str]]) -> Image.Image:
    """The picture with boxes, and room for labels above and for boxes on all sides.

    Parameters
    ----------
    size : (width, height) of the picture in the pixels that the boxes are in.
    boxes : each with its label and its colour.
    """
    grey = Image.fromarray(np.rint(picture.levels).astype(np.uint8))
    times = min(_LONGEST_SIDE // max(grey.size), _MAX_ENLARGEMENT)
    if times:
        grey = grey.resize((grey.width * times, grey.height * times), Image.Resampling.NEAREST)
    else:
        grey.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    side, top = 2 * _LINE_WIDTH, LARGE_TYPE + 2 * _LINE_WIDTH
    canvas = ImageOps.expand(grey.convert("RGB"), (side, top, side, side), "white")
    pen, font = ImageDraw.Draw(canvas), ImageFont.load_default(LARGE_TYPE)
    pen.rectangle((side - 1, top - 1, side + grey.width, top + grey.height), None, FAINT)
    zoom = grey.width / size[0]
    for box, label, colour in boxes:
        x, y, width, height = (round(zoom * length) for length in box)
        left, upper = side + x - _LINE_WIDTH, top + y - _LINE_WIDTH
        right = side + x + width + _LINE_WIDTH - 1  # Pillow draws the last pixel of a line, too.
        lower = top + y + height + _LINE_WIDTH - 1
        pen.rectangle((left, upper, right, lower), None, colour, _LINE_WIDTH)
        corner = left, upper - _LINE_WIDTH
        pen.text(corner, label, colour, font, "ls", stroke_width=_LINE_WIDTH, stroke_fill="white")
    return canvas


def _seen(line: Sequence[Digit]) -> Image.Image:
    """What the network saw of a line of digits, side by side."""
    tiles = [_tile(digit) for digit in line]
    count = _LONGEST_SIDE // (tiles[0].width + _GAP)
    return stacked([_side_by_side(tiles[start : start + count]) for start in range(0, len(tiles), count)])


def _tile(digit: Digit) -> Image.Image:
    """What the network saw of a digit, as dark ink on white, and its answer."""
    seen = Image.fromarray(255 - digit.image.repeat(_ZOOM, axis=0).repeat(_ZOOM, axis=1)).convert("RGB")
    lines = [
        (digit.text, LARGE_TYPE, colour_of(digit)),
        (f"{digit.digit}: {100 * digit.confidence:.1f} %", SMALL_TYPE, INK),
    ]
    if digit.not_a_digit >= _MIN_SHOWN_PROBABILITY:
        lines.append((f"none: {100 * digit.not_a_digit:.1f} %", SMALL_TYPE, GREY))
    return stacked([ImageOps.expand(seen, _LINE_WIDTH, colour_of(digit)), written(lines)], _LINE_WIDTH)


def colour_of(digit: Digit) -> str:
    return BLUE if digit.accepted else VERMILION


def written(lines: Sequence[tuple[str, int, str]]) -> Image.Image:
    """Lines of text, each with its size and colour; longer ones than a picture are cut off."""
    fonts = [ImageFont.load_default(size) for _, size, _ in lines]
    width = max(font.getlength(text) for (text, _, _), font in zip(lines, fonts, strict=True))
    canvas = _paper(min(round(width), _LONGEST_SIDE), sum(size + 2 * _LINE_WIDTH for _, size, _ in lines))
    pen, y = ImageDraw.Draw(canvas), 0
    for (text, size, colour), font in zip(lines, fonts, strict=True):
        pen.text((0, y + size), text, colour, font, "ls")
        y += size + 2 * _LINE_WIDTH
    return canvas


def stacked(images: Sequence[Image.Image], gap: int = _GAP) -> Image.Image:
    """Images one under the other."""
    canvas = _paper(max(image.width for image in images), sum(image.height + gap for image in images) - gap)
    y = 0
    for image in images:
        canvas.paste(image, (0, y))
        y += image.height + gap
    return canvas


def _side_by_side(images: Sequence[Image.Image]) -> Image.Image:
    canvas = _paper(sum(image.width + _GAP for image in images) - _GAP, max(image.height for image in images))
    x = 0
    for image in images:
        canvas.paste(image, (x, 0))
        x += image.width + _GAP
    return canvas


def _paper(width: int, height: int) -> Image.Image:
    return Image.new("RGB", (width, height), "white")
