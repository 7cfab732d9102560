"""Foreign files: what a file is that was given where a model was expected, as far as its first bytes tell.

Files that Inkling writes are told by `own_files.py`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from inkling.errors import DataError
from inkling.own_files import FIRST_BYTES, MODEL, FileKind, own_file

_ORDER = "the model comes first, then the images, as in inkling predict MODEL SOURCE"
_PICTURE = ("a picture", f"{_ORDER}, or inkling read --model MODEL PICTURE")
_IMAGES = ("a file of images", _ORDER)
_BEGINNINGS = {
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"BM": _PICTURE,
    b"II*\0": _PICTURE,
    b"MM\0*": _PICTURE,
    b"RIFF": _PICTURE,
    b"%PDF": ("a PDF", _ORDER),
    b"PK\x03\x04": ("a zip or an npz file", f"unpack a model first; for images, {_ORDER}"),
    b"\x1f\x8b": ("a gzipped file", f"unpack a model first; for images, {_ORDER}"),
    b"PAR1": _IMAGES,
    b"\0\0\x08\x03": _IMAGES,
    b"\0\0\x08\x01": ("a file of labels", _ORDER),
    b"\x80": ("a pickle", "it may run code and is never read: models are safetensors files that inkling writes"),
    b"version https://git-lfs": ("a git-LFS pointer", "run git lfs pull"),
}
_PYTHON = re.compile(rb"(?:import [\w.]+(?: as \w+)?|from [\w.]+ import .*)$")
_SEPARATORS = (b",", b"\t", b";")


def require_no_other_file(path: Path, wanted: FileKind = MODEL) -> None:
    """DataError where the file is surely something else than wanted: what it is, and what to do."""
    found = what_it_is(path)
    if found not in (None, wanted):
        raise DataError(f"{path}: {wanted.what} was expected, and this is {found.what}: {found.remedy}")


def what_it_is(path: Path) -> FileKind | None:
    """What a file is; None for a safetensors file of another tool, and where its first bytes do not tell.

    DataError where it cannot be read.
    """
    try:
        with path.open("rb") as file:
            head, length = file.read(FIRST_BYTES), file.seek(0, os.SEEK_END)
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or type(error).__name__}") from None
    if own := own_file(head):
        return own
    header = int.from_bytes(head[:8], "little")
    if head[8:9] == b"{" and 8 + header <= length:
        return None  # a safetensors file begins with the length of its JSON, which may be like any signature
    found = next((kind for start, kind in _BEGINNINGS.items() if head.startswith(start)), None) or _text(head)
    return FileKind(*found) if found else None


def _text(head: bytes) -> tuple[str, str] | None:
    """What a text is; None where it is none, or tells nothing."""
    lines = head.removeprefix(b"\xef\xbb\xbf").splitlines()
    if not lines or b"\0" in head:
        return None
    if any(_PYTHON.match(line) for line in lines):
        return "a file of Python", "it would be run, and no command runs what it is given: give the model itself"
    if lines[0].startswith((b"#ifndef", b"#include", b"#pragma")):
        return "a file of C", "give a model file, or the folder of a run"
    if lines[0].lower().startswith((b"<!doctype html", b"<html")):
        return "a web page", "give a model file, or the folder of a run"
    if any(line.replace(b" ", b"").startswith((b"network=", b"optimizer=")) for line in lines):
        return "a recipe", "inkling train --recipe FILE.toml makes a model of it"
    if lines[0].startswith((b"{", b"[")):
        return "JSON", "give a model file, or the folder of a run"
    if any(lines[0].count(separator) >= 2 for separator in _SEPARATORS):
        return "a table", _ORDER
    return None
