"""A file is bytes with a name; a collection is files that belong together, in a folder or in a zip.

Readers work on these two, so a table is read by the same code whether it lies open, gzipped or inside a zip.
"""

from __future__ import annotations

import codecs
import gzip
import io
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from inkling.errors import DataError, reason

DEPTH = 4  # Levels of folders that are looked into: a set's own folder, train/, 3/, and one to spare.
_UTF_8_FLAG = 0x800  # Of the name of a file in a zip. Without it a name is in the encoding of the IBM PC, cp437.


@dataclass(frozen=True)
class File:
    """Content as it is after gunzipping.

    Attributes
    ----------
    name : what messages call it, "train.csv in digit-recognizer.zip".
    stem : the file's own name in lower case, without ".gz".
    data : the bytes.
    """

    name: str
    stem: str
    data: bytes


@dataclass(frozen=True)
class Collection:
    """Files under one roof, by their relative "/"-separated names."""

    name: str
    names: tuple[str, ...]
    reader: Callable[[str], bytes]

    def read(self, name: str) -> File:
        return opened(f"{name} in {self.name}", name, self.reader(name))


def stem(name: str) -> str:
    return PurePosixPath(name).name.lower().removesuffix(".gz")


def opened(name: str, path: str, data: bytes) -> File:
    """A file from its raw bytes, gunzipped where it is gzip whatever its name says.

    Raises
    ------
    DataError
        What came is not a file of anybody's data: empty, damaged, or what a server or git left in its place.
    """
    if data.startswith(b"\x1f\x8b"):
        try:
            data = gzip.decompress(data)
        except (EOFError, OSError, zlib.error) as error:
            raise DataError(
                f"{name}: complete gzip was expected, but it is cut off or damaged ({reason(error)}); fetch it again"
            ) from None
    head = data[:512].removeprefix(codecs.BOM_UTF8).strip().lower()
    if not head:
        raise DataError(f"{name}: data was expected, but the file is empty; fetch it again")
    if head.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
        raise DataError(f"{name}: data was expected, but this is a web page; fetch the file itself")
    if head.startswith(b"version https://git-lfs"):
        raise DataError(f"{name}: data was expected, but this is a git-LFS pointer to it; run `git lfs pull`")
    return File(name, stem(path), data)


def read_file(path: Path) -> File:
    return opened(str(path), path.name, read_bytes(path))


def read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror or error})") from None


def folder(path: Path, depth: int = DEPTH) -> Collection:
    names = tuple(sorted(file.relative_to(path).as_posix() for file in _walk(path, depth)))
    return Collection(str(path), names, lambda name: read_bytes(path / name))


def _walk(path: Path, depth: int) -> Iterator[Path]:
    try:
        entries = [entry for entry in os.scandir(path) if not entry.name.startswith(".")]
    except OSError as error:
        raise DataError(f"{path}: cannot be listed ({error.strerror or error})") from None
    for entry in entries:
        if entry.is_file():
            yield path / entry.name
        elif depth > 1 and entry.is_dir():
            yield from _walk(path / entry.name, depth - 1)


def unzipped(file: File) -> Collection:
    """The files inside a zip; macOS's resource forks and hidden files are left out."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(file.data))
        members = {_member_name(info): info for info in archive.infolist() if not info.is_dir()}
    except Exception as error:  # zipfile raises anything from BadZipFile to struct.error on damaged bytes
        raise _damaged_zip(file.name, error) from None

    def read(name: str) -> bytes:
        try:
            return archive.read(members[name])
        except Exception as error:  # also zlib.error, and RuntimeError where a password is asked
            raise _damaged_zip(file.name, error) from None

    visible = (name for name in members if not any(part.startswith((".", "__MACOSX")) for part in name.split("/")))
    return Collection(file.name, tuple(sorted(visible)), read)


def _member_name(info: zipfile.ZipInfo) -> str:
    """The name of a file in a zip; some programs write UTF-8 without the flag that says so."""
    if info.flag_bits & _UTF_8_FLAG:
        return info.filename
    try:
        return info.filename.encode("cp437").decode()
    except UnicodeError:
        return info.filename


def _damaged_zip(name: str, error: Exception) -> DataError:
    return DataError(
        f"{name}: a complete zip was expected, but it cannot be unpacked ({reason(error)}); fetch it again"
    )
