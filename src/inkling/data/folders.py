"""The files of a folder. What cannot be read, such as a broken link or a named pipe, is left out and named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from inkling.data.files import Collection, broken_link, read_bytes
from inkling.errors import DataError, printable
from inkling.ink.special_files import special_file

DEPTH = 6  # Levels of folders that are looked into: a set's own folder, train/, 3/, and three to spare.
MOST_FILES = 1_000_000  # EMNIST byclass as pictures has 814,255, the most of the published sets.


def folder(path: Path, depth: int = DEPTH) -> Collection:
    """The files in a folder and in the folders of so many levels; hidden ones are passed over.

    Raises
    ------
    DataError
        The folder cannot be listed, or there are more than a million files in it.
    """
    names, left_out = [], []
    for name, flaw in _walk(path, "", depth, ()):
        if flaw is None:
            names.append(name)
        else:
            left_out.append(f"{printable(name)} ({flaw})")
        check_count(len(names) + len(left_out), printable(path))
    return Collection(
        printable(path), tuple(sorted(names)), lambda name: read_bytes(path / name), tuple(sorted(left_out))
    )


def check_count(count: int, name: str) -> None:
    """DataError where there are more files than are looked at."""
    if count > MOST_FILES:
        raise DataError(f"{name}: at most {MOST_FILES:,} files were expected, found more; divide them among folders")


def _walk(path: Path, prefix: str, depth: int, above: tuple[tuple[int, int], ...]) -> Iterator[tuple[str, str | None]]:
    """The name of each file, after a prefix, with None or with what keeps it from being read.

    `above` identifies the folders on the way here.
    """
    try:
        status = path.stat()
        entries = [entry for entry in os.scandir(path) if not entry.name.startswith(".")]
    except OSError as error:
        if above:
            yield prefix.removesuffix("/"), f"cannot be listed: {error.strerror or error}"
            return
        raise DataError(f"{printable(path)}: cannot be listed ({error.strerror or error})") from None
    here = status.st_dev, status.st_ino
    if here in above:
        yield prefix.removesuffix("/"), "a link to a folder that holds it"
        return
    for entry in entries:
        if not _is_folder(entry):
            yield prefix + entry.name, _flaw(entry)
        elif depth > 1:
            yield from _walk(path / entry.name, f"{prefix}{entry.name}/", depth - 1, (*above, here))
        else:
            yield prefix + entry.name, "a folder too deep to look into"


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _flaw(entry: os.DirEntry[str]) -> str | None:
    """What keeps a file from being read; None where nothing does."""
    try:
        if entry.is_file():
            return None if os.access(entry.path, os.R_OK) else "no permission to read it"
        return special_file(entry)
    except OSError:
        return broken_link(Path(entry.path)) if entry.is_symlink() else "cannot be read"
