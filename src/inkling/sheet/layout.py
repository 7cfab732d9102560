"""Where everything lies on the sheet, in millimetres: what prints it and what reads it share this.

The origin is the centre of the first mark, x goes right and y down. All that is read lies between the four marks, which
are as far apart on any paper; so whoever reads a sheet need not know the paper.
"""

from __future__ import annotations

from typing import NamedTuple

PAPERS = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}  # width and height

WIDTH, HEIGHT = 182.0, 250.0  # between the centres of the marks, which stand at the corners of this rectangle
MARK = 8.0  # side of a mark, a solid square
HOLE = 4.0  # side of the hole in the first mark, upper left, which tells how the page is turned

ROWS, COLUMNS = 10, 12  # row d is for digit d
CELL = (12.0, 19.0)  # width and height
PITCH = (14.2, 22.4)  # from cell to cell
FIRST = (9.5, 14.0)  # upper left corner of the first cell
LABEL = 5.2  # x of the middle of the labels
TICK = (1.8, 3.0)  # width and height of the ticks at both ends of each row, which confirm that the marks are the marks


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float


def cell(row: int, column: int) -> Box:
    """The frame of a cell."""
    left, top = FIRST[0] + column * PITCH[0], FIRST[1] + row * PITCH[1]
    return Box(left, top, left + CELL[0], top + CELL[1])


def ticks(row: float) -> tuple[Box, Box]:
    """The ticks at the left and the right end of a row; of half a row more, the places between two of them."""
    middle = FIRST[1] + row * PITCH[1] + CELL[1] / 2
    top, bottom = middle - TICK[1] / 2, middle + TICK[1] / 2
    return Box(0, top, TICK[0], bottom), Box(WIDTH - TICK[0], top, WIDTH, bottom)
