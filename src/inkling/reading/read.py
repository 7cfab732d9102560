"""`read`: a picture in, a reading out."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from inkling.errors import UsageError
from inkling.ink import Picture, open_picture
from inkling.model import Model, load
from inkling.processor import one_blas_thread
from inkling.reading.reader import Page, read_page, read_row, read_single
from inkling.reading.result import Digit, Reading
from inkling.reading.rows import rows_of

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

CONFIDENCE = 0.7  # the bar: digits of less confidence are refused (docs/reading.md has the trade-off)


def read(
    image: str | Path | bytes | BinaryIO | Image | np.ndarray | Picture,
    *,
    model: Model | None = None,
    single: bool = False,
    digits: int | None = None,
    lines: bool = False,
    min_confidence: float = CONFIDENCE,
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
    min_confidence : digits of less are refused, and are question marks in the text; 0 refuses none.

    Raises
    ------
    DataError
        No picture, a damaged one, or one of more than 100 megapixels.
    UsageError
        Arguments that contradict each other, or are out of range.
    """
    _check(single, digits, lines, min_confidence)
    picture = image if isinstance(image, Picture) else open_picture(image)
    page = read_page(picture)
    with one_blas_thread():  # matrices are small: several threads would only wait for each other
        rows = _rows(page, model or _default_model(), single, digits, lines, min_confidence)
    height, width = picture.levels.shape
    size = round(width * picture.scale), round(height * picture.scale)
    return Reading(picture.name, tuple(tuple(row) for row in rows if row), size, (*picture.notes, *_odd(page)))


def _rows(page: Page, model: Model, single: bool, digits: int | None, lines: bool, bar: float) -> list[list[Digit]]:
    marks = page.ink.marks
    if not marks:
        return []
    if single:
        return [read_single(page, model, bar)]
    return [read_row(page, row, model, bar, digits) for row in (rows_of(marks) if lines else [marks])]


def _odd(page: Page) -> list[str]:
    """Warnings about the picture."""
    if not page.ink.marks:
        return ["nothing drawn"]
    return [] if page.ink.dark else ["light on dark"]


def _check(single: bool, digits: int | None, lines: bool, min_confidence: float) -> None:
    if single and (digits not in (None, 1) or lines):
        raise UsageError("a single digit was announced, and several: leave out single, or digits and lines")
    if digits is not None and digits < 1:
        raise UsageError(f"digits: how many there are, at least 1, not {digits}")
    if not 0 <= min_confidence <= 1:
        raise UsageError(f"min_confidence is a probability, 0 to 1, not {min_confidence}")


@cache
def _default_model() -> Model:
    return load()
