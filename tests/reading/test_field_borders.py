"""Digits that the box of a field cuts: a warning says so, also where nothing of the digit was read in the field."""

from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image, ImageDraw

from inkling.reading import is_incomplete, read
from inkling.reading.forms import Field, Template, read_form
from on_paper import written

WARNING = "ink crosses the border of the field"
SIZE = (500, 220)
PLACE = (100, 60)  # of the number on the page


class Number(NamedTuple):
    """A page with a number, its text, and the boxes (x, y, width, height) of its digits."""

    page: Image.Image
    text: str
    digits: list[tuple[int, int, int, int]]

    @property
    def sides(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of the ink."""
        starts, stops = [box[:2] for box in self.digits], [(b[0] + b[2], b[1] + b[3]) for b in self.digits]
        (left, top), (right, bottom) = np.min(starts, axis=0).tolist(), np.max(stops, axis=0).tolist()
        return left, top, right, bottom


def on_page(text: str) -> Image.Image:
    levels = 225 + np.random.default_rng(1).normal(0, 3, SIZE[::-1])
    page = Image.fromarray(np.uint8(levels.clip(0, 255)))
    page.paste(written(text, times=2), PLACE)
    return page


@pytest.fixture(scope="module", params=["2358", "6902"])
def number(request) -> Number:
    page = on_page(request.param)
    found = read(page)
    assert found.text == request.param
    return Number(page, request.param, [digit.box for digit in found.digits])


def field_of(page, sides, **known):
    """What is read in the field with these left, upper, right and lower ends."""
    left, top, right, bottom = (round(side) for side in sides)
    return read_form(page, Template({"a": Field((left, top, right - left, bottom - top), **known)}, page.size))["a"]


@pytest.mark.parametrize("share", [0.3, 0.5, 0.75])
@pytest.mark.parametrize("side", ["left", "top", "right", "bottom"])
def test_a_digit_that_the_border_cuts_is_told(number, side, share):
    left, top, right, bottom = number.sides
    first, last = number.digits[0], number.digits[-1]
    sides = {"left": left - 20, "top": top - 20, "right": right + 20, "bottom": bottom + 20}
    cuts = {"left": first[0] + share * first[2], "right": last[0] + (1 - share) * last[2]}
    cuts |= {"top": top + share * (bottom - top), "bottom": bottom - share * (bottom - top)}
    found = field_of(number.page, (sides | {side: cuts[side]}).values())
    assert WARNING in found.warnings
    assert is_incomplete(found), "the exit code is 3"


@pytest.mark.parametrize(
    ("side", "room"),
    [
        ("left", 20),
        ("right", 50),
        pytest.param("left", 50, marks=pytest.mark.thorough),
        pytest.param("right", 20, marks=pytest.mark.thorough),
    ],
)
def test_no_digit_vanishes_without_a_sign(number, side, room):
    """A strip of a digit is dropped as a neighbour's, and the other digits are read with confidence.

    Where the box is high, a whole digit that touches its border is dropped, too.
    """
    left, top, right, bottom = number.sides
    width = number.digits[0 if side == "left" else -1][2]
    for cut in range(-2, width - 2):
        ends = (left + cut, right + 20) if side == "left" else (left - 20, right - cut)
        found = field_of(number.page, (ends[0], top - room, ends[1], bottom + room))
        assert found.text == number.text or WARNING in found.warnings, cut


def test_what_is_left_of_a_cut_digit_is_not_seen_in_the_field_alone():
    """Without a look around the field nothing would be told."""
    page = on_page("2358")
    left, top, right, bottom = Number(page, "", [digit.box for digit in read(page).digits]).sides
    alone = read(page.crop((left + 10, top - 30, right + 20, bottom + 30)))
    assert (alone.text, alone.all_warnings) == ("358", ())
    assert all(digit.confidence > 0.9 for digit in alone.digits)


@pytest.mark.parametrize("room", [2, 8, 30])
def test_a_border_beside_the_digits_is_no_reason_for_a_warning(number, room):
    left, top, right, bottom = number.sides
    found = field_of(number.page, (left - room, top - room, right + room, bottom + room))
    assert (found.text, found.warnings) == (number.text, ())


def test_digits_that_lie_wholly_outside_are_those_of_other_fields(number):
    _, top, right, bottom = number.sides
    second = number.digits[1]
    between = (number.digits[0][0] + number.digits[0][2] + second[0]) / 2
    found = field_of(number.page, (between, top - 20, right + 20, bottom + 20))
    assert (found.text, found.warnings) == (number.text[1:], ())


@pytest.mark.parametrize("room", [-6, -2, 0, 2, 6])
@pytest.mark.parametrize("kind", ["frame", "boxes", "line"])
def test_a_printed_frame_across_the_border_is_no_reason_for_a_warning(number, kind, room):
    left, top, right, bottom = number.sides
    frame = left - 14, top - 14, right + 14, bottom + 14
    page = number.page.copy()
    draw = ImageDraw.Draw(page)
    if kind == "line":
        draw.line((frame[0], frame[3], frame[2], frame[3]), 90, 2)
    else:
        draw.rectangle(frame, None, 90, 2)
    for before, after in zip(number.digits, number.digits[1:], strict=False) if kind == "boxes" else ():
        middle = (before[0] + before[2] + after[0]) / 2
        draw.line((middle, frame[1], middle, frame[3]), 90, 2)
    page = page.rotate(0.4, Image.Resampling.BICUBIC, fillcolor=225)
    found = field_of(page, (frame[0] - room, frame[1] - room, frame[2] + room, frame[3] + room))
    assert WARNING not in found.warnings
    assert found.text == number.text


def test_a_field_that_is_the_whole_picture_has_no_border_to_cross(number):
    left, _, right, bottom = number.sides
    cut = number.page.crop((left + 8, 0, right + 20, bottom + 20))
    assert WARNING not in read_form(cut, Template({"a": Field((0, 0, 1, 1))}))["a"].warnings
