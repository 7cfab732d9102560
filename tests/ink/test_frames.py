"""Frames: what digits are written into is found and taken off, and no digit is taken for one."""

import numpy as np
import pytest

import framed
from drawn import glyph, glyphs, levels, on_paper, side_by_side
from inkling.ink import MAX_COMPONENTS, find_ink

ROWS = [0, 40, 80, 120]


def found(ink: np.ndarray, photo: bool = False):
    return find_ink(on_paper(ink, np.random.default_rng(0)) if photo else levels(ink))


def kinds(ink: np.ndarray, photo: bool = False) -> list[str]:
    return [frame.kind for frame in found(ink, photo).frames]


@pytest.mark.parametrize("photo", [False, True])
@pytest.mark.parametrize(
    ("ink", "expected"),
    [
        pytest.param(framed.boxed(ROWS[:1]), ["frame"], id="frame"),
        pytest.param(framed.boxed(ROWS[:1], width=4), ["frame"], id="thick frame"),
        pytest.param(framed.turned(framed.boxed(ROWS[:1]), 3), ["frame"], id="turned frame"),
        pytest.param(framed.boxed(ROWS[:1], room=1), ["frame"], id="frame that is touched"),
        pytest.param(framed.boxed(ROWS), ["boxes"], id="joined boxes"),
        pytest.param(framed.turned(framed.boxed(ROWS), 2), ["boxes"], id="turned boxes"),
        pytest.param(framed.boxed(ROWS, apart=8), ["frame"] * 4, id="boxes apart"),
        pytest.param(framed.boxed([None] * 3), ["boxes"], id="empty boxes"),
        pytest.param(framed.boxed([None] * 3, apart=8), ["frame"] * 3, id="empty boxes apart"),
        pytest.param(framed.boxed(ROWS * 4), ["boxes"], id="sixteen boxes"),
        pytest.param(framed.combed(ROWS), ["comb"], id="comb"),
        pytest.param(framed.combed(ROWS, height=14), ["line"], id="low comb"),
        pytest.param(framed.squared(ROWS, 20, 6), ["grid"], id="squared paper"),
        pytest.param(framed.underlined(ROWS), ["line"], id="line"),
        pytest.param(framed.underlined(ROWS, gap=-1), ["line"], id="line that is touched"),
        pytest.param(framed.underlined(ROWS, count=2), ["line", "line"], id="two lines"),
        pytest.param(framed.ringed(ROWS[0]), ["ring"], id="ring"),
    ],
)
def test_a_frame_is_found(ink, expected, photo):
    assert kinds(ink, photo) == expected


def test_the_ink_in_a_frame_is_what_it_is_without():
    rows = [0, 40, 120, 200]
    plain, _ = framed.in_cells(rows)
    without = found(plain).components
    for ink in (framed.boxed(rows), framed.combed(rows), framed.squared(rows, 20, 6), framed.underlined(rows)):
        within = found(ink).components
        assert len(within) == len(without)
        for one, other in zip(within, without, strict=True):
            assert max(abs(one.height - other.height), abs(one.width - other.width)) <= 1
            assert one.area == pytest.approx(other.area, rel=0.03)


def test_no_digit_and_no_number_is_a_frame():
    for row in range(0, len(glyphs()[1]), 3):
        assert found(np.pad(glyph(row), 20)).frames == ()
    rng = np.random.default_rng(0)
    for gap in (10, 0, -4):
        for _ in range(10):
            rows = rng.choice(len(glyphs()[1]), 6)
            assert found(side_by_side([glyph(int(row)) for row in rows], [gap] * 5)[0]).frames == ()


def test_a_line_alone_is_no_line_under_digits():
    """It may be a dash."""
    assert kinds(np.pad(framed.dash(100), 40)) == []


def test_a_frame_at_the_border_is_left_to_what_looks_for_ruled_lines():
    assert kinds(framed.squared(ROWS, 20, 0)) == []


def test_in_a_page_of_very_many_frames_none_is_looked_for():
    """Each takes milliseconds: five thousand small boxes took half a minute."""
    page = np.zeros((26 * 24, 26 * 24), np.uint8)
    for top in range(2, len(page), 24):
        for left in range(2, len(page), 24):
            page[top : top + 20, left : left + 20] = 255
            page[top + 2 : top + 18, left + 2 : left + 18] = 0
    ink = find_ink(255.0 - page.astype(np.float32))
    assert ink.frames == ()
    assert len(ink.components) == MAX_COMPONENTS
