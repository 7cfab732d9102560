"""Files that are written as a whole or not at all; named arrays and JSON metadata in a safetensors file.

Everything is written beside its target, flushed to the disk and renamed, so that a crash, a full disk or a torn
write never destroys what was there before. The same content gives the same bytes.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from inkling.errors import DataError, InUseError, UsageError

_KEY = "inkling"  # one entry of metadata only: the format does not keep the order of several
LOCK = ".lock"  # the file in a folder that whoever works in it holds the lock of
_PARTIAL = ".partial"  # ending of a file that is being written
# Bounds of what a file may ask for. The arrays themselves take no more memory than the file is long.
MOST_ARRAYS = 64
MOST_METADATA = 2**24  # characters of JSON; a history of 40,000 epochs
MOST_NESTED = 100  # lists and tables inside one another

_held: set[str] = set()  # files whose locks this process holds: the system keeps only other processes from them
_held_guard = threading.Lock()


def write_atomically(path: Path, content: bytes | str) -> None:
    """Replace `path` by `content` in one step; an OSError, as for a full disk, leaves the old file as it was."""
    content = content.encode() if isinstance(content, str) else content
    with blaming(path):
        beside = _beside(path)
        try:
            with beside.open("xb") as file:  # the system applies the umask, as to any new file
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def require_writable(path: Path) -> None:
    """OSError, which names the path, where `write_atomically` could not write there; nothing is left behind."""
    with blaming(path):
        beside = _beside(path)
        beside.open("xb").close()
        beside.unlink()


def require_new_folder(path: Path, instead: str = "") -> None:
    """UsageError unless there is nothing at the path, or a folder that holds nothing but what killed writers left.

    Parameters
    ----------
    instead : what else the user can do, as the end of the sentence.
    """
    if path.exists() and (not path.is_dir() or any(not _is_leftover(each) for each in path.iterdir())):
        what = "is not empty" if path.is_dir() else "is a file"
        raise UsageError(f"{path} already exists and {what}: give another folder with -o{instead}")


def _is_leftover(path: Path) -> bool:
    return path.name == LOCK or (path.name.startswith(".") and path.name.endswith(_PARTIAL))


def _beside(path: Path) -> Path:
    """A new name in the same folder, for the file while it is being written."""
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}{_PARTIAL}")


@contextmanager
def blaming(path: Path) -> Iterator[None]:
    """Have an OSError name the file that was to be written: one of a full disk names none, one of a rename another."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


def remove_leftovers(folder: Path) -> None:
    """Delete the unfinished files that killed writers left beside their targets."""
    for leftover in folder.glob(f".*{_PARTIAL}"):
        leftover.unlink(missing_ok=True)


def save_tensors(path: Path, tensors: Mapping[str, np.ndarray], metadata: Mapping[str, Any]) -> None:
    """Write named arrays and JSON-ready metadata, atomically."""
    from safetensors.numpy import save

    try:
        metadata = json.loads(json.dumps(metadata, sort_keys=True))  # as they are read, for the checksum
    except (TypeError, ValueError, RecursionError):
        raise UsageError("metadata are what JSON can hold: texts, numbers, lists and tables, nothing else") from None
    text = json.dumps({**metadata, "crc32": _checksum(tensors, metadata)}, sort_keys=True, ensure_ascii=False)
    text = text.encode("utf-8", "backslashreplace").decode()  # for names of files that are not in UTF-8
    write_atomically(path, save({name: np.ascontiguousarray(a) for name, a in tensors.items()}, {_KEY: text}))


def load_tensors(path: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Arrays and metadata of a file that `save_tensors` wrote; DataError where it is missing, damaged or another's."""
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        raise DataError(f"{path}: a file was expected, and this is none" if path.exists() else f"{path}: no such file")
    if not path.stat().st_size:
        raise DataError(f"{path}: an empty file")
    try:
        with safe_open(path, framework="numpy") as file:
            text = (file.metadata() or {}).get(_KEY, "null")
            names = list(file.keys())
            if len(text) > MOST_METADATA or len(names) > MOST_ARRAYS:
                raise DataError(
                    f"{path}: {len(names):,} arrays and {len(text):,} characters of metadata, where Inkling writes at "
                    f"most {MOST_ARRAYS} and {MOST_METADATA:,}: it is not a file of Inkling's"
                )
            tensors = {name: file.get_tensor(name) for name in names}
        metadata = json.loads(text)
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or 'it is damaged'}") from None
    except (SafetensorError, TypeError, AttributeError, RecursionError) as error:  # also types that NumPy lacks
        raise _damaged(path) from error
    except ValueError as error:
        if isinstance(error, DataError):
            raise
        raise _damaged(path) from error
    if not isinstance(metadata, dict):
        raise DataError(
            f"{path}: a safetensors file, but not one that Inkling wrote; inkling import makes a model of weights that "
            "PyTorch or Keras trained"
        )
    require_flat(path, metadata)
    if metadata.pop("crc32", None) != _checksum(tensors, metadata):
        raise DataError(f"{path}: damaged: its checksum does not fit its content")
    return tensors, metadata


def _damaged(path: Path) -> DataError:
    return DataError(f"{path}: damaged, or not a safetensors file")


def require_flat(path: object, metadata: Any) -> None:
    """DataError where lists and tables are nested so deeply that a function that follows them could not return."""
    level = [metadata]
    for _ in range(MOST_NESTED):
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, dict) else each)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise DataError(f"{path}: its metadata are nested more than {MOST_NESTED} deep, which is the bound")


def _checksum(tensors: Mapping[str, np.ndarray], metadata: Mapping[str, Any]) -> int:
    """The CRC-32 of the metadata, and of every array with its name, type and shape."""
    value = zlib.crc32(json.dumps(metadata, sort_keys=True).encode())
    for name, array in sorted(tensors.items()):
        value = zlib.crc32(f"{name} {array.dtype} {array.shape}".encode(), value)
        value = zlib.crc32(np.ascontiguousarray(array).data, value)
    return value


@contextmanager
def exclusive_lock(path: Path, doing: str) -> Iterator[None]:
    """Hold the lock of an existing file, at most until this process ends; InUseError where somebody else has it.

    `doing` is what holders of this lock do, for the message: "training it".
    """
    name = str(path.resolve())
    with _held_guard:
        if name in _held:
            raise InUseError(f"{path.parent} is in use: another thread is {doing}; wait for its end")
        _held.add(name)
    try:
        with _locked_for_processes(path, doing):
            yield
    finally:
        _held.discard(name)


@contextmanager
def _locked_for_processes(path: Path, doing: str) -> Iterator[None]:
    try:
        import fcntl
    except ImportError:  # no such locks on Windows
        yield
        return
    with path.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUseError(f"{path.parent} is in use: another process is {doing}; wait for its end") from None
        yield


@contextmanager
def locked_folder(folder: Path, doing: str) -> Iterator[None]:
    """Hold the lock of a folder, which is made where there is none; InUseError where somebody else has it.

    `doing` is what holders of this lock do, for the message: "sweeping in it".
    """
    with blaming(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / LOCK).touch()
    with exclusive_lock(folder / LOCK, doing):
        yield
