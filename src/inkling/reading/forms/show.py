"""Drawings of forms: the picture with a box and a name per field, and with what was read in them."""

from __future__ import annotations

from collections.abc import Mapping

from inkling.ink import Picture
from inkling.palette import GREY, INK
from inkling.reading.forms.result import FormReading
from inkling.reading.marks import Box
from inkling.reading.show import LARGE_TYPE, SMALL_TYPE, boxed, colour_of, png, stacked, written


def draw_fields(picture: Picture, boxes: Mapping[str, Box]) -> bytes:
    """Draw a PNG: the picture with a box for each field, in pixels of the picture, and its name."""
    return png(boxed(picture, picture.size, ((box, name, INK) for name, box in boxes.items())))


def draw_form(picture: Picture, form: FormReading) -> bytes:
    """Draw a PNG: what was read, the warnings, and the picture with a box for each field and each digit."""
    fields = ((box, name, GREY) for name, box in form.boxes.items())
    digits = ((digit.box, "", colour_of(digit)) for reading in form.values() for digit in reading.digits)
    numbers = [(f"{name}: {reading.one_line}", LARGE_TYPE, INK) for name, reading in form.items()]
    warnings = [(warning, SMALL_TYPE, GREY) for warning in form.all_warnings]
    heading = written([(form.name, LARGE_TYPE, INK), *numbers, *warnings])
    return png(stacked([heading, boxed(picture, form.size, (*fields, *digits))]))
