"""What is no digit is told: punctuation and frames are left out of the text, and warnings and marks name them."""

import numpy as np
import pytest

import framed
from drawn import levels
from framed import pictures, text
from inkling.ink import open_picture
from inkling.reading import Mark, read
from inkling.reading.marks import grouped, told
from inkling.reading.show import draw


@pytest.fixture(scope="module")
def rows(legible):
    return [int(row) for row in legible[[0, 40, 80, 120]]]


PUNCTUATION = {
    "a dot": (framed.dot(), 0),
    "a comma": (framed.comma(), -8),
    "a dash": (framed.dash(), 22),
    "a colon": (framed.stacked(framed.dot(), framed.dot(), 16), 6),
    "an equals sign": (framed.stacked(framed.dash(), framed.dash(), 8), 16),
}


@pytest.mark.parametrize("name", PUNCTUATION)
@pytest.mark.parametrize("before", [0, 1, 2])
def test_punctuation_is_told(rows, name, before):
    """3.14 was read as 314 and -42 as 42, without a word."""
    sign, rise = PUNCTUATION[name]
    for picture in pictures(framed.with_sign(rows[:before], sign, rows[before:], rise)):
        reading = read(picture)
        assert reading.text == text(rows)
        assert reading.warnings == (f"left out: {name}",)
        (mark,) = reading.marks
        assert (mark.kind, mark.line, mark.after) == (name.split(" ", 1)[1], 0, before)
        assert reading.to_dict()["marks"] == [{"kind": mark.kind, "box": list(mark.box), "line": 0, "after": before}]


@pytest.mark.parametrize(
    ("draw_ink", "warning"),
    [
        (framed.boxed, "left out: boxes"),
        (lambda rows: framed.boxed(rows, apart=8), "left out: 4 frames"),
        (framed.combed, "left out: a comb"),
        (lambda rows: framed.squared(rows, 34, 6), "left out: a grid"),
        (framed.underlined, "left out: a line"),
    ],
    ids=["boxes", "frames", "comb", "grid", "line"],
)
def test_digits_are_read_in_frames_and_these_are_told(rows, draw_ink, warning):
    """2048 in joined boxes was read as 120148."""
    for picture in pictures(draw_ink(rows)):
        reading = read(picture)
        assert (reading.text, reading.warnings) == (text(rows), (warning,))
        assert all((mark.line, mark.after) == (None, None) for mark in reading.marks)


def test_a_frame_around_one_digit_and_a_ring(rows):
    """7 was read as 11, and any digit in a circle as 0."""
    for row in rows:
        for picture in pictures(framed.boxed([row])):
            assert (read(picture).text, read(picture).warnings) == (text([row]), ("left out: a frame",))
            assert read(picture, single=True).text == text([row])
        assert read(pictures(framed.ringed(row))[0]).text == text([row])


def test_empty_boxes_are_no_digits(rows):
    """They were 1 with 98.9 %."""
    for apart in (0, 8):
        for picture in pictures(framed.boxed([None, None, *rows], apart=apart)):
            assert read(picture).text == text(rows)
        for picture in pictures(framed.boxed([None] * 3, apart=apart)):
            reading = read(picture)
            assert (reading.text, reading.warnings[0]) == ("", "nothing drawn")
            assert reading.warnings[1] == ("left out: 3 frames" if apart else "left out: boxes")


def test_marks_are_drawn(rows):
    sign, rise = PUNCTUATION["a dot"]
    picture = open_picture(np.uint8(levels(framed.with_sign(rows[:2], sign, rows[2:], rise))))
    reading = read(picture)
    without = type(reading)(reading.name, reading.lines, reading.size, reading.warnings)
    assert draw(picture, reading) != draw(picture, without)


def test_warnings_count_marks_of_a_kind():
    marks = [Mark(kind, (0, 0, 1, 1)) for kind in ("dot", "dash", "dash", "boxes", "equals sign")]
    assert told(marks) == ["left out: a dot, 2 dashes, boxes, an equals sign"]
    assert told([]) == []


def test_marks_above_each_other_are_one():
    dot, above, aside = (Mark("dot", box) for box in ((10, 40, 6, 6), (11, 20, 6, 6), (30, 40, 6, 6)))
    assert grouped([aside, dot, above]) == [Mark("colon", (10, 20, 7, 26)), aside]
    assert grouped([dot, Mark("dash", (8, 20, 20, 4))]) == [dot, Mark("dash", (8, 20, 20, 4))]
