"""The layout of a table of images: its delimiter, its columns and its header, told from the first line."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from inkling.data.columns import INDICATORS, LABEL_NAMES, side_of
from inkling.errors import DataError

_MOST_OTHER_COLUMNS = 3  # Beside the pixels there are a label, row numbers, and one column to spare.
_OTHER_COLUMNS = (*range(_MOST_OTHER_COLUMNS + 1), INDICATORS)  # Or a column per class.


@dataclass(frozen=True)
class Layout:
    """Which columns hold what, from the first line alone.

    Attributes
    ----------
    delimiter : stands between two fields.
    width : number of columns.
    names : of the columns, in lower case, where there is a header.
    start : offset of the first row of numbers in the text.
    first_line : line number of that row, from 1.
    """

    delimiter: bytes
    width: int
    names: tuple[str, ...] | None
    start: int
    first_line: int

    @classmethod
    def of(cls, text: bytes, name: str) -> Layout:
        blank = len(text) - len(text.lstrip(b"\n "))
        end = text.find(b"\n", blank)
        line = text[blank : end if end >= 0 else len(text)]
        delimiter = max((b",", b";", b"\t", b" "), key=line.count)
        fields = fields_of(line, delimiter)
        number = text.count(b"\n", 0, blank) + 1
        _refuse_other_tables(fields, line, name)
        names = tuple(field.lower() for field in fields)
        if not _is_header(names):
            return cls(delimiter, len(fields), None, blank, number)
        return cls(delimiter, len(fields), names, blank + len(line) + 1, number + 1)


def _is_header(fields: Sequence[str]) -> bool:
    """Names, rather than a row of numbers of which some may be damaged."""
    numbers = sum(map(is_number, fields))
    counted = list(fields) == [
        str(column) for column in range(len(fields))
    ]  # columns without names, as pandas has them
    return counted or 2 * numbers < len(fields) or not LABEL_NAMES.isdisjoint(fields)


def is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return not field  # a blank among numbers is a missing value, not a name
    return True


def _refuse_other_tables(fields: list[str], line: bytes, name: str) -> None:
    expected = f"{name}: a table with the pixels of a square image per row, such as 784, was expected, but "
    names = [field.lower() for field in fields]
    if names == ["imageid", "label"] or (len(fields) == 2 and all(map(is_number, fields))):
        raise DataError(expected + "this is a submission (ImageId, Label); give the table with the images")
    labels = not LABEL_NAMES.isdisjoint(names) and len(fields) <= _MOST_OTHER_COLUMNS
    if labels or (len(fields) == 1 and is_number(fields[0])):
        raise DataError(expected + "this holds labels only; give the table with the images")
    if not any(side_of(max(0, len(fields) - others)) for others in _OTHER_COLUMNS):
        beginning = line[:40].decode("utf-8", "replace")
        raise DataError(expected + f"its first line has {len(fields)} columns and begins with {beginning!r}")


def fields_of(line: bytes, delimiter: bytes) -> list[str]:
    """The fields of a line, without blanks and quotes around them."""
    fields = line.split(delimiter) if delimiter != b" " else line.split()
    if b'"' in line and any(field.count(b'"') % 2 for field in fields):  # a delimiter between quotes
        text = line.decode("utf-8", "replace")
        return [
            field.strip() for field in next(csv.reader([text], delimiter=delimiter.decode(), skipinitialspace=True))
        ]
    return [field.decode("utf-8", "replace").strip().strip("\"'").strip() for field in fields]
