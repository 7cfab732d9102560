"""`read`: a picture in, a reading out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from inkling.classes import require_digits
from inkling.errors import UsageError, described
from inkling.ink import DIGIT_SHAPE, MAX_COMPONENTS, MEGABYTES, MEGAPIXELS, Picture, open_picture
from inkling.model import Model, load
from inkling.preprocessing import warn_of_other_normalization
from inkling.processor import one_blas_thread
from inkling.reading.lines import are_several, lines_of
from inkling.reading.reader import Page, read_line, read_page, read_single
from inkling.reading.result import Digit, Reading

if TYPE_CHECKING:
    from PIL.Image import Image

CONFIDENCE = 0.7  # A digit that stands alone is refused below this confidence; docs/reading.md has the trade-off.
IN_A_LINE = 0.1  # The same for a digit among others: the best path has found each more probable than all else.


def read(
    image: str | Path | bytes | BinaryIO | Image | np.ndarray | Picture,
    *,
    model: Model | str | Path | None = None,
    single: bool = False,
    digits: int | None = None,
    lines: bool = False,
    min_confidence: float | None = None,
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
    _check(single, digits, lines, min_confidence)
    _check_limits(megapixels, megabytes)
    if isinstance(model, str | Path):
        model = load(Path(model).expanduser())
    if model is not None:
        if not isinstance(model, Model):
            raise UsageError(
                f"model is a Model, the path of its file, or a name such as 'reader', not {described(model)}"
            )
        _require_digit_model(model)
        warn_of_other_normalization(model)
    picture = image if isinstance(image, Picture) else open_picture(image, megapixels=megapixels, megabytes=megabytes)
    page = read_page(picture)
    with one_blas_thread():  # Its matrices are small: several threads would only wait for each other.
        found = _lines(page, model or _default_model(), single, digits, lines)
    judged = tuple(_judged(line, min_confidence) for line in found if line)
    warnings = (*picture.notes, *_page_warnings(page, judged, single or lines), *_count_warnings(judged, digits))
    return Reading(picture.name, judged, picture.size, warnings)


def _lines(page: Page, model: Model, single: bool, digits: int | None, several: bool) -> list[list[Digit]]:
    """The digits of each line of writing."""
    components = page.ink.components
    if not components:
        return []
    if single:
        return [read_single(page, model)]
    lines = lines_of(components) if several else [components]
    return [read_line(page, line, model, digits) for line in lines]


def _judged(line: Sequence[Digit], bar: float | None) -> tuple[Digit, ...]:
    """The digits of a line, refused where their confidence is below the bar."""
    if bar is None:
        bar = CONFIDENCE if len(line) == 1 else IN_A_LINE
    return tuple(replace(digit, accepted=digit.accepted and digit.confidence >= bar) for digit in line)


def _page_warnings(page: Page, lines: Sequence[Sequence[Digit]], layout_known: bool) -> list[str]:
    """Warnings about the picture as a whole; `layout_known` where the caller asked for a single digit or lines."""
    if not page.ink.components:
        return ["nothing drawn"]
    warnings = [] if page.ink.dark else ["light on dark"]
    if not lines:
        warnings.append("no digits, only dots, commas or dashes")
    if not layout_known and are_several(page.ink.components):
        warnings.append("several lines, read as one: --lines reads each")
    if len(page.ink.components) >= MAX_COMPONENTS:
        warnings.append(f"much ink: only the {MAX_COMPONENTS:,} largest components were looked at")
    return warnings


def _count_warnings(lines: Sequence[Sequence[Digit]], expected: int | None) -> list[str]:
    """Warnings about lines with more or fewer digits than were announced."""
    if expected is None:
        return []
    counts = [f"{len(line)} digit{'s' * (len(line) != 1)}, {expected} expected" for line in lines]
    return [
        f"line {number}: {count}" if len(lines) > 1 else count
        for number, (line, count) in enumerate(zip(lines, counts, strict=True), 1)
        if len(line) != expected
    ]


def _check(single: bool, digits: int | None, lines: bool, min_confidence: float | None) -> None:
    for name, flag in (("single", single), ("lines", lines)):
        if not isinstance(flag, bool | np.bool_):
            raise UsageError(f"{name} is True or False, not {described(flag)}")
    if digits is not None and not (isinstance(digits, int | np.integer) and not isinstance(digits, bool)):
        raise UsageError(f"digits is a whole number, how many there are, not {described(digits)}")
    if min_confidence is not None and not _is_real(min_confidence):
        raise UsageError(f"min_confidence is a probability, 0 to 1, not {described(min_confidence)}")
    if single and (digits not in (None, 1) or lines):
        raise UsageError("a single digit was announced, and several: leave out single, or digits and lines")
    if digits is not None and digits < 1:
        raise UsageError(f"digits: how many there are, at least 1, not {digits}")
    if min_confidence is not None and not 0 <= min_confidence <= 1:
        raise UsageError(f"min_confidence is a probability, 0 to 1, not {min_confidence}")


def _check_limits(megapixels: float, megabytes: float) -> None:
    for name, limit in (("megapixels", megapixels), ("megabytes", megabytes)):
        if not (_is_real(limit) and limit > 0):
            raise UsageError(f"{name} is a number above 0, the most that a picture may have, not {described(limit)}")


def _is_real(value: object) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def _require_digit_model(model: Model) -> None:
    """UsageError unless the model recognises the digits 0 to 9 in images of 28×28."""
    require_digits(model.class_names, "read takes a model")
    height, width, _ = model.network.input_shape
    if (height, width) != DIGIT_SHAPE:
        raise UsageError(f"read takes a model of digits of 28×28 pixels, not of {height}×{width}")


@cache
def _default_model() -> Model:
    return load()
