"""Foreign files: what a file is that was given where a model was expected, as far as its first bytes tell."""

from __future__ import annotations

import os
from pathlib import Path

from inkling.errors import DataError

FIRST_BYTES = 4096
_ORDER = "the model comes first, then the images, as in inkling predict MODEL SOURCE"
_PICTURE = ("a picture", f"{_ORDER}, or inkling read --model MODEL PICTURE")
_IMAGES = ("a file of images", _ORDER)


def _exported(ending: str) -> str:
    return (
        f"inkling evaluate and inkling predict take it by a name in {ending}; give other commands the model that it "
        "was exported from"
    )


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
    b"\x08\x08\x12\x07inkling": (
        "an ONNX file",
        _exported(".onnx"),
    ),
    b"version https://git-lfs": ("a git-LFS pointer", "run git lfs pull"),
}
_SEPARATORS = (b",", b"\t", b";")


def require_no_other_file(path: Path) -> None:
    """DataError where the file is surely something else than a model: what it is, and what to do."""
    if found := what_it_is(path):
        what, remedy = found
        raise DataError(f"{path}: a model file was expected, and this is {what}: {remedy}")


def what_it_is(path: Path) -> tuple[str, str] | None:
    """What a file is, if surely no safetensors file, and what to do with it; DataError where it cannot be read."""
    try:
        with path.open("rb") as file:
            head, length = file.read(FIRST_BYTES), file.seek(0, os.SEEK_END)
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or type(error).__name__}") from None
    header = int.from_bytes(head[:8], "little")
    if head[8:9] == b"{" and 8 + header <= length:
        return None  # a safetensors file begins with the length of its JSON, which may be like any signature
    return next((what for start, what in _BEGINNINGS.items() if head.startswith(start)), None) or _text(head)


def _text(head: bytes) -> tuple[str, str] | None:
    """What a text is; None where it is none, or tells nothing."""
    lines = head.removeprefix(b"\xef\xbb\xbf").splitlines()
    if not lines or b"\0" in head:
        return None
    if any(line.startswith((b"import ", b"from ")) for line in lines):
        return "a file of Python", "it would be run, and no command runs what it is given: give the model itself"
    if lines[0].startswith((b"/*", b"//", b"#ifndef", b"#include", b"#pragma")):
        return "a file of C", _exported(".h")
    if lines[0].lower().startswith((b"<!doctype html", b"<html")):
        return "a web page", "give the model that it was exported from"
    if any(line.replace(b" ", b"").startswith((b"network=", b"optimizer=")) for line in lines):
        return "a recipe", "inkling train --recipe FILE.toml makes a model of it"
    if lines[0].startswith((b"{", b"[")):
        return "JSON", "give a model file, or the folder of a run"
    if any(lines[0].count(separator) >= 2 for separator in _SEPARATORS):
        return "a table", _ORDER
    return None
