"""`read_form`: the fields of a picture are cut out, and each is read as a picture of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from inkling.ink import MEGABYTES, MEGAPIXELS, Original, open_original
from inkling.model import Model, load
from inkling.reading.arguments import check_limits
from inkling.reading.forms.border import cuts_ink
from inkling.reading.forms.boxes import place, size_warnings
from inkling.reading.forms.result import FormReading
from inkling.reading.forms.template import Field, Template
from inkling.reading.forms.template_file import load_template
from inkling.reading.marks import Box
from inkling.reading.page_warnings import CUT
from inkling.reading.pipeline import read
from inkling.reading.result import Reading

if TYPE_CHECKING:
    from PIL.Image import Image


def read_form(
    picture: str | Path | bytes | BinaryIO | Image | np.ndarray | Original,
    template: Template | str | Path,
    *,
    model: Model | str | Path | None = None,
    megapixels: float = MEGAPIXELS,
    megabytes: float = MEGABYTES,
) -> FormReading:
    """Read the fields of a form or a meter that a template names. Threads may read side by side.

    Each field is cut out of the picture, with all its pixels, and read alone. A number that its field does not allow is
    refused, and a warning says what was read. Where the border of a field cuts ink of about a digit's height, the
    reading has the warning "ink crosses the border of the field": a digit may be wrong, or missing.

    Parameters
    ----------
    picture : as in `inkling.read`; or what `inkling.ink.open_original` opened.
    template : the fields and their boxes, or the path of a file that has them: load it once for many pictures.
    model, megapixels, megabytes : as in `inkling.read`.

    Returns
    -------
    The reading of each field by its name; boxes are in pixels of the whole picture.

    Raises
    ------
    DataError
        No picture, a damaged one, or one beyond the limits; one of another shape where boxes are in pixels; or no
        usable model under the path.
    UsageError
        The template cannot work, or the model is not one of digits of 28×28.
    """
    check_limits(megapixels, megabytes)
    if not isinstance(template, Template):
        template = load_template(template)
    if isinstance(model, str | Path):
        model = load(Path(model).expanduser())
    if not isinstance(picture, Original):
        picture = open_original(picture, megapixels=megapixels, megabytes=megabytes)
    wanted = [field.box for field in template.fields.values()]
    warnings = size_warnings(picture.name, wanted, template.size, picture.size)
    boxes = {name: place(field.box, template.size, picture.size) for name, field in template.fields.items()}
    readings = {name: _read_field(picture, field, boxes[name], model) for name, field in template.fields.items()}
    return FormReading(picture.name, readings, boxes, picture.size, (*picture.notes, *warnings))


def _read_field(picture: Original, field: Field, box: Box, model: Model | None) -> Reading:
    """What is written in a field, at its place in the picture; refused where the field does not allow it."""
    reading = read(
        picture.part(box),
        model=model,
        single=field.single,
        digits=field.digits,
        lines=field.lines,
        min_confidence=field.min_confidence,
        plausible=field.plausible,
    )
    border = [CUT] if cuts_ink(picture, box, reading.digits, field.single) else []
    return replace(
        reading,
        lines=tuple(tuple(replace(digit, box=_moved(digit.box, box)) for digit in line) for line in reading.lines),
        marks=tuple(replace(mark, box=_moved(mark.box, box)) for mark in reading.marks),
        size=picture.size,
        warnings=(*reading.warnings, *border),
    )


def _moved(box: Box, field: Box) -> Box:
    """A box of a field's picture in coordinates of the whole picture."""
    x, y, width, height = box
    return x + field[0], y + field[1], width, height
