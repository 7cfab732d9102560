"""What a notebook shows of a dataset or a source in place of its `repr`: the first images, and what they are."""

from __future__ import annotations

import base64
import html
from typing import TYPE_CHECKING

from inkling.classes import DIGITS, listed

if TYPE_CHECKING:
    from inkling.data.dataset import Dataset, Source

COLUMNS = 12
ROWS = 2


def dataset_html(dataset: Dataset) -> str:
    """A line about the dataset, the contact sheet of its first images, and their labels where it has any."""
    from inkling.data.contact_sheet import contact_sheet

    height, width = dataset.image_shape
    classes = "digits" if dataset.class_names == DIGITS else listed(dataset.class_names)
    kind = "no labels" if dataset.labels is None else classes
    line = (
        f"<b>{html.escape(dataset.name)}</b>: {len(dataset):,} images of {height}×{width} pixels, {html.escape(kind)}"
    )
    if not len(dataset):
        return f"<div>{line}</div>"
    shown = dataset[: COLUMNS * ROWS]
    starts = range(0, len(shown), COLUMNS)
    sheet = base64.b64encode(contact_sheet([shown.images[start : start + COLUMNS] for start in starts])).decode()
    picture = f'<img src="data:image/png;base64,{sheet}" alt="The first {len(shown)} images">'
    names = [] if shown.labels is None else [shown.class_names[label] for label in shown.labels]
    rows = [html.escape(", ".join(names[start : start + COLUMNS])) for start in starts]
    return f"<div>{line}<br>{picture}<br>{'<br>'.join(filter(None, rows))}</div>"


def source_html(source: Source) -> str:
    """Its notes, and its parts."""
    notes = "".join(f"<div>{html.escape(note)}</div>" for note in source.notes)
    return f"<div>{notes}{''.join(map(dataset_html, source.parts.values()))}</div>"
