"""Addresses of files, local or not, by fsspec: `scans/*.png`, `s3://archive/images.npy`, `memory://out`."""

from __future__ import annotations

import errno
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inkling.errors import DataError, InklingError, MissingExtraError, UsageError, printable, reason
from inkling.storage import write_atomically

_PROTOCOL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem


def file_system(address: str) -> tuple[AbstractFileSystem, str]:
    """The file system of an address, and the path in it; UsageError where no installed package knows it."""
    try:
        from fsspec.core import url_to_fs
        from fsspec.implementations.local import LocalFileSystem
    except ImportError:
        raise MissingExtraError("fsspec", "cluster") from None
    if "::" in address and not Path(address).exists():
        raise UsageError(f"{printable(address)}: addresses inside of archives are not known: unpack it first")
    try:
        fs, path = (LocalFileSystem(), str(Path(address).absolute())) if _is_path(address) else url_to_fs(address)
    except ImportError as error:
        raise UsageError(f"{printable(address)}: {reason(error)}") from None
    except ValueError as error:
        raise UsageError(f"{printable(address)}: no address of files: {reason(error)}") from None
    return fs, path


def _is_path(address: str) -> bool:
    """Whether this is a path of this machine, be there odd characters in it, and no address with a protocol."""
    return _PROTOCOL.match(address) is None


def is_local(fs: AbstractFileSystem) -> bool:
    return "file" in ([fs.protocol] if isinstance(fs.protocol, str) else fs.protocol)


def address_of(fs: AbstractFileSystem, path: str) -> str:
    """The address that `file_system` takes apart again: a plain path where it is local."""
    return path if is_local(fs) else str(fs.unstrip_protocol(path))


def absolute(address: str) -> str:
    """The address as it is known from any folder and any machine that sees the same files."""
    return address_of(*file_system(address))


def joined(folder: str, *names: str) -> str:
    return "/".join([folder.rstrip("/"), *names])


@contextmanager
def reading(address: str) -> Iterator[None]:
    """DataError for what keeps a file from being read, be it missing, forbidden or a network that fails."""
    try:
        yield
    except FileNotFoundError:
        raise DataError(f"{printable(address)}: no such file") from None
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{printable(address)}: cannot be read: {_why(error)}") from None
    except InklingError:
        raise
    except Exception as error:  # a client of an object store has errors of its own
        if _is_path(address):
            raise
        raise DataError(f"{printable(address)}: cannot be read: {_why(error)}") from None


def read_whole(address: str) -> bytes:
    """The content of a file; DataError where it cannot be read."""
    fs, path = file_system(address)
    with reading(address):
        return bytes(fs.cat_file(path))


def write_whole(address: str, content: bytes) -> None:
    """Write a file as a whole or not at all: on a disk by renaming; object stores replace an object in one step.

    OSError, which names the address, where it cannot be written.
    """
    fs, path = file_system(address)
    if is_local(fs):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        write_atomically(Path(path), content)
        return
    try:
        fs.pipe_file(path, content)
    except Exception as error:  # a client of an object store has errors of its own
        raise OSError(getattr(error, "errno", None) or errno.EIO, _why(error), address) from None


def exists(address: str) -> bool:
    fs, path = file_system(address)
    return bool(fs.exists(path))


def _why(error: BaseException) -> str:
    return getattr(error, "strerror", None) or reason(error)


def info(address: str) -> dict[str, Any]:
    """What the file system tells of a file, "size" among it; DataError where there is none."""
    fs, path = file_system(address)
    with reading(address):
        return dict(fs.info(path))


def version_of(address: str) -> str:
    """What changes when a file changes, as the file system knows it (time, size, ETag); "" where it is not there."""
    fs, path = file_system(address)
    try:
        return str(fs.ukey(path))
    except Exception:  # not there, or no file system that tells versions apart
        return ""


def remove(address: str) -> None:
    """Delete a file, if it is there."""
    fs, path = file_system(address)
    if fs.exists(path):
        fs.rm_file(path)
