"""The page to print: four fiducials, instructions, and for each digit a row of cells between two ticks."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from inkling.sheet import layout

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

DPI = 300  # dots per inch
_MM_PER_INCH = 25.4

# Grey levels
_BLACK = 0
_TEXT_GREY = 90
_LABEL_GREY = 150
_FRAME_GREY = 225  # so light that no reader takes a cell's frame for ink
_WHITE = 255

# Millimetres
_TEXT_SIZE = 3.4
_TEXT_TOP = 4.0  # y of the middle of the instructions
_LABEL_SIZE = 7.0
_FRAME_WIDTH = 0.35

_INSTRUCTION = (
    "Write one digit into each cell, the one at the left of its row, as you always write it.\n"
    "Empty cells are left out. Then scan the page, or photograph all of it with its four corner marks."
)


def draw_page(paper: str = "a4", file_format: str = "PDF") -> bytes:
    """The bytes of a file of the page.

    Parameters
    ----------
    paper : one of PAPERS.
    file_format : PDF or PNG, both with 300 dots per inch.
    """
    from PIL import Image, ImageDraw, ImageFont

    width, height = layout.PAPERS[paper]
    picture = Image.new("L", (_pixels(width), _pixels(height)), _WHITE)
    page = _Page(ImageDraw.Draw(picture), (width - layout.WIDTH) / 2, (height - layout.HEIGHT) / 2)
    page.draw_fiducials()
    page.write((layout.WIDTH / 2, _TEXT_TOP), _INSTRUCTION, ImageFont.load_default(_pixels(_TEXT_SIZE)), _TEXT_GREY)
    for row in range(layout.DIGITS):
        middle = (layout.cell(row, 0).top + layout.cell(row, 0).bottom) / 2
        page.write((layout.LABEL, middle), str(row), ImageFont.load_default(_pixels(_LABEL_SIZE)), _LABEL_GREY)
        for tick in layout.ticks(row):
            page.rectangle(tick, fill=_BLACK)
        for column in range(layout.CELLS_PER_DIGIT):
            page.rectangle(layout.cell(row, column), outline=_FRAME_GREY, width=_pixels(_FRAME_WIDTH))
    buffer = io.BytesIO()
    if file_format == "PDF":
        picture.save(buffer, "PDF", resolution=DPI, quality=95, title="Inkling: a sheet of digits", creationDate=None)
    else:
        picture.save(buffer, "PNG", dpi=(DPI, DPI), optimize=True)
    return buffer.getvalue()


class _Page:
    """Drawing in the layout's millimetres, whose origin lies `left` and `top` millimetres into the paper."""

    def __init__(self, draw: ImageDraw.ImageDraw, left: float, top: float) -> None:
        self.draw, self.left, self.top = draw, left, top

    def place(self, x: float, y: float) -> tuple[int, int]:
        return _pixels(self.left + x), _pixels(self.top + y)

    def rectangle(self, box: layout.Box, **style: int) -> None:
        self.draw.rectangle((*self.place(box.left, box.top), *self.place(box.right, box.bottom)), **style)

    def write(
        self, middle: tuple[float, float], text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, fill: int
    ) -> None:
        self.draw.text(self.place(*middle), text, fill, font, "mm", align="center")

    def draw_fiducials(self) -> None:
        for x in (0, layout.WIDTH):
            for y in (0, layout.HEIGHT):
                self.square(x, y, layout.FIDUCIAL, _BLACK)
        self.square(0, 0, layout.HOLE, _WHITE)

    def square(self, x: float, y: float, side: float, fill: int) -> None:
        self.rectangle(layout.Box(x - side / 2, y - side / 2, x + side / 2, y + side / 2), fill=fill)


def _pixels(millimetres: float) -> int:
    return round(millimetres * DPI / _MM_PER_INCH)
