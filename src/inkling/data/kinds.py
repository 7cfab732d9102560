"""What a file is, told from its content: names lie."""

from __future__ import annotations

import codecs

from inkling.data.files import File
from inkling.data.idx_sets import is_idx_name
from inkling.errors import DataError
from inkling.ink import HEAD_BYTES, begins_as_picture

_READABLE = {b"PK\x03\x04": "zip", b"PK\x05\x06": "zip", b"PAR1": "parquet"}
_PICTURE = "a picture; put pictures into folders named after their class (0 to 9), and give the folder above them"
_OTHERS = {
    b"\x93NUMPY": "a single array; store images and labels together with numpy.savez",
    b"\x89HDF": "an HDF5 file; convert it to npz with arrays `images` and `labels`",
    b"\x80": "a pickle, which could run any code and is never opened; convert it to npz",
    b"BZh": "a bzip2 file; unpack it",
    b"\xfd7zXZ": "an xz file; unpack it",
    b"\x28\xb5\x2f\xfd": "a Zstandard file; unpack it",
    b"7z\xbc\xaf": "a 7z archive; unpack it",
    b"Rar!": "a RAR archive; unpack it",
    b"%PDF": "a PDF",
    b"SQLite format 3": "an SQLite database; export its images as PNG or its pixels as CSV",
}
_TAR = 257, b"ustar"  # where a tar archive has its signature
_EXPECTED = "IDX, a CSV table, npz, Parquet or a zip was expected"
_MOST_LINES = 10_000_000  # EMNIST byclass, the largest published set, has 814,255.
_LONGEST_LINE_BYTES = 32 << 20  # The row of an image of 1024×1024 pixels with 25 characters per pixel has 26 MB.


def kind(file: File) -> str:
    """One of "idx", "zip", "parquet" and "table".

    Raises
    ------
    DataError
        Something else; the message says what.
    """
    head = file.data[:512]
    if found := _other(head):
        raise DataError(f"{file.name}: {_EXPECTED}, but this is {found}")
    if head.startswith(b"\0\0"):
        return "idx"
    for signature, readable in _READABLE.items():
        if head.startswith(signature):
            return readable
    if is_idx_name(file.stem):
        return "idx"  # whose reader says what is wrong with it
    if b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DataError(f"{file.name}: {_EXPECTED}, but this begins with the bytes {head[:8].hex(' ')}")
    _check_lines(file)
    return "table"


def _other(head: bytes) -> str | None:
    """What a file is that is not read, by its first bytes."""
    if begins_as_picture(head[:HEAD_BYTES]):
        return _PICTURE
    if head.startswith(_TAR[1], _TAR[0]):
        return "a tar archive; unpack it"
    return next((found for signature, found in _OTHERS.items() if head.startswith(signature)), None)


def _check_lines(file: File) -> None:
    """DataError where a text has more lines than images, or its first line is too long to be the row of an image."""
    if max(file.data.count(b"\n"), file.data.count(b"\r")) > _MOST_LINES:
        raise DataError(
            f"{file.name}: {_EXPECTED}, with at most {_MOST_LINES:,} lines, but this has more; leave out blank lines"
        )
    start = file.data[: 1 << 20]
    blank = len(start) - len(start.lstrip())
    line = file.data[blank : blank + _LONGEST_LINE_BYTES]
    if len(line) == _LONGEST_LINE_BYTES and b"\n" not in line and b"\r" not in line:
        raise DataError(
            f"{file.name}: {_EXPECTED}, but the first line of this has more than {_LONGEST_LINE_BYTES >> 20} MB; give "
            "one line per image"
        )
