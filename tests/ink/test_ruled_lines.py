"""Ruled lines and frames: how much of drawn lines is found, and that no stroke of a digit is."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from drawn import glyph, glyphs, levels, on_paper, side_by_side
from inkling.ink import box_of, find_ink
from inkling.ink.ruled_lines import ruled_lines_in

HEIGHT = 60


def number(rng: np.random.Generator, digits: int = 4) -> np.ndarray:
    """The inked pixels of some digits, side by side."""
    inks = [glyph(int(row), HEIGHT) for row in rng.choice(len(glyphs()[0]), digits)]
    return side_by_side(inks, [12] * (digits - 1))[0] > 0.5


def ruled(
    shape: tuple[int, ...], tilt: float = 0, bend: float = 0, pitch: int = 40, thick: int = 2, squares: bool = False
) -> np.ndarray:
    """Lines, `tilt` rows per column and bent by `bend` rows, on paper (H, W)."""
    rows, columns = np.indices(shape).astype(float)

    def lines(across: np.ndarray, along: np.ndarray, length: int) -> np.ndarray:
        place = across + tilt * (along - length / 2) + 4 * bend * (along / length - 0.5) ** 2
        return (place - pitch / 2) % pitch < thick

    level = lines(rows, columns, shape[1])
    return level | lines(columns, -rows, shape[0]) if squares else level


PAPERS = {
    "level": {},
    "tilted": {"tilt": 0.03},
    "far tilted": {"tilt": -0.1},
    "bent": {"bend": 3},
    "narrow": {"pitch": 20},
    "one line": {"pitch": 150},
    "thick": {"thick": 4},
    "squares": {"squares": True},
    "tilted squares": {"squares": True, "tilt": 0.04},
}


@pytest.mark.parametrize("paper", PAPERS)
def test_rules_go_and_digits_stay(paper):
    """Measured over 15 numbers each: 95 to 99 % of the lines' pixels found, up to 2 % of the digits' lost."""
    rng = np.random.default_rng(0)
    found_shares, lost_shares = [], []
    for _ in range(8):
        ink = number(rng)
        printed = ruled(ink.shape, **PAPERS[paper])
        found = ruled_lines_in(ink | printed)
        found_shares.append((found & printed & ~ink).sum() / (printed & ~ink).sum())
        lost_shares.append((found & ink).sum() / ink.sum())
    assert np.mean(found_shares) > 0.9
    assert min(found_shares) > 0.85
    assert np.mean(lost_shares) < 0.03


@pytest.mark.parametrize("margin", [0, 2, 6, 30])
def test_no_digit_has_a_rule(margin):
    """Neither the bar of a 7, nor the foot of a 2, nor a 1 from the top to the bottom, however tightly cut out."""
    taken = [row for row in range(len(glyphs()[0])) if ruled_lines_in(np.pad(glyph(row, HEIGHT) > 0.5, margin)).any()]
    assert taken == []


def strokes(lines: list[list[tuple[int, int]]], size: tuple[int, int], width: int = 6) -> np.ndarray:
    image = Image.new("L", size)
    for line in lines:
        ImageDraw.Draw(image).line(line, 255, width)
    return np.asarray(image) > 0


@pytest.mark.parametrize(
    ("lines", "size"),
    [
        ([[(20, 0), (20, 80)]], (40, 80)),
        ([[(20, 0), (17, 80)], [(45, 0), (42, 80)]], (64, 80)),
        ([[(4, 6), (56, 6), (25, 78)]], (60, 84)),
        ([[(30, 4), (8, 50), (56, 50)], [(42, 20), (42, 80)]], (64, 84)),
    ],
    ids=["1", "11", "7", "4"],
)
def test_strokes_that_reach_far_are_no_ruled_lines(lines, size):
    assert not ruled_lines_in(strokes(lines, size)).any()


def test_a_stroke_on_a_rule_is_not_cut():
    """Where they cross all ink stays: the rule's too, right beside the stroke."""
    ink = strokes([[(100, 10), (100, 90)]], (200, 100), 8)
    rule = np.zeros_like(ink)
    rule[50:52] = True
    found = ruled_lines_in(ink | rule)
    assert not (found & ink).any()
    assert (found & rule).sum() >= 2 * (200 - 8 - 4)


@pytest.mark.parametrize("sides", ["all", "two"])
@pytest.mark.parametrize("thick", [1, 4, 8])
def test_the_frame_of_a_cell_goes(sides, thick):
    for row in range(0, 360, 12):
        ink = np.pad(glyph(row, HEIGHT) > 0.5, 20)
        frame = np.ones_like(ink)
        frame[thick : len(ink) - (thick if sides == "all" else 0), : -thick if sides == "all" else None] = False
        if sides == "all":
            frame[:, :thick] = True
        found = ruled_lines_in(ink | frame)
        assert not (found & ink).any()
        assert (found & frame).sum() > 0.85 * frame.sum()  # its corners stay, and are nobody's ink


def test_remains_of_a_grid_askew_at_the_border_are_no_marks():
    """As cells come out of a photo that was turned a little: wedges of lines on two sides."""
    rng = np.random.default_rng(1)
    for row in range(0, 360, 12):
        digit = glyph(row, HEIGHT)
        ink = np.pad(digit, 24)
        height, width = ink.shape
        image = Image.fromarray(np.uint8(255 * ink))
        draw = ImageDraw.Draw(image)
        draw.polygon([(0, 0), (width, 0), (width, 7), (0, 1)], 255)
        draw.polygon([(0, 0), (6, height), (0, height)], 255)
        found = find_ink(on_paper(np.asarray(image) / np.float32(255), rng))
        assert found.components
        rows, columns = box_of(found.components)
        assert (rows.start, rows.stop) == pytest.approx((24, height - 24), abs=5)
        assert (columns.start, columns.stop) == pytest.approx((24, width - 24), abs=5)


@pytest.mark.parametrize("paper", ["level", "tilted", "squares"])
def test_on_faintly_ruled_paper_the_ink_is_that_of_the_digits(paper):
    """Marks cover the digits, and hardly anything else."""
    rng = np.random.default_rng(2)
    for _ in range(6):
        ink = number(rng)
        printed = ruled(ink.shape, **PAPERS[paper])
        found = find_ink(on_paper(np.maximum(ink, 0.6 * printed).astype(np.float32), rng))
        marked = np.isin(found.labels, [component.label for component in found.components])
        assert (marked & ink).sum() > 0.93 * ink.sum()
        assert (marked & ~ink).sum() < 0.12 * ink.sum()


@pytest.mark.parametrize("shape", [(1, 1), (5, 300), (15, 15), (16, 16), (300, 16)])
@pytest.mark.parametrize("inked", [False, True])
def test_pictures_of_any_shape(shape, inked):
    found = ruled_lines_in(np.full(shape, inked))
    assert found.shape == shape
    assert found.dtype == bool
    assert not found.any() or inked


def test_a_drawing_on_squares_is_read_where_the_squares_are_of_one_level():
    """The ground of a drawing is flat, and its squares have ruled lines, too."""
    ink = number(np.random.default_rng(3))
    squares = ruled(ink.shape, squares=True)
    found = find_ink(levels(np.maximum(ink, 0.3 * squares).astype(np.float32)))
    marked = np.isin(found.labels, [component.label for component in found.components])
    assert (marked & ink).sum() > 0.95 * ink.sum()
    assert (marked & ~ink).sum() < 0.05 * ink.sum()
