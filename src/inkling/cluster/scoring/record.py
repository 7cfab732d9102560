"""The record of a scoring: what it was begun with, and what is kept of it beside manifest and parts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

from inkling.cluster.scoring.addresses import exists, file_system, is_local, joined, read_whole, write_whole
from inkling.cluster.scoring.listing import JOB
from inkling.cluster.scoring.manifest import MANIFEST
from inkling.cluster.scoring.parts import PARTS
from inkling.cluster.scoring.work import MODEL
from inkling.errors import DataError, OutputError, UsageError, printable
from inkling.storage import locked_folder, remove_leftovers

FAILED, NOTES = "failed.json", "notes.json"
FORMAT = 1


@contextmanager
def begun(output: str, record: dict[str, Any], model: bytes) -> Iterator[None]:
    """Begin a scoring, or go on with the one in this folder; a local folder is kept from other processes meanwhile.

    Parameters
    ----------
    record : what decides the parts, ready for JSON.
    model : the content of a model file.

    Raises
    ------
    UsageError
        The folder holds another scoring, or other files.
    OutputError
        The folder cannot be written to.
    InUseError
        Another process is scoring into it.
    """
    fs, path = file_system(output)
    if not exists(joined(output, JOB)):
        _require_empty(output)
    with ExitStack() as stack:
        with writing(output):
            if is_local(fs):
                stack.enter_context(locked_folder(Path(path), "scoring into it"))
                for folder in (Path(path), Path(path, PARTS)):
                    remove_leftovers(folder)
            found = _record_in(output)
            if exists(joined(output, MANIFEST)) and found != record:
                raise UsageError(_other_job(output, found, record))
            if found != record:  # nothing was listed yet
                write_whole(joined(output, JOB), json.dumps(record, indent=2).encode())
            if not _holds(joined(output, MODEL), model):
                write_whole(joined(output, MODEL), model)
        yield


class writing(AbstractContextManager[None]):
    """OutputError, in a sentence, where the system refuses to write."""

    def __init__(self, output: str) -> None:
        self.output = output

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, OSError):
            raise OutputError(f"{printable(self.output)}: cannot be written: {error.strerror or error}") from None


def notes_in(output: str) -> list[str]:
    try:
        return [str(note) for note in json.loads(read_whole(joined(output, NOTES)))]
    except (DataError, ValueError, TypeError):
        return []


def failures_in(output: str) -> dict[int, str]:
    if not exists(joined(output, FAILED)):
        return {}
    try:
        return {int(number): str(flaw) for number, flaw in json.loads(read_whole(joined(output, FAILED))).items()}
    except (ValueError, AttributeError):
        return {}


def write_notes(output: str, notes: Sequence[str]) -> None:
    write_whole(joined(output, NOTES), json.dumps(notes, indent=2).encode())


def write_failures(output: str, failed: Mapping[int, str]) -> None:
    """Write why shards failed, by their numbers."""
    content = {str(number): failed[number] for number in sorted(failed)}
    write_whole(joined(output, FAILED), json.dumps(content, indent=2).encode())


def _require_empty(output: str) -> None:
    """UsageError unless there is nothing at an address, or a folder with hidden files alone."""
    fs, path = file_system(output)
    names = fs.ls(path, detail=False) if fs.isdir(path) else []
    if fs.isfile(path) or any(not name.rpartition("/")[2].startswith(".") for name in names):
        what = "is a file" if fs.isfile(path) else "holds other files"
        raise UsageError(f"{printable(output)} {what}: give a new folder with -o")


def _record_in(output: str) -> dict[str, Any] | None:
    """The record of the scoring in a folder; None where there is none."""
    if not exists(joined(output, JOB)):
        return None
    try:
        record = json.loads(read_whole(joined(output, JOB)))
    except ValueError:
        record = None
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise UsageError(f"{printable(output)}: {JOB} in it is no record of a scoring: give a new folder with -o")
    return record


def _other_job(output: str, found: dict[str, Any] | None, asked: dict[str, Any]) -> str:
    if found is None:
        return f"{printable(output)} holds {MANIFEST} and no {JOB}: give a new folder with -o"
    names = {"model": "another model", "sources": "other sources", "rows_per_shard": "other shards"}
    names |= {"settings": "other options", "inkling": f"Inkling {printable(found.get('inkling'))}"}
    others = [words for key, words in names.items() if found.get(key) != asked[key]]
    return (
        f"{printable(output)} holds a scoring with {' and '.join(others) or 'other entries'}: give a new folder with "
        "-o, or what it was begun with"
    )


def _holds(address: str, content: bytes) -> bool:
    return exists(address) and read_whole(address) == content
