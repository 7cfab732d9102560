"""A file is bytes with a name; a collection is files that belong together, in a folder or in a zip.

Readers work on these two, so a table is read by the same code whether it lies open, gzipped or inside a zip.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inkling.data.unpacking import check_size, gunzipped
from inkling.errors import DataError, printable
from inkling.ink.special_files import special_file
from inkling.own_files import own_file

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class File:
    """Content as it is after gunzipping.

    Attributes
    ----------
    name : what messages call it, "train.csv in digit-recognizer.zip".
    stem : the file's own name in lower case, without ".gz".
    data : the bytes.
    stored : how many bytes on disk it came from, be it those of the zip around it; 0 if unknown.
    """

    name: str
    stem: str
    data: bytes
    stored: int = 0


@dataclass(frozen=True)
class Collection:
    """Files under one roof.

    Attributes
    ----------
    name : what messages call it.
    names : of the files, relative and separated by "/".
    reader : the raw bytes of the file of a name.
    left_out : what is there and cannot be read, each with the reason: "3/a.png (a broken link)".
    stored : bytes on disk of the zip that these files came from, or None for a folder.
    """

    name: str
    names: tuple[str, ...]
    reader: Callable[[str], bytes]
    left_out: tuple[str, ...] = ()
    stored: int | None = None

    def read(self, name: str) -> File:
        return opened(self.called(name), name, self.reader(name), self.stored)

    def called(self, name: str) -> str:
        """What messages call the file of this name."""
        return f"{printable(name)} in {self.name}"


def stem(name: str) -> str:
    return name.rpartition("/")[2].lower().removesuffix(".gz")


def opened(name: str, path: str, data: bytes, stored: int | None = None) -> File:
    """A file from its raw bytes, gunzipped where it is gzip whatever its name says.

    Raises
    ------
    DataError
        What came is not a file of anybody's data: empty, damaged, what a server or git left in its place, or gzip that
        unpacks to more than `unpacking` allows.
    """
    stored = len(data) if stored is None else stored
    if data.startswith(_GZIP):
        data = gunzipped(data, stored, name)
    head = data[:512].removeprefix(codecs.BOM_UTF8).strip().lower()
    if not head:
        raise DataError(f"{name}: data was expected, but the file is empty; fetch it again")
    if own := own_file(data):
        raise DataError(f"{name}: data was expected, but this is {own.what}; {own.remedy}")
    if head.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
        raise DataError(f"{name}: data was expected, but this is a web page; fetch the file itself")
    if head.startswith(b"version https://git-lfs"):
        raise DataError(f"{name}: data was expected, but this is a git-LFS pointer to it; run `git lfs pull`")
    if head.startswith((b"/annex/objects/", b"../.git/annex/objects/", b".git/annex/objects/")):
        raise DataError(f"{name}: data was expected, but this is a git-annex pointer to it; run `git annex get .`")
    return File(name, stem(path), data, stored)


def read_file(path: Path) -> File:
    return opened(printable(path), path.name, read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """All of a file; DataError where it cannot be read, or may have no end."""
    try:
        if special := special_file(path):
            raise DataError(f"{printable(path)}: a file was expected, but this is {special}; write its data to a file")
        check_size(path.stat().st_size, printable(path))
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{printable(path)}: cannot be read ({error.strerror or error})") from None


def broken_link(path: Path) -> str:
    """What is said of a link to a file that is not there."""
    if ".git/annex/objects/" in path.readlink().as_posix():
        return "a git-annex link to a file that is not here; run `git annex get .`"
    return "a broken link"
