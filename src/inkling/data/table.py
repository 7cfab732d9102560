"""A table is text with one square image per row: its grey levels and, where known, the label among them.

Kaggle's `train.csv` is one; so are tables without a header, with the label last, with floats of 0-1, with texts as
labels, with any line ends, quotes, another delimiter, a trailing one, or a column of row numbers. A clean table of
integers takes a fast path through whole blocks of bytes, one of floats goes through NumPy. Whatever these two do not
understand is read again line by line, which either succeeds or names the row that is wrong.
"""

from __future__ import annotations

import codecs
import csv
import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from inkling.data.columns import LABEL_NAMES, side_of, source_of_columns
from inkling.data.files import File
from inkling.data.integers import read_integers
from inkling.data.raw import RawSource
from inkling.errors import DataError

_LINES_SAMPLED = 20  # So many lines tell whether labels are texts.
_MOST_OTHER_COLUMNS = 3  # Beside the pixels there are a label, row numbers, and one column to spare.


def read_table(file: File) -> RawSource:
    """The images of a table, and their labels where it has a column of them.

    Raises
    ------
    DataError
        Not such a table, or a row of it is wrong; the message names the line, counted from 1.
    """
    text = _plain(file.data)
    layout = _Layout.of(text, file.name)
    label = _column_of_texts(text, layout)
    labels = None
    if label is not None:
        text, labels = _without_texts(text, layout, label, file.name)
    numbers, lines = _read_numbers(text, layout, file.name)
    names = layout.names
    if label is not None:
        numbers = np.delete(numbers, label, axis=1)
        names = None if names is None else (*names[:label], *names[label + 1 :])

    def where(index: int) -> str:
        return f"{file.name}, row {lines[index]}"

    return source_of_columns(numbers, names, file.name, where, labels)


def _read_numbers(text: bytes, layout: _Layout, name: str) -> tuple[np.ndarray, Sequence[int]]:
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
    if ending in (b",", b";"):
        data = data.replace(ending + b"\n", b"\n").removesuffix(ending)
    return data


def _fields(line: bytes, delimiter: bytes) -> list[str]:
    fields = line.split(delimiter) if delimiter != b" " else line.split()
    if b'"' in line and any(field.count(b'"') % 2 for field in fields):  # a delimiter between quotes
        text = line.decode("utf-8", "replace")
        return [
            field.strip() for field in next(csv.reader([text], delimiter=delimiter.decode(), skipinitialspace=True))
        ]
    return [field.decode("utf-8", "replace").strip().strip("\"'").strip() for field in fields]


def _column_of_texts(text: bytes, layout: _Layout) -> int | None:
    """The column of labels where at least half of those in a sample are texts, None where they are numbers."""
    candidates = [column for column, called in enumerate(layout.names or ()) if called in LABEL_NAMES][:1]
    if not candidates and side_of(layout.width - 1) is not None:
        candidates = [0, layout.width - 1]
    sample = [fields for fields in _sample(text, layout) if len(fields) == layout.width]
    for column in candidates:
        if sample and 2 * sum(_is_text(fields[column]) for fields in sample) >= len(sample):
            return column
    return None


def _sample(text: bytes, layout: _Layout) -> Iterator[list[str]]:
    """The fields of some lines, spread evenly over the table."""
    for place in range(_LINES_SAMPLED):
        start = layout.start + (len(text) - layout.start) * place // _LINES_SAMPLED
        start = start if place == 0 else text.find(b"\n", start) + 1
        end = text.find(b"\n", start)
        yield _fields(text[start : end if end >= 0 else len(text)], layout.delimiter)


def _is_text(field: str) -> bool:
    return bool(field) and not _is_number(field)


