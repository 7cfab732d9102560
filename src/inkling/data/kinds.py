"""What a file is, told from its content: names lie."""

from __future__ import annotations

import codecs

from inkling.data.files import File
from inkling.data.idx import is_idx_name
from inkling.errors import DataError

_READABLE = {b"PK\x03\x04": "zip", b"PK\x05\x06": "zip", b"PAR1": "parquet"}
_PICTURE = "a picture; put pictures into folders named after their class (0 to 9), and give the folder above them"
_OTHERS = {
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"\x93NUMPY": "a single array; store images and labels together with numpy.savez",
    b"\x89HDF": "an HDF5 file; convert it to npz with arrays `images` and `labels`",
    b"\x80": "a pickle, which could run any code and is never opened; convert it to npz",
    b"BZh": "a bzip2 file; unpack it",
    b"\xfd7zXZ": "an xz file; unpack it",
    b"7z\xbc\xaf": "a 7z archive; unpack it",
    b"%PDF": "a PDF",
}
_EXPECTED = "IDX, a CSV table, npz, Parquet or a zip was expected"


def kind(file: File) -> str:
    """One of "idx", "zip", "parquet" and "table".

    Raises
    ------
    DataError
        Something else; the message says what.
    """
    head = file.data[:512]
    for signature, found in _OTHERS.items():
        if head.startswith(signature):
            raise DataError(f"{file.name}: {_EXPECTED}, but this is {found}")
    if head.startswith(b"\0\0") or is_idx_name(file.stem):
        return "idx"
    for signature, found in _READABLE.items():
        if head.startswith(signature):
            return found
    if b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DataError(f"{file.name}: {_EXPECTED}, but this begins with the bytes {head[:8].hex(' ')}")
    return "table"
