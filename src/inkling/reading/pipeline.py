"""`read`: a picture in, a reading out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import numpy as np

from inkling.errors import UsageError, described
from inkling.ink import MEGABYTES, MEGAPIXELS, Picture, open_picture
from inkling.model import Model, load
from inkling.preprocessing import warn_of_other_normalization
from inkling.processor import one_blas_thread
from inkling.reading.arguments import check_limits, check_question, require_digit_model
from inkling.reading.lines import are_surely_several, lines_of
from inkling.reading.marks import Box, Mark, grouped, told
from inkling.reading.page import Page, frame_marks, read_page
from inkling.reading.page_warnings import count_warnings, doubt_warnings, page_warnings, single_warnings
from inkling.reading.plausibility import Plausible
from inkling.reading.reader import Line, read_line, read_single, read_turned
from inkling.reading.result import Digit, Reading
from inkling.reading.rows.model import row_models
from inkling.reading.signs import SIGNS
from inkling.reading.turned import turn_warning, turned

if TYPE_CHECKING:
    from PIL.Image import Image

CONFIDENCE = 0.7  # A digit that stands alone is refused below this confidence; docs/reading.md has the trade-off.
_ANYTHING = Plausible()
IN_A_LINE = 0.5  # The same for a digit among others: below it, the digit is more probably another one, or none.


def read(
    image: str | Path | bytes | BinaryIO | Image | np.ndarray | Picture,
    *,
    model: Model | str | Path | None = None,
    single: bool = False,
    digits: int | None = None,
    lines: bool = False,
    min_confidence: float | None = None,
    plausible: Plausible | None = None,
    megapixels: float = MEGAPIXELS,
    megabytes: float = MEGABYTES,
) -> Reading:
    """Read the number that is written in a picture. Threads may read side by side.

    Parameters
    ----------
    image : a file's path, its bytes, an open file, Pillow's image, or levels (H, W) or (H, W, 3 or 4), uint8 or 0-1;
        or a picture that `inkling.ink.open_picture` made.
    model : what recognises the digits: of images 28×28 and the classes 0 to 9, with or without "not a digit".
        A path or name is loaded by `inkling.load_model` at every call: load the model once to read many pictures. By
        default the reader that comes along.
    single : there is exactly one digit: all ink belongs to it.
    digits : how many digits there are, in each line.
    lines : there may be several lines of digits; without it, all ink is one line.
    min_confidence : digits of less are refused, and are question marks in the text; 0 refuses none that can be read.
        By default it is CONFIDENCE, and IN_A_LINE where a line has several digits.
    plausible : what is known of the number beforehand, in each line: its pattern, its limits, the meter's last state.
        Of the numbers that may be written there, the most probable one that is allowed is read, unless one that is not
        allowed is more than e⁵ ≈ 150 times as probable: then the digits are refused, and a warning says why.
    megapixels, megabytes : limits of the picture, as `inkling.ink.open_picture` has them; a service may lower them.

    Raises
    ------
    DataError
        No picture, a damaged one, or one beyond the limits; or no usable model under the path.
    UsageError
        Arguments contradict each other or are out of range, or the model is not one of digits of 28×28.

    Warns
    -----
    InklingWarning
        The model was made for another version of the normalisation; once per model.
    """
    check_question(single, digits, lines, min_confidence, plausible)
    check_limits(megapixels, megabytes)
    if isinstance(model, str | Path):
        model = load(Path(model).expanduser())
    if model is not None:
        if not isinstance(model, Model):
            raise UsageError(
                f"model is a Model, the path of its file, or a name such as 'reader', not {described(model)}"
            )
        require_digit_model(model)
        warn_of_other_normalization(model)
    picture = image if isinstance(image, Picture) else open_picture(image, megapixels=megapixels, megabytes=megabytes)
    known = None if plausible == _ANYTHING else plausible
    ask = _Question(model or _default_model(), single, digits, lines, min_confidence, known)
    page, found = ask.answer(picture)
    as_read = ask.judged(found)
    judged, complaints = allowed_only(as_read, [line.text for line in found if line.digits], known)
    marks = (*frame_marks(page), *_placed(found))
    texts = tuple(line.texts for line in found if line.digits)
    warnings = [
        *picture.notes,
        *page_warnings(page, judged, single or lines),
        *(single_warnings(page) if single else ()),
        *turn_warning(as_read, lambda turns: ask.judged(ask.after_turn(picture, found, turns))),
        *count_warnings(judged, digits),
        *complaints,
        *doubt_warnings(judged, texts),
        *told(marks),
        *dict.fromkeys(warning for line in judged for digit in line for warning in digit.warnings if warning in SIGNS),
    ]
    return Reading(picture.name, judged, picture.size, tuple(warnings), marks, texts)


class _Question(NamedTuple):
    """How a picture is to be read; the arguments of `read`."""

    model: Model
    single: bool
    digits: int | None
    several: bool
    min_confidence: float | None
    plausible: Plausible | None

    def answer(self, picture: Picture) -> tuple[Page, list[Line]]:
        """The ink of a picture, and what is read in each line of writing."""
        page = read_page(picture, self.single)
        components = page.ink.components
        with one_blas_thread():  # Its matrices are small: several threads would only wait for each other.
            if not components:
                return page, []
            if self.single:
                return page, [Line(read_single(page, self.model, self.plausible), [])]
            lines = lines_of(components) if self.several or are_surely_several(components) else [components]
            return page, [read_line(page, line, self.model, row_models, self.digits, self.plausible) for line in lines]

    def after_turn(self, picture: Picture, found: Sequence[Line], turns: int) -> list[Line]:
        """The lines after so many quarter turns to the left; of a single digit, its image is turned."""
        if not self.single:
            return self.answer(turned(picture, turns))[1]
        with one_blas_thread():
            return [
                Line([read_turned(digit, self.model, turns, self.plausible) for digit in line.digits], [])
                for line in found
            ]

    def judged(self, lines: Sequence[Line]) -> tuple[tuple[Digit, ...], ...]:
        """The lines that have digits, which are accepted or refused."""
        return tuple(_judged(line.digits, self.min_confidence) for line in lines if line.digits)


def allowed_only(
    lines: Sequence[tuple[Digit, ...]], texts: Sequence[str], plausible: Plausible | None
) -> tuple[tuple[tuple[Digit, ...], ...], list[str]]:
    """The lines, of which those whose texts are not allowed are refused, and a warning about each of these."""
    kept, complaints = [], []
    for line, text in zip(lines, texts, strict=True):
        if complaint := plausible and plausible.complaint(text):
            line = tuple(replace(digit, accepted=False) for digit in line)
            complaints.append(f"{text} {complaint}")
        kept.append(line)
    return tuple(kept), complaints


def _placed(lines: Sequence[Line]) -> Iterator[Mark]:
    """The marks of all lines, each with its line and the number of digits before it, if its line has digits."""
    number = 0
    for digits, marks, _ in lines:
        for mark in grouped(marks):
            after = sum(_middle(digit.box) < _middle(mark.box) for digit in digits)
            yield replace(mark, line=number, after=after) if digits else mark
        number += bool(digits)


def _middle(box: Box) -> float:
    return box[0] + box[2] / 2


def _judged(line: Sequence[Digit], bar: float | None) -> tuple[Digit, ...]:
    """The digits of a line, refused where their confidence is below the bar, or where they are more probably no digits.

    A bar of 0 refuses none of these.
    """
    if bar is None:
        bar = CONFIDENCE if len(line) == 1 else IN_A_LINE

    def is_accepted(digit: Digit) -> bool:
        is_none = bar > 0 and digit.not_a_digit > 0.5
        return digit.accepted and digit.confidence >= bar and not is_none

    return tuple(replace(digit, accepted=is_accepted(digit)) for digit in line)


@cache
def _default_model() -> Model:
    return load()