def _without_texts(text: bytes, layout: _Layout, label: int, name: str) -> tuple[bytes, np.ndarray]:
    """The table with a 0 in the place of each label, in as many lines as before, and the labels (N,)."""
    lines, labels = [text[: layout.start].rstrip(b"\n")] if layout.start else [], []
    for number, line in enumerate(text[layout.start :].split(b"\n"), layout.first_line):
        fields = _fields(line, layout.delimiter)
        if not line.strip() or len(fields) != layout.width:
            lines.append(line)
            continue
        if "\ufffd" in fields[label]:
            raise DataError(f"{name}, row {number}: a label in UTF-8 was expected; save the table with this encoding")
        labels.append(fields[label])
        fields[label] = "0"
        lines.append(layout.delimiter.join(field.encode() for field in fields))
    return b"\n".join(lines), np.array(labels, object)


@dataclass(frozen=True)
class _Layout:
    """Which columns hold what, from the first line alone."""

    delimiter: bytes
    width: int  # columns
    names: tuple[str, ...] | None  # of the columns, in lower case, where there is a header
    start: int  # offset of the first row of numbers
    first_line: int  # its line number

    @classmethod
    def of(cls, text: bytes, name: str) -> _Layout:
        blank = len(text) - len(text.lstrip(b"\n "))
        end = text.find(b"\n", blank)
        line = text[blank : end if end >= 0 else len(text)]
        delimiter = max((b",", b";", b"\t", b" "), key=line.count)
        fields = _fields(line, delimiter)
        number = text.count(b"\n", 0, blank) + 1
        _refuse_other_tables(fields, line, name)
        names = tuple(field.lower() for field in fields)
        if not _is_header(names):
            return cls(delimiter, len(fields), None, blank, number)
        return cls(delimiter, len(fields), names, blank + len(line) + 1, number + 1)


def _is_header(fields: Sequence[str]) -> bool:
    """Names, rather than a row of numbers of which some may be damaged."""
    numbers = sum(map(_is_number, fields))
    counted = list(fields) == [
        str(column) for column in range(len(fields))
    ]  # columns without names, as pandas has them
    return counted or 2 * numbers < len(fields) or not LABEL_NAMES.isdisjoint(fields)


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return not field  # a blank among numbers is a missing value, not a name
    return True


def _refuse_other_tables(fields: list[str], line: bytes, name: str) -> None:
    expected = f"{name}: a table with the pixels of a square image per row, such as 784, was expected, but "
    names = [field.lower() for field in fields]
    if names == ["imageid", "label"] or (len(fields) == 2 and all(map(_is_number, fields))):
        raise DataError(expected + "this is a submission (ImageId, Label); give the table with the images")
    if len(fields) == 1 and (_is_number(fields[0]) or names[0] in LABEL_NAMES):
        raise DataError(expected + "this holds labels only; give the table with the images")
    if not any(side_of(max(0, len(fields) - others)) for others in range(_MOST_OTHER_COLUMNS + 1)):
        beginning = line[:40].decode("utf-8", "replace")
        raise DataError(expected + f"its first line has {len(fields)} columns and begins with {beginning!r}")


def _read_floats(text: bytes, layout: _Layout) -> np.ndarray | None:
    """The rows as float32 (N, width), or None unless there is one of that width in every line."""
    lines = text.count(b"\n", layout.start) + (not text.endswith(b"\n"))
    delimiter = None if layout.delimiter == b" " else layout.delimiter.decode()
    above = text.count(b"\n", 0, layout.start)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # blank lines alone are told later
            rows = np.loadtxt(
                io.BytesIO(text), np.float32, None, delimiter, skiprows=above, encoding="latin-1", ndmin=2
            )
    except ValueError:
        return None
    return rows if rows.shape == (lines, layout.width) else None


def _read_carefully(text: bytes, layout: _Layout, name: str) -> tuple[np.ndarray, list[int]]:
    """The rows as float32 (N, width), and the line number of each."""
    rows, lines = [], []
    for number, line in enumerate(text[layout.start :].split(b"\n"), layout.first_line):
        if not line.strip():
            continue
        fields = _fields(line, layout.delimiter)
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
        column = next(index for index, field in enumerate(fields) if not field or not _is_number(field))
        found = repr(fields[column][:40]) if fields[column] else "nothing"
        raise DataError(f"{where}: a number was expected in column {column + 1}, found {found}") from None
