"""Numbers on lines and with a line through them: a line takes no digit with it, and makes none another digit."""

from collections.abc import Sequence

import numpy as np
import pytest

import framed
from drawn import resized, side_by_side, trimmed
from inkling.ink import find_ink
from inkling.reading import read
from on_paper import typical

THICKNESS = 3  # pixels: of the strokes of 1s, and of lines
WITH_ONES = ["2111", "11173", "71114"]


def ink_of(digit: str) -> np.ndarray:
    """1s are upright strokes of one height; other digits are embedded ones."""
    if digit == "1":
        return np.ones((framed.HEIGHT, THICKNESS), np.float32)
    ink = trimmed(typical(int(digit)) / 255)
    return resized(ink, framed.HEIGHT, round(ink.shape[1] * framed.HEIGHT / len(ink)))


def with_lines(texts: Sequence[str], rise: float, from_border: bool) -> np.ndarray:
    """Rows of digits, and a line through each, `rise` above their feet, which reaches beyond the digits."""
    written = [side_by_side([ink_of(digit) for digit in text], [22] * (len(text) - 1)) for text in texts]
    width = max(ink.shape[1] for ink, _ in written)
    ink = np.concatenate([np.pad(ink, ((0, 0), (0, width - ink.shape[1]))) for ink, _ in written])
    ends, top = [], 0
    for row, boxes in written:
        (x, y, _, height), (last, _, last_width, _) = boxes[0], boxes[-1]
        left, right = (-5, width + 5) if from_border else (x - 12, last + last_width + 12)
        level = top + y + height * (1 - rise)
        ends.append((left, level, right, level))
        top += len(row)
    return np.maximum(ink, framed.lines(ink.shape, ends, THICKNESS))


@pytest.mark.parametrize("text", WITH_ONES)
def test_ones_that_stand_on_a_rule_are_read(text):
    """They are equally high, and as thick as the line, as the marks of a comb are."""
    for picture in framed.pictures(with_lines([text], 0, from_border=True)):
        reading = read(picture)
        assert (reading.text, reading.all_warnings) == (text, ())


def test_ones_in_rows_that_stand_on_rules_are_read():
    for picture in framed.pictures(with_lines(WITH_ONES, 0, from_border=True)):
        reading = read(picture, lines=True)
        assert (reading.text, reading.all_warnings) == ("\n".join(WITH_ONES), ())


@pytest.mark.parametrize("rise", [0.4, 0.45, 0.5])
@pytest.mark.parametrize("text", ["2222", "2358", "9060", "3825"])
def test_a_line_through_the_middle_of_digits_is_no_underline(text, rise):
    for picture in framed.pictures(with_lines([text], rise, from_border=False)):
        assert find_ink(picture.astype(np.float32), number=True).frames == ()


@pytest.mark.parametrize("rise", [0.4, 0.45])
def test_digits_that_are_crossed_out_are_not_read_from_their_upper_halves(rise):
    """2222 was read as 7777: the line was taken off, and with it what joins the halves of a 2."""
    for picture in framed.pictures(with_lines(["2222"], rise, from_border=False)):
        assert read(picture).text == "2222"
