"""A table is text with one square image per row: its grey levels and, where known, the label among them.

Kaggle's `train.csv` is one; so are tables without a header, with the label last, with floats of 0-1, with texts as
labels, with any line ends, quotes, another delimiter, a trailing one, or a column of row numbers. A clean table of
integers takes a fast path through whole blocks of bytes, one of floats goes through NumPy. Whatever these two do not
understand is read again line by line, which either succeeds or names the row that is wrong.
"""

from __future__ import annotations

import codecs
import io
import warnings
from collections.abc import Sequence

import numpy as np

from inkling.data.columns import source_of_columns
from inkling.data.files import File
from inkling.data.integers import read_integers
from inkling.data.raw import RawSource
from inkling.data.table_layout import Layout, fields_of, is_number
from inkling.data.table_texts import column_of_texts, without_texts
from inkling.errors import DataError


def read_table(file: File) -> RawSource:
    """The images of a table, and their labels where it has a column of them.

    Raises
    ------
    DataError
        Not such a table, or a row of it is wrong; the message names the line, counted from 1.
    """
    text = _plain(file.data)
    layout = Layout.of(text, file.name)
    label = column_of_texts(text, layout)
    labels = None
    if label is not None:
        text, labels = without_texts(text, layout, label, file.name)
    numbers, lines = _read_numbers(text, layout, file.name)
    names = layout.names
    if label is not None:
        numbers = np.delete(numbers, label, axis=1)
        names = None if names is None else (*names[:label], *names[label + 1 :])

    def where(index: int) -> str:
        return f"{file.name}, row {lines[index]}"

    return source_of_columns(numbers, names, file.name, where, labels, file.stem)


def _read_numbers(text: bytes, layout: Layout, name: str) -> tuple[np.ndarray, Sequence[int]]:
    """The table (N, width), by the fastest reader that understands it, and the line number of each row."""
    table = read_integers(text, layout.start, layout.delimiter, layout.width)
    if table is None:
        table = _read_floats(text, layout)
    if table is None:
        return _read_carefully(text, layout, name)
    return table, range(layout.first_line, layout.first_line + len(table))


def _plain(data: bytes) -> bytes:
    """The text in UTF-8 without byte order mark, with "\\n" for every line end and no delimiter before it."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", "replace").encode()
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    ending = data[-9:].rstrip(b"\n")[-1:]
    if ending in (b",", b";", b"\t"):
        data = data.replace(ending + b"\n", b"\n").removesuffix(ending)
    return data


def _read_floats(text: bytes, layout: Layout) -> np.ndarray | None:
    """The rows as float32 (N, width), or None unless there is one of that width in every line."""
    lines = text.count(b"\n", layout.start) + (not text.endswith(b"\n"))
    delimiter = None if layout.delimiter == b" " else layout.delimiter.decode()
    above = text.count(b"\n", 0, layout.start)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a table of blank lines alone is refused later
            rows = np.loadtxt(
                io.BytesIO(text), np.float32, None, delimiter, skiprows=above, encoding="latin-1", ndmin=2
            )
    except ValueError:
        return None
    return rows if rows.shape == (lines, layout.width) else None


def _read_carefully(text: bytes, layout: Layout, name: str) -> tuple[np.ndarray, list[int]]:
    """The rows as float32 (N, width), and the line number of each."""
    rows, lines = [], []
    for number, line in enumerate(text[layout.start :].split(b"\n"), layout.first_line):
        if not line.strip():
            continue
        fields = fields_of(line, layout.delimiter)
        if len(fields) != layout.width:
            raise DataError(
                f"{name}, row {number}: {layout.width} values were expected, found {len(fields)}; "
                f"the row is cut off or damaged"
            )
        rows.append(_row(fields, f"{name}, row {number}"))
        lines.append(number)
    return np.array(rows, np.float32).reshape(-1, layout.width), lines


def _row(fields: list[str], where: str) -> np.ndarray:
    try:
        with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused as such
            return np.array([float(field) for field in fields], np.float32)
    except ValueError:
        column = next(index for index, field in enumerate(fields) if not field or not is_number(field))
        found = repr(fields[column][:40]) if fields[column] else "nothing"
        raise DataError(f"{where}: a number was expected in column {column + 1}, found {found}") from None
