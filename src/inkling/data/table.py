"""A table is text with one image a row: 784 grey levels and, where known, the label among them.

Kaggle's `train.csv` is one; so are tables without a header, with the label last, with floats of 0-1, with any
line ends, quotes, another delimiter, a trailing one, or a column of row numbers. A clean table of integers takes a
fast path through whole blocks of bytes, one of floats goes through NumPy; whatever these do not understand is read
again line by line, which either succeeds or names the row that is wrong.
"""

from __future__ import annotations

import codecs
import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inkling.data.columns import LABEL_NAMES, PIXELS, source_of_columns
from inkling.data.dataset import Source
from inkling.data.files import File
from inkling.data.integers import read_integers
from inkling.errors import DataError


def read_table(file: File) -> Source:
    """The images of a table, and their labels where it has a column of them.

    Raises
    ------
    DataError
        Not such a table, or a row of it is wrong; the message names the line, counted from 1.
    """
    text = _plain(file.data)
    layout = _Layout.of(text, file.name)
    rows = read_integers(text, layout.start, layout.delimiter, layout.width)
    if rows is None:
        rows = _read_floats(text, layout)
    lines: Sequence[int] = range(layout.first_line, layout.first_line + len(rows)) if rows is not None else ()
    if rows is None:
        rows, lines = _read_carefully(text, layout, file.name)

    def where(index: int) -> str:
        return f"{file.name}, row {lines[index]}"

    return source_of_columns(rows, layout.names, file.name, where)


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
    return [field.decode("latin-1").strip().strip("\"'").strip() for field in fields]


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
    expected = f"{name}: a table of {PIXELS} pixels a row, with or without a label, was expected, but "
    names = [field.lower() for field in fields]
    if names == ["imageid", "label"] or (len(fields) == 2 and all(map(_is_number, fields))):
        raise DataError(expected + "this is a submission (ImageId, Label); give the table with the images")
    if len(fields) == 1 and (_is_number(fields[0]) or names[0] in LABEL_NAMES):
        raise DataError(expected + "this holds labels only; give the table with the images")
    if not PIXELS <= len(fields) <= PIXELS + 3:
        beginning = line[:40].decode("latin-1")
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
