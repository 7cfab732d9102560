"""Numbers that the tests write are read: what share of them, and where their digits stand."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from drawn import Box, fading, glyph, glyphs, levels, on_paper, side_by_side, slanted
from inkling.data import load
from inkling.reading import read
from inkling.synthesis.alphabet import letter
from inkling.synthesis.scribbles import scribble

Look = Callable[[np.ndarray, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Handwriting:
    """How a number is written: height of its digits, least and greatest gap, slant, rise of the line."""

    height: int = 48
    gap: tuple[float, float] = (6, 16)
    slant: float = 0
    rise: float = 0

    def write(self, rows: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, list[Box]]:
        inks = [slanted(glyph(int(row), self.height), self.slant) for row in rows]
        return side_by_side(inks, rng.uniform(*self.gap, len(inks) - 1), self.rise)


def drawing(ink: np.ndarray, _: np.random.Generator) -> np.ndarray:
    return levels(ink)


def light_on_dark(ink: np.ndarray, _: np.random.Generator) -> np.ndarray:
    return 255 - levels(ink)


def photo(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return on_paper(ink, rng, fading(ink.shape))


def ruled_photo(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    printed = np.where((np.arange(len(ink)) - 10) % 34 < 2, 0.5, 0)[:, None]
    return photo(np.maximum(ink, printed).astype(np.float32), rng)


def shadow(steps: float) -> Look:
    """A photo across which a shadow falls, whose edge is 1 / `steps` of the width broad."""

    def look(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        down, right = np.linspace(0, 1, ink.shape[0])[:, None], np.linspace(0, 1, ink.shape[1])
        return on_paper(ink, rng, 0.6 + 0.4 * ((0.95 - right - 0.5 * down) * steps).clip(0, 1))

    return look


def text(rows: np.ndarray) -> str:
    return "".join(str(glyphs()[1][row]) for row in rows)


def share_correct(legible: np.ndarray, handwriting: Handwriting, look: Look, **options: object) -> float:
    """Of 40 numbers of three to seven digits, those read without a mistake."""
    rng, right = np.random.default_rng(7), 0
    for _ in range(40):
        rows = rng.choice(legible, rng.integers(3, 8))
        right += read(np.uint8(look(handwriting.write(rows, rng)[0], rng)), **options).text == text(rows)
    return right / 40


@pytest.mark.parametrize(
    ("handwriting", "look", "least"),
    [
        pytest.param(Handwriting(), drawing, 0.95, id="apart"),
        pytest.param(Handwriting(), light_on_dark, 0.95, id="light on dark", marks=pytest.mark.thorough),
        pytest.param(Handwriting(gap=(30, 50)), drawing, 0.95, id="far apart", marks=pytest.mark.thorough),
        pytest.param(Handwriting(gap=(-3, 1)), drawing, 0.92, id="touching"),
        pytest.param(Handwriting(gap=(-5, -3)), drawing, 0.9, id="on each other"),
        pytest.param(Handwriting(gap=(-8, 0), slant=0.4), drawing, 0.95, id="leaning, boxes overlap"),
        pytest.param(
            Handwriting(gap=(-6, 2), slant=-0.3), drawing, 0.88, id="leaning backwards", marks=pytest.mark.thorough
        ),
        pytest.param(Handwriting(rise=0.2), drawing, 0.95, id="rising", marks=pytest.mark.thorough),
        pytest.param(Handwriting(rise=-0.2), drawing, 0.95, id="falling", marks=pytest.mark.thorough),
        pytest.param(Handwriting(height=14, gap=(2, 5)), drawing, 0.88, id="small", marks=pytest.mark.thorough),
        pytest.param(Handwriting(height=10, gap=(2, 4)), drawing, 0.92, id="tiny"),
        pytest.param(Handwriting(height=120, gap=(10, 40)), drawing, 0.92, id="large", marks=pytest.mark.thorough),
        pytest.param(Handwriting(), photo, 0.88, id="photo"),
        pytest.param(Handwriting(), ruled_photo, 0.88, id="ruled paper"),
        pytest.param(Handwriting(), shadow(8), 0.88, id="soft shadow", marks=pytest.mark.thorough),
        pytest.param(Handwriting(), shadow(1000), 0.4, id="hard shadow"),
    ],
)
def test_numbers_are_read(legible, handwriting, look, least):
    """Measured: 95 to 98 %, 100 touching, 98 on each other, 92 in photos, 48 where a hard shadow ends.

    The embedded digits have ones with a flag and a foot, which the rows that the network learnt do not: read by pieces
    alone, numbers apart were all right, and those on each other 43 %, in photos 90, at a hard shadow 40.
    """
    assert share_correct(legible, handwriting, look) >= least


def test_to_know_how_many_digits_there_are_helps(legible):
    """Numbers of five digits that touch: with and without saying so."""
    rng, right = np.random.default_rng(3), {None: 0, 5: 0}
    for _ in range(30):
        rows = rng.choice(legible, 5)
        picture = np.uint8(levels(Handwriting(gap=(-5, -2)).write(rows, rng)[0]))
        for digits in right:
            reading = read(picture, digits=digits)
            right[digits] += reading.text == text(rows)
            assert digits is None or len(reading.digits) == 5
    assert right[5] >= right[None] - 2
    assert right[5] >= 0.3 * 30


def test_a_narrow_1_is_never_dropped(legible):
    """A bare stroke, a tenth as broad as high, anywhere in the number."""
    rng, right = np.random.default_rng(4), 0
    for _ in range(30):
        rows = rng.choice(legible, 5)
        place = int(rng.integers(6))
        inks = [glyph(int(row)) for row in rows]
        inks.insert(place, np.ones((46, 5), np.float32))
        wanted = text(rows[:place]) + "1" + text(rows[place:])
        right += read(np.uint8(levels(side_by_side(inks, [9] * 5)[0]))).text == wanted
    assert right >= 28


SIGNS = {"point": (np.ones((7, 7)), 0), "comma": (slanted(np.ones((14, 6)), 0.3), -6), "dash": (np.ones((5, 22)), 22)}


@pytest.mark.parametrize("sign", SIGNS)
def test_points_commas_and_dashes_are_no_digits(legible, sign):
    """Measured: all with points and dashes right, 93 % with commas."""
    component, above = SIGNS[sign]
    rng, right = np.random.default_rng(5), 0
    for _ in range(30):
        rows = rng.choice(legible, 5)
        inks = [glyph(int(row)) for row in rows]
        standing = np.pad(component, ((0, above), (0, 0))) if above > 0 else component
        ink, _ = side_by_side([*inks[:3], standing, *inks[3:]], [10] * 5)
        right += read(np.uint8(levels(ink))).text == text(rows)
    assert right >= 25


def test_several_rows_are_lines(legible):
    rng, right = np.random.default_rng(6), 0
    for _ in range(10):
        rows = rng.choice(legible, (3, 4))
        inks = [Handwriting(rise=0.05).write(each, rng)[0] for each in rows]
        width = max(ink.shape[1] for ink in inks)
        page = np.concatenate([np.pad(ink, ((0, 0), (0, width - ink.shape[1]))) for ink in inks])
        right += read(np.uint8(levels(page)), lines=True).text == "\n".join(map(text, rows))
    assert right >= 9


@pytest.mark.parametrize(("draw", "least"), [(letter, 0.7), pytest.param(scribble, 0.6, marks=pytest.mark.thorough)])
def test_what_is_no_digit_is_a_question_mark_among_digits(legible, draw, least):
    """`12?4`: the digits beside it are read all the same."""
    rng, refused, beside = np.random.default_rng(8), 0, 0
    blank = load("digits").train
    for _ in range(30):
        rows = rng.choice(legible, 4)
        inks = [glyph(int(row)) for row in rows]
        sign = np.repeat(np.repeat(draw(blank, rng)[4:24, 2:26] / np.float32(255), 2, 0), 2, 1)
        reading = read(np.uint8(levels(side_by_side([*inks[:2], sign, *inks[2:]], [14] * 4)[0])), min_confidence=0.5)
        refused += "?" in reading.text
        beside += reading.text.startswith(text(rows[:2])) and reading.text.endswith(text(rows[2:]))
    assert refused >= least * 30
    assert beside >= 27


@pytest.mark.thorough
@pytest.mark.parametrize(("draw", "least"), [(letter, 0.5), (scribble, 0.55)])
def test_a_non_digit_is_one_question_mark(legible, draw, least):
    """Measured over 150: 68 % of letters and 70 % of scribbles are `12?34`; 34 and 48 % if parts were left apart."""
    rng, right = np.random.default_rng(8), 0
    blank = load("digits").train
    for _ in range(40):
        rows = rng.choice(legible, 4)
        inks = [glyph(int(row)) for row in rows]
        sign = np.repeat(np.repeat(draw(blank, rng)[4:24, 2:26] / np.float32(255), 2, 0), 2, 1)
        reading = read(np.uint8(levels(side_by_side([*inks[:2], sign, *inks[2:]], [14] * 4)[0])))
        right += reading.text == f"{text(rows[:2])}?{text(rows[2:])}"
    assert right >= least * 40


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    common = max(width, 0) * max(height, 0)
    return common / (one[2] * one[3] + other[2] * other[3] - common)


@pytest.mark.parametrize(("times", "least"), [(1 / 4, 0.55), (1, 0.75), (8, 0.75)])
def test_boxes_are_where_the_digits_were_drawn(legible, times, least):
    """Also where the picture was enlarged to be cut, or was too large to be looked at as it is."""
    rng = np.random.default_rng(9)
    for _ in range(4):
        rows = rng.choice(legible, 6)
        handwriting = Handwriting(height=round(48 * times), gap=(8 * times, 16 * times))
        ink, boxes = handwriting.write(rows, rng)
        reading = read(np.uint8(levels(ink)))
        assert reading.size == ink.shape[::-1]
        assert len(reading.digits) == 6
        for digit, (x, y, width, height) in zip(reading.digits, boxes, strict=True):
            assert overlap(digit.box, _dark(ink, x, y, width, height)) > least


@pytest.mark.parametrize(
    "size",
    [
        pytest.param((3001, 5000), marks=pytest.mark.thorough),
        pytest.param((5000, 3001), marks=pytest.mark.thorough),
        pytest.param((301, 4801), marks=pytest.mark.thorough),
        (7, 3000),
        (30, 2),
        pytest.param((32, 1), marks=pytest.mark.thorough),
        pytest.param((14, 20), marks=pytest.mark.thorough),
        (1, 1),
    ],
    ids=str,
)
def test_no_box_reaches_beyond_the_picture(size):
    """Sides of a smaller picture are rounded, and low digits are enlarged: both once led a pixel or two too far."""
    height, width = size
    for seed in range(4 if max(size) < 100 else 2):
        cells = np.random.default_rng(seed).random((min(height, 30), min(width, 20))) < 0.3
        rows, columns = (np.arange(side) * count // side for side, count in zip(size, cells.shape, strict=True))
        picture = np.where(cells[rows[:, None], columns], 0, 255).astype(np.uint8)
        reading = read(picture, lines=True, digits=3)
        assert reading.size == (width, height)
        for x, y, across, down in (digit.box for digit in reading.digits):
            assert min(x, y) >= 0
            assert min(across, down) >= 1
            assert x + across <= width
            assert y + down <= height


def _dark(ink: np.ndarray, x: int, y: int, width: int, height: int) -> Box:
    """The box of what is more black than white in a box."""
    own = ink[y : y + height, x : x + width] > 0.5
    down, right = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
    return x + int(right[0]), y + int(down[0]), int(np.ptp(right)) + 1, int(np.ptp(down)) + 1
