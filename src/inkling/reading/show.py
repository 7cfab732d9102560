"""A picture of a reading: what was found where, how sure the network is, and what it was shown.

What is read is blue; what is refused is vermilion, with a question mark.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from inkling.ink import Picture
from inkling.palette import BLUE, FAINT, GREY, INK, VERMILION
from inkling.reading.result import Digit, Reading

# All in pixels of the drawing.
_LONGEST = 960
_MOST_ENLARGED = 12  # times
_ZOOM = 3  # of what the network saw, without smoothing: what is shown are the numbers that it got
_GAP, _LINE = 12, 2
_LARGE, _SMALL = 22, 14  # type
_WORTH_TELLING = 0.01  # a probability


def draw(picture: Picture, reading: Reading) -> bytes:
    """A PNG: the text, the picture with a box around each digit, and the 28×28 of each with its confidence."""
    sheet = _stacked([_heading(reading), _boxed(picture, reading), *map(_seen, reading.rows)])
    buffer = io.BytesIO()
    ImageOps.expand(sheet, _GAP, "white").save(buffer, "PNG")
    return buffer.getvalue()


def _heading(reading: Reading) -> Image.Image:
    line = f"{reading.name}: {' '.join(reading.text.split())}"
    return _written([(line, _LARGE, INK), *((warning, _SMALL, GREY) for warning in reading.all_warnings)])


def _boxed(picture: Picture, reading: Reading) -> Image.Image:
    """The picture, as large as is good to look at, with room for labels above and for frames on all sides."""
    grey = Image.fromarray(np.rint(picture.levels).astype(np.uint8))
    times = min(_LONGEST // max(grey.size), _MOST_ENLARGED)
    if times:
        grey = grey.resize((grey.width * times, grey.height * times), Image.Resampling.NEAREST)
    else:
        grey.thumbnail((_LONGEST, _LONGEST))
    side, top = 2 * _LINE, _LARGE + 2 * _LINE
    canvas = ImageOps.expand(grey.convert("RGB"), (side, top, side, side), "white")
    pen, font = ImageDraw.Draw(canvas), ImageFont.load_default(_LARGE)
    pen.rectangle((side - 1, top - 1, side + grey.width, top + grey.height), None, FAINT)
    zoom = grey.width / reading.size[0]
    for digit in reading.digits:
        x, y, width, height = (round(zoom * length) for length in digit.box)
        left, upper = side + x - _LINE, top + y - _LINE
        right, lower = side + x + width + _LINE - 1, top + y + height + _LINE - 1  # a line is drawn to its end
        pen.rectangle((left, upper, right, lower), None, _colour(digit), _LINE)
        corner = left, upper - _LINE
        pen.text(corner, digit.text, _colour(digit), font, "ls", stroke_width=_LINE, stroke_fill="white")
    return canvas


def _seen(row: Sequence[Digit]) -> Image.Image:
    """What the network saw of a row of digits, side by side."""
    tiles = [_tile(digit) for digit in row]
    many = _LONGEST // (tiles[0].width + _GAP)
    return _stacked([_beside(tiles[start : start + many]) for start in range(0, len(tiles), many)])


def _tile(digit: Digit) -> Image.Image:
    """What the network saw, and what it made of it."""
    seen = Image.fromarray(digit.image.repeat(_ZOOM, axis=0).repeat(_ZOOM, axis=1)).convert("RGB")
    lines = [(digit.text, _LARGE, _colour(digit)), (f"{digit.digit}: {100 * digit.confidence:.1f} %", _SMALL, INK)]
    if digit.not_a_digit >= _WORTH_TELLING:
        lines.append((f"none: {100 * digit.not_a_digit:.1f} %", _SMALL, GREY))
    return _stacked([ImageOps.expand(seen, _LINE, _colour(digit)), _written(lines)], _LINE)


def _colour(digit: Digit) -> str:
    return BLUE if digit.accepted else VERMILION


def _written(lines: Sequence[tuple[str, int, str]]) -> Image.Image:
    """Lines of text, each with its size and colour; what is longer than a picture is cut off."""
    fonts = [ImageFont.load_default(size) for _, size, _ in lines]
    width = max(font.getlength(text) for (text, _, _), font in zip(lines, fonts, strict=True))
    canvas = _paper(min(round(width), _LONGEST), sum(size + 2 * _LINE for _, size, _ in lines))
    pen, y = ImageDraw.Draw(canvas), 0
    for (text, size, colour), font in zip(lines, fonts, strict=True):
        pen.text((0, y + size), text, colour, font, "ls")
        y += size + 2 * _LINE
    return canvas


def _stacked(images: Sequence[Image.Image], gap: int = _GAP) -> Image.Image:
    """One under the other."""
    canvas = _paper(max(image.width for image in images), sum(image.height + gap for image in images) - gap)
    y = 0
    for image in images:
        canvas.paste(image, (0, y))
        y += image.height + gap
    return canvas


def _beside(images: Sequence[Image.Image]) -> Image.Image:
    """One beside the other."""
    canvas = _paper(sum(image.width + _GAP for image in images) - _GAP, max(image.height for image in images))
    x = 0
    for image in images:
        canvas.paste(image, (x, 0))
        x += image.width + _GAP
    return canvas


def _paper(width: int, height: int) -> Image.Image:
    return Image.new("RGB", (width, height), "white")
