"""Where everything lies on the sheet, in millimetres: what prints it and what reads it share this.

The origin is the centre of the first fiducial, x goes right and y down. Fiducials are the black squares by which a
picture of the page is put straight. All that is read lies between the four of them, which are as far apart on any
paper; so whoever reads a sheet need not know the paper.
"""

from __future__ import annotations

from typing import NamedTuple


class Size(NamedTuple):
    width: float
    height: float


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float


PAPERS = {"a4": Size(width=210.0, height=297.0), "letter": Size(width=215.9, height=279.4)}

WIDTH = 182.0  # The distance between the centres of the left and the right fiducials is so many mm.
HEIGHT = 250.0  # The distance between the centres of the upper and the lower fiducials is so many mm.
FIDUCIAL = 8.0  # The side of a fiducial, a solid square, is so many mm.
HOLE = 4.0  # The side of the square hole in the first fiducial, upper left, which shows how the page is turned.

DIGITS = 10  # Each row of cells is for one digit, from 0 at the top to 9.
CELLS_PER_DIGIT = 12  # The cells of a row stand side by side, in columns.
CELL = Size(width=12.0, height=19.0)  # The frame of a cell is so large.
PITCH = Size(width=14.2, height=22.4)  # The upper left corners of neighbouring cells are so far apart.
FIRST_LEFT = 9.5  # The upper left corner of the first cell has this x.
FIRST_TOP = 14.0  # The upper left corner of the first cell has this y.
LABEL = 5.2  # The labels at the left of the rows have their middle at this x.
TICK = Size(width=1.8, height=3.0)  # A tick is so large; one at each end of each row confirms the fiducials.


def cell(row: int, column: int) -> Box:
    """The frame of a cell."""
    left, top = FIRST_LEFT + column * PITCH.width, FIRST_TOP + row * PITCH.height
    return Box(left, top, left + CELL.width, top + CELL.height)


def ticks(row: float) -> tuple[Box, Box]:
    """The ticks at the left and the right end of a row; for row + ½, the places between the ticks of two rows."""
    middle = FIRST_TOP + row * PITCH.height + CELL.height / 2
    top, bottom = middle - TICK.height / 2, middle + TICK.height / 2
    return Box(0, top, TICK.width, bottom), Box(WIDTH - TICK.width, top, WIDTH, bottom)
