"""Texts as labels of a table: they are taken out, so that what is left is a table of numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from inkling.data.columns import LABEL_NAMES, side_of
from inkling.data.table_layout import Layout, fields_of, is_number
from inkling.errors import DataError

_LINES_SAMPLED = 20  # So many lines tell whether labels are texts.


def column_of_texts(text: bytes, layout: Layout) -> int | None:
    """The column of labels where at least half of those in a sample are texts, None where they are numbers."""
    candidates = [column for column, called in enumerate(layout.names or ()) if called in LABEL_NAMES][:1]
    if not candidates and side_of(layout.width - 1) is not None:
        candidates = [0, layout.width - 1]
    sample = [fields for fields in _sample(text, layout) if len(fields) == layout.width]
    for column in candidates:
        if sample and 2 * sum(_is_text(fields[column]) for fields in sample) >= len(sample):
            return column
    return None


def _sample(text: bytes, layout: Layout) -> Iterator[list[str]]:
    """The fields of some lines, spread evenly over the table."""
    for place in range(_LINES_SAMPLED):
        start = layout.start + (len(text) - layout.start) * place // _LINES_SAMPLED
        if place:
            start = text.find(b"\n", start) + 1 or len(text)
        end = text.find(b"\n", start)
        yield fields_of(text[start : end if end >= 0 else len(text)], layout.delimiter)


def _is_text(field: str) -> bool:
    return bool(field) and not is_number(field)


def without_texts(text: bytes, layout: Layout, label: int, name: str) -> tuple[bytes, np.ndarray]:
    """The table with a 0 in the place of each label, in as many lines as before, and the labels (N,)."""
    lines, labels = [], []
    for number, line in enumerate(text[layout.start :].split(b"\n"), layout.first_line):
        fields = fields_of(line, layout.delimiter)
        if not line.strip() or len(fields) != layout.width:
            lines.append(line)
            continue
        if "\ufffd" in fields[label]:
            raise DataError(f"{name}, row {number}: a label in UTF-8 was expected; save the table with this encoding")
        labels.append(fields[label])
        fields[label] = "0"
        lines.append(layout.delimiter.join(field.encode() for field in fields))
    return text[: layout.start] + b"\n".join(lines), np.array(labels, object)
