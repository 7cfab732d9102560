"""Signs: a slash, a plus and a vertical line are no 1, and a 1 that leans or is tall stays one."""

import numpy as np
import pytest

import framed
from drawn import glyphs, levels
from framed import pictures, text
from inkling.ink import Component
from inkling.reading import Digit, read
from inkling.reading.path import Step
from inkling.reading.pieces import Piece
from inkling.reading.signs import is_plus, name_strokes


@pytest.fixture(scope="module")
def rows(legible):
    return [int(row) for row in legible[[0, 40, 80, 120]]]


@pytest.mark.parametrize("lean", [0.25, 0.45, 0.6])
@pytest.mark.parametrize("before", [1, 2])
def test_a_slash_between_digits_is_refused_and_named(rows, lean, before):
    """12/05 was read as 12105; a slash was a 1 with 99.98 %."""
    for picture in pictures(framed.with_sign(rows[:before], framed.slash(lean), rows[before:], -6)):
        reading = read(picture)
        assert reading.text == f"{text(rows[:before])}?{text(rows[before:])}"
        assert reading.digits[before].warnings == ("a slash",)
        assert reading.all_warnings == ("a slash",)


@pytest.mark.parametrize("before", [0, 1, 2])
def test_a_plus_is_refused_and_named(rows, before):
    for picture in pictures(framed.with_sign(rows[:before], framed.plus(), rows[before:], 10)):
        reading = read(picture)
        assert reading.text == f"{text(rows[:before])}?{text(rows[before:])}"
        assert reading.digits[before].warnings == ("a plus sign",)


def test_lines_between_digits_are_refused_also_at_the_ends(rows):
    for picture in pictures(framed.combed(rows, base=False)):
        reading = read(picture)
        assert reading.text.replace("?", "") == text(rows)
        assert "a vertical line" in reading.all_warnings


@pytest.mark.parametrize("lean", [0, 0.2, 0.45])
@pytest.mark.parametrize("before", [0, 1, 2, 4])
def test_a_stroke_as_high_as_the_digits_is_a_1(rows, lean, before):
    """Where it leans more than the handwriting, a warning tells."""
    for picture in pictures(framed.with_sign(rows[:before], framed.slash(lean, 48), rows[before:])):
        reading = read(picture)
        assert reading.text == f"{text(rows[:before])}1{text(rows[before:])}"
        assert reading.all_warnings == (("may be a slash",) if lean == 0.45 and 0 < before < 4 else ())


@pytest.mark.parametrize("lean", [0, 0.2, 0.45, 0.6])
def test_a_1_alone_or_at_the_ends_stays_a_1_however_tall_and_slanted(rows, lean):
    for ink in (np.pad(framed.slash(lean), 30), framed.with_sign([], framed.slash(lean), rows, -6)):
        for picture in pictures(ink):
            reading = read(picture)
            assert reading.text.startswith("1")
            assert "a slash" not in reading.all_warnings


def test_ones_that_lean_as_the_handwriting_are_ones():
    strokes = [framed.slash(0.4, height) for height in (48, 52, 47)]
    ink = np.concatenate([np.pad(each, ((60 - len(each), 20), (20, 12))) for each in strokes], axis=1)
    assert read(pictures(ink)[0]).text == "111"


def test_a_plus_has_two_bars_that_cross_in_their_middles():
    side = np.zeros((31, 31), bool)
    plus, corner, tee, ring = side.copy(), side.copy(), side.copy(), side.copy()
    plus[14:17] = plus[:, 14:17] = True
    corner[14:17] = corner[:, 14:17] = corner[2:14, 4:7] = True
    tee[:3] = tee[:, 14:17] = True
    ring[:3] = ring[-3:] = ring[:, :3] = ring[:, -3:] = True
    assert is_plus(plus)
    assert is_plus(plus[4:])
    assert not any(map(is_plus, (corner, tee, ring, plus[:, 14:17], plus[14:17])))


def test_an_open_4_is_no_plus_where_the_network_is_sure(legible):
    """No embedded digit is refused for its form."""
    for row in legible[glyphs()[1][legible] == 4]:
        reading = read(np.uint8(levels(np.pad(framed.high_glyph(row), 30))))
        assert "a plus sign" not in reading.all_warnings


def test_a_single_pixel_that_is_read_as_1_is_no_sign():
    """It has no direction. NumPy warned of the covariance of one pixel, and warnings are errors here."""
    labels = np.zeros((5, 5), np.int32)
    labels[2, 2] = 1
    box = slice(2, 3), slice(2, 3)
    step = Step(0, (Piece(1, 1, *box, 2.0, 3.0, 1),))
    digit = Digit(1, (2, 2, 1, 1), np.eye(10, dtype=np.float32)[1], 0.0, True, np.zeros((28, 28), np.uint8))
    assert name_strokes(labels, [Component(1, *box, 1, 1.0)], [step], [digit], 0.0) == {}
