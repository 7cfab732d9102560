"""`read`: a picture in, a reading out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from inkling.errors import UsageError
from inkling.ink import MAX_COMPONENTS, Picture, open_picture
from inkling.model import Model, load
from inkling.preprocessing import warn_of_other_normalization
from inkling.processor import one_blas_thread
from inkling.reading.reader import Page, read_page, read_row, read_single
from inkling.reading.result import Digit, Reading
from inkling.reading.rows import are_several, rows_of

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

CONFIDENCE = 0.7  # the bar: a digit of less confidence is refused; docs/reading.md has the trade-off
IN_A_ROW = 0.1  # the bar where there are several: the best path has found each more probable than all else


def read(
    image: str | Path | bytes | BinaryIO | Image | np.ndarray | Picture,
    *,
    model: Model | None = None,
    single: bool = False,
    digits: int | None = None,
    lines: bool = False,
    min_confidence: float | None = None,
) -> Reading:
    """The number that is written in a picture.

    Parameters
    ----------
    image : a file's path, its bytes, an open file, Pillow's image, or levels (H, W) or (H, W, 3 or 4), uint8 or 0-1;
        or what `inkling.ink.open_picture` made of one.
    model : what recognises the digits; the one that comes along, if none is given.
    single : there is exactly one digit: all ink belongs to it.
    digits : how many digits there are, in each row.
    lines : there may be several rows; if not, all ink is one row.
    min_confidence : digits of less are refused, and are question marks in the text; 0 refuses none that can be read.
        By default it is CONFIDENCE, and IN_A_ROW for the digits of a row of several.

    Raises
    ------
    DataError
        No picture, a damaged one, or one of more than 100 megapixels.
    UsageError
        Arguments that contradict each other, or are out of range.

    Warns
    -----
    InklingWarning
        The model was made for another version of the normalisation; once for each model.
    """
    _check(single, digits, lines, min_confidence)
    if model is not None:
        warn_of_other_normalization(model)
    picture = image if isinstance(image, Picture) else open_picture(image)
    page = read_page(picture)
    with one_blas_thread():  # matrices are small: several threads would only wait for each other
        rows = _rows(page, model or _default_model(), single, digits, lines)
    judged = tuple(_judged(row, min_confidence) for row in rows if row)
    warnings = (*picture.notes, *_odd(page, judged, single or lines), *_miscounted(judged, digits))
    return Reading(picture.name, judged, picture.size, warnings)


def _rows(page: Page, model: Model, single: bool, digits: int | None, lines: bool) -> list[list[Digit]]:
    components = page.ink.components
    if not components:
        return []
    if single:
        return [read_single(page, model)]
    return [read_row(page, row, model, digits) for row in (rows_of(components) if lines else [components])]


def _judged(row: Sequence[Digit], bar: float | None) -> tuple[Digit, ...]:
    """The digits of a row, those below the bar refused."""
    if bar is None:
        bar = CONFIDENCE if len(row) == 1 else IN_A_ROW
    return tuple(replace(digit, accepted=digit.accepted and digit.confidence >= bar) for digit in row)


def _odd(page: Page, rows: Sequence[Sequence[Digit]], told_how: bool) -> list[str]:
    """Warnings about the picture, and what was found in it; `told_how` many rows or digits it has."""
    if not page.ink.components:
        return ["nothing drawn"]
    warnings = [] if page.ink.dark else ["light on dark"]
    if not rows:
        warnings.append("no digits, only dots, commas or dashes")
    if not told_how and are_several(page.ink.components):
        warnings.append("several rows, read as one: --lines parts them")
    if len(page.ink.components) >= MAX_COMPONENTS:
        warnings.append(f"much ink: only the {MAX_COMPONENTS:,} largest marks were looked at")
    return warnings


def _miscounted(rows: Sequence[Sequence[Digit]], expected: int | None) -> list[str]:
    """Warnings about rows that are not as long as was said."""
    if expected is None:
        return []
    found = [f"{len(row)} digit{'s' * (len(row) != 1)}, {expected} expected" for row in rows]
    return [
        f"row {number}: {odd}" if len(rows) > 1 else odd
        for number, (row, odd) in enumerate(zip(rows, found, strict=True), 1)
        if len(row) != expected
    ]


def _check(single: bool, digits: int | None, lines: bool, min_confidence: float | None) -> None:
    if single and (digits not in (None, 1) or lines):
        raise UsageError("a single digit was announced, and several: leave out single, or digits and lines")
    if digits is not None and digits < 1:
        raise UsageError(f"digits: how many there are, at least 1, not {digits}")
    if min_confidence is not None and not 0 <= min_confidence <= 1:
        raise UsageError(f"min_confidence is a probability, 0 to 1, not {min_confidence}")


@cache
def _default_model() -> Model:
    return load()
