"""The page to print: four marks, instructions, and for each digit a row of cells between two ticks."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from inkling.sheet import layout

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

DPI = 300
_BLACK, _LABEL, _TEXT, _FRAME, _WHITE = 0, 150, 90, 225, 255  # a frame so light that no reader takes it for ink
_INSTRUCTION = (
    "Write one digit into each cell, the one at the left of its row, as you always write it.\n"
    "Empty cells are left out. Then scan the page, or photograph all of it with its four marks."
)


def draw_page(paper: str = "a4", form: str = "PDF") -> bytes:
    """The file of the page, a PDF or PNG, on one of PAPERS, at 300 dots an inch."""
    from PIL import Image, ImageDraw, ImageFont

    width, height = layout.PAPERS[paper]
    picture = Image.new("L", (round(width * DPI / 25.4), round(height * DPI / 25.4)), _WHITE)
    page = _Page(ImageDraw.Draw(picture), (width - layout.WIDTH) / 2, (height - layout.HEIGHT) / 2)
    page.draw_marks()
    page.write((layout.WIDTH / 2, 4), _INSTRUCTION, ImageFont.load_default(_pixels(3.4)), _TEXT)
    for row in range(layout.ROWS):
        middle = (layout.cell(row, 0).top + layout.cell(row, 0).bottom) / 2
        page.write((layout.LABEL, middle), str(row), ImageFont.load_default(_pixels(7)), _LABEL)
        for tick in layout.ticks(row):
            page.rectangle(tick, fill=_BLACK)
        for column in range(layout.COLUMNS):
            page.rectangle(layout.cell(row, column), outline=_FRAME, width=_pixels(0.35))
    buffer = io.BytesIO()
    if form == "PDF":
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

    def rectangle(self, box: layout.Box, **how: int) -> None:
        self.draw.rectangle((*self.place(box.left, box.top), *self.place(box.right, box.bottom)), **how)

    def write(
        self, middle: tuple[float, float], text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, fill: int
    ) -> None:
        self.draw.text(self.place(*middle), text, fill, font, "mm", align="center")

    def draw_marks(self) -> None:
        for x in (0, layout.WIDTH):
            for y in (0, layout.HEIGHT):
                self.square(x, y, layout.MARK, _BLACK)
        self.square(0, 0, layout.HOLE, _WHITE)

    def square(self, x: float, y: float, side: float, fill: int) -> None:
        self.rectangle(layout.Box(x - side / 2, y - side / 2, x + side / 2, y + side / 2), fill=fill)


def _pixels(millimetres: float) -> int:
    return round(millimetres * DPI / 25.4)
