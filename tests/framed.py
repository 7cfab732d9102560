"""What digits are written into: frames, boxes, combs, squares, lines; and signs beside digits. Ink as in `drawn`."""

from collections.abc import Sequence
from itertools import chain

import numpy as np
from PIL import Image, ImageDraw

from drawn import glyph, glyphs, levels, on_paper, resized, side_by_side

HEIGHT = 48  # of a digit
SHARPNESS = 4  # lines are drawn so many times larger, and reduced

Line = tuple[float, float, float, float]  # x and y of its ends


def lines(shape: tuple[int, ...], ends: Sequence[Line], width: float = 2) -> np.ndarray:
    """Straight lines."""
    large = Image.new("L", (shape[1] * SHARPNESS, shape[0] * SHARPNESS), 0)
    for line in ends:
        ImageDraw.Draw(large).line([SHARPNESS * end for end in line], 255, round(SHARPNESS * width))
    return np.asarray(large.resize((shape[1], shape[0]), Image.Resampling.BOX), np.float32) / 255


def rectangle(left: float, top: float, right: float, bottom: float) -> list[Line]:
    return [
        (left, top, right, top),
        (left, bottom, right, bottom),
        (left, top, left, bottom),
        (right, top, right, bottom),
    ]


def turned(ink: np.ndarray, degrees: float) -> np.ndarray:
    return np.asarray(Image.fromarray(ink).rotate(degrees, Image.Resampling.BICUBIC)).clip(0, 1)


def high_glyph(row: int) -> np.ndarray:
    """A digit of exactly HEIGHT rows of pixels."""
    ink = glyph(int(row), HEIGHT)
    return resized(ink, HEIGHT, ink.shape[1])


def in_cells(rows: Sequence[int | None], room: int = 8) -> tuple[np.ndarray, list[tuple[int, int, int, int]]]:
    """Digits in cells side by side, with 30 pixels around all, and left, top, right and bottom of each cell.

    rows : the digit in each cell; None for an empty cell.
    room : pixels between a cell and the widest digit.
    """
    glyphs = [None if row is None else high_glyph(row) for row in rows]
    width = max([24, *(each.shape[1] for each in glyphs if each is not None)]) + 2 * room
    bottom = 30 + HEIGHT + 2 * room
    cells = [(30 + number * width, 30, 30 + (number + 1) * width, bottom) for number in range(len(rows))]
    ink = np.zeros((bottom + 30, cells[-1][2] + 30), np.float32)
    for each, (left, top, _, _) in zip(glyphs, cells, strict=True):
        if each is not None:
            x = left + (width - each.shape[1]) // 2
            ink[top + room : top + room + HEIGHT, x : x + each.shape[1]] = each
    return ink, cells


def boxed(rows: Sequence[int | None], room: int = 8, apart: int = 0, width: float = 2) -> np.ndarray:
    """Digits in boxes, which are joined or `apart` pixels apart."""
    ink, cells = in_cells(rows, room + apart // 2)
    drawn = [
        rectangle(x + apart / 2, y + apart / 2, right - apart / 2, bottom - apart / 2) for x, y, right, bottom in cells
    ]
    return np.maximum(ink, lines(ink.shape, list(chain(*drawn)), width))


def combed(rows: Sequence[int | None], height: float = 64, base: bool = True) -> np.ndarray:
    """Digits in a comb: a line below them, unless it has no base, and upright ones between them, so high."""
    ink, cells = in_cells(rows)
    bottom = cells[0][3]
    ends = [(x, bottom - height, x, bottom) for x in (*(cell[0] for cell in cells), cells[-1][2])]
    return np.maximum(ink, lines(ink.shape, [*ends, *([(cells[0][0], bottom, cells[-1][2], bottom)] * base)]))


def squared(rows: Sequence[int], pitch: int, margin: int) -> np.ndarray:
    """Digits on squared paper whose lines end `margin` pixels before the border."""
    ink, _ = in_cells(rows)
    height, width = ink.shape
    ends = [(margin, y, width - margin, y) for y in range(margin, height - margin + 1, pitch)]
    ends += [(x, margin, x, height - margin) for x in range(margin, width - margin + 1, pitch)]
    return np.maximum(ink, lines(ink.shape, ends, 1))


def underlined(rows: Sequence[int], gap: int = 6, count: int = 1) -> np.ndarray:
    ink, cells = in_cells(rows)
    feet = cells[0][1] + 8 + HEIGHT
    ends = [(cells[0][0], feet + gap + 8 * n, cells[-1][2], feet + gap + 8 * n) for n in range(count)]
    return np.maximum(ink, lines(ink.shape, ends, 3))


def ringed(row: int) -> np.ndarray:
    """A digit in a circle."""
    ink, ((left, top, right, bottom),) = in_cells([row], 20)
    drawn = Image.new("L", ink.shape[::-1], 0)
    ImageDraw.Draw(drawn).ellipse((left - 4, top, right + 4, bottom), None, 255, 3)
    return np.maximum(ink, np.asarray(drawn, np.float32) / 255)


def with_sign(before: Sequence[int], sign: np.ndarray, behind: Sequence[int], rise: int = 0) -> np.ndarray:
    """Digits, a sign whose foot stands `rise` pixels above theirs, and digits."""
    sign = np.pad(sign, ((0, rise), (0, 0))) if rise >= 0 else sign
    inks = [*map(high_glyph, before), sign, *map(high_glyph, behind)]
    ink, boxes = side_by_side(inks, [16] * (len(inks) - 1))
    if rise >= 0:
        return ink
    ink = np.pad(ink, ((0, -rise), (0, 0)))
    x, y, width, height = boxes[len(before)]
    ink[y : y + height, x : x + width] = 0
    ink[y - rise : y - rise + height, x : x + width] = sign
    return ink


def slash(lean: float = 0.45, height: float = 60) -> np.ndarray:
    """A straight stroke of that height, which leans to the right by `lean` columns per row."""
    run = lean * height
    return lines((round(height), round(run) + 6), [(3, height, 3 + run, 0)], 4)


def plus(side: int = 28) -> np.ndarray:
    return lines((side, side), [(side / 2, 0, side / 2, side), (0, side / 2, side, side / 2)], 4)


def dash(width: int = 24) -> np.ndarray:
    return np.ones((4, width), np.float32)


def dot() -> np.ndarray:
    return np.ones((6, 6), np.float32)


def comma() -> np.ndarray:
    return lines((15, 8), [(6, 0, 2, 15)], 4)


def stacked(one: np.ndarray, other: np.ndarray, gap: int) -> np.ndarray:
    """One above the other, of the same width."""
    return np.concatenate([one, np.zeros((gap, one.shape[1]), np.float32), other])


def text(rows: Sequence[int]) -> str:
    """The digits of these rows of `glyphs`, as they should be read."""
    return "".join(str(glyphs()[1][row]) for row in rows)


def pictures(ink: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ink as a drawing and as a photo, uint8 (H, W)."""
    return np.uint8(levels(ink)), np.uint8(on_paper(ink, np.random.default_rng(0)))
