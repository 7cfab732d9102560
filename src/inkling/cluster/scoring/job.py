"""A scoring in its output folder: begun or gone on with, and done shard by shard by whoever the tasks are given to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from inkling import __version__
from inkling.cluster.executors import Workers, finished
from inkling.cluster.scoring.addresses import absolute, exists, file_system, is_local, joined, read_whole, write_whole
from inkling.cluster.scoring.listing import list_sources
from inkling.cluster.scoring.manifest import MANIFEST, Entry, read_manifest, write_manifest, write_pictures
from inkling.cluster.scoring.parts import Origin, OutputError
from inkling.cluster.scoring.shards import Shard
from inkling.cluster.scoring.statistics import Statistics
from inkling.cluster.scoring.survey import Survey, Surveying, survey
from inkling.cluster.scoring.work import MODEL, Scoring, Settings, score_shard
from inkling.errors import DataError, InklingError, UsageError, printable
from inkling.storage import LOCK, locked_folder

JOB = "job.json"
FAILED = "failed.json"
_FORMAT = 1


@dataclass(frozen=True)
class Progress:
    """How far a scoring is: images that are surveyed or scored, of all; and whether these were there already."""

    what: str
    done: int
    total: int


@dataclass
class Job:
    """A scoring.

    Attributes
    ----------
    output : the address of its folder.
    record : what it was begun with: sources, model, settings, rows per shard.
    entries : its shards; none before the survey.
    failed : the reason by the number of each shard that failed.
    notes : what is to be said about the sources.
    """

    output: str
    record: dict[str, Any]
    entries: list[Entry] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    statistics: Statistics = field(default_factory=Statistics)

    @classmethod
    @contextmanager
    def open(
        cls,
        sources: Sequence[str],
        output: str,
        model: bytes,
        settings: Settings = Settings(),  # noqa: B008 - it is frozen
        rows_per_shard: int | None = None,
    ) -> Iterator[Job]:
        """Begin a scoring, or go on with the one in this folder, and keep other processes from it meanwhile.

        Where the output is no local folder, there is no lock: two processes then do the same work twice, and write the
        same parts.

        Parameters
        ----------
        model : the content of a model file.
        rows_per_shard : images per part; by default as many as take minutes.

        Raises
        ------
        UsageError
            The folder holds another scoring, or other files.
        OutputError
            The folder cannot be written to.
        InklingError
            Another process is scoring into it.
        """
        output = absolute(output)
        record = {
            "format": _FORMAT,
            "inkling": __version__,
            "sources": [absolute(source) for source in sources],
            "model": hashlib.sha256(model).hexdigest(),
            "settings": settings.to_dict(),
            "rows_per_shard": rows_per_shard,
        }
        fs, path = file_system(output)
        if not exists(joined(output, JOB)):
            _require_empty(output)
        with _writing(output), ExitStack() as stack:
            if is_local(fs):
                stack.enter_context(locked_folder(Path(path), "scoring into it"))
            found = _record_in(output)
            if not exists(joined(output, MANIFEST)):  # nothing was listed yet
                write_whole(joined(output, JOB), json.dumps(record, indent=2).encode())
                write_whole(joined(output, MODEL), model)
            elif found != record:
                raise UsageError(_other_job(output, found, record))
            yield cls(output, record)

    @property
    def settings(self) -> Settings:
        return Settings(**self.record["settings"])

    @property
    def images(self) -> int:
        return sum(entry.shard.rows for entry in self.entries)

    @property
    def complete(self) -> bool:
        """Whether every shard has its part."""
        return bool(self.entries) and not self.failed

    def survey(self, workers: Workers) -> Iterator[Progress]:
        """List and hash all images, unless that was done before; DataError where there are none, or damaged files."""
        if exists(joined(self.output, MANIFEST)):
            self.entries = read_manifest(self.output)
            self.failed = _failures_in(self.output)
            return
        found = list_sources(self.record["sources"], self.record["rows_per_shard"], pages=self.settings.pages)
        if found.passed_over:
            names = ", ".join(map(printable, found.passed_over[:3]))
            more = ", …" if len(found.passed_over) > 3 else ""
            self.notes.append(f"{len(found.passed_over):,} files are no images and are passed over: {names}{more}")
        if found.pictures:
            with _writing(self.output):
                write_pictures(self.output, found.pictures)
        entries: dict[int, Entry] = {}
        yield from self._survey(workers, found.shards, entries, found.images)
        self.entries = _with_one_meaning([entries[shard.number] for shard in found.shards])
        self.failed = {entry.shard.number: entry.flaw for entry in self.entries if entry.flaw}
        self._keep()

    def score(self, workers: Workers, retry_failed: bool = False) -> Iterator[Progress]:
        """Write the parts that are missing. What fails is kept in `failed`, and the others go on.

        Parameters
        ----------
        retry_failed : try the shards that failed before, with their images as they are now.

        Raises
        ------
        OutputError
            A part cannot be written.
        ExecutorLost
            The executor is gone.
        """
        if retry_failed and self.failed:
            again = [entry.shard for entry in self.entries if entry.shard.number in self.failed]
            entries = {entry.shard.number: entry for entry in self.entries}
            yield from self._survey(workers, again, entries, sum(shard.rows for shard in again))
            self.entries = _with_one_meaning([entries[number] for number in sorted(entries)])
            self.failed = {number: entries[number].flaw for number in self.failed if entries[number].flaw}
            self._keep()
        done = 0
        tasks = [self._task(entry) for entry in self.entries if entry.shard.number not in self.failed]
        try:
            for task, result in finished(workers, score_shard, tasks):
                shard = task.origin.shard
                if isinstance(result, Statistics):
                    self.statistics += result
                elif isinstance(result, OutputError):
                    raise result
                else:
                    self.failed[shard.number] = _flaw(result)
                done += shard.rows
                yield Progress("scored", done, self.images)
        finally:
            self._keep_failures()

    def _survey(
        self, workers: Workers, shards: Sequence[Shard], entries: dict[int, Entry], total: int
    ) -> Iterator[Progress]:
        done = 0
        for task, result in finished(workers, survey, [Surveying(shard, self.output) for shard in shards]):
            shard = task.shard
            if isinstance(result, Survey):
                entries[shard.number] = Entry(replace(shard, sha256=result.sha256), result.black, result.white)
                name = printable(shard.source)
                if result.note and not any(note.startswith(f"{name}: ") for note in self.notes):
                    self.notes.append(f"{name}: {result.note}")
            else:
                entries[shard.number] = Entry(shard, flaw=_flaw(result))
            done += shard.rows
            yield Progress("listed", done, total)

    def _task(self, entry: Entry) -> Scoring:
        origin = Origin(entry.shard, self.record["model"], self.record["settings"], self.record["inkling"])
        return Scoring(origin, self.output, entry.black, entry.white)

    def _keep(self) -> None:
        with _writing(self.output):
            write_manifest(self.output, self.entries)
        self._keep_failures()

    def _keep_failures(self) -> None:
        with _writing(self.output):
            content = {str(number): self.failed[number] for number in sorted(self.failed)}
            write_whole(joined(self.output, FAILED), json.dumps(content, indent=2).encode())


class _writing(AbstractContextManager[None]):
    """OutputError, in a sentence, where the system refuses to write."""

    def __init__(self, output: str) -> None:
        self.output = output

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, OSError):
            raise OutputError(f"{printable(self.output)}: cannot be written: {error.strerror or error}") from None


def _require_empty(output: str) -> None:
    """UsageError unless there is nothing at an address, or an empty folder."""
    fs, path = file_system(output)
    if fs.exists(path) and (fs.isfile(path) or any(not name.endswith(LOCK) for name in fs.ls(path, detail=False))):
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
    if not isinstance(record, dict) or record.get("format") != _FORMAT:
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


def _failures_in(output: str) -> dict[int, str]:
    if not exists(joined(output, FAILED)):
        return {}
    try:
        return {int(number): str(flaw) for number, flaw in json.loads(read_whole(joined(output, FAILED))).items()}
    except (ValueError, AttributeError):
        return {}


def _flaw(error: Exception) -> str:
    """Why a shard failed, in a sentence."""
    return str(error) if isinstance(error, InklingError) else f"{type(error).__name__}: {error}"


def _with_one_meaning(entries: Sequence[Entry]) -> list[Entry]:
    """The entries with one black and one white per file, also for blank shards; DataError where parts of it differ."""
    meanings: dict[str, set[tuple[float, float]]] = {}
    for entry in entries:
        if entry.black != entry.white:
            meanings.setdefault(entry.shard.source, set()).add((entry.black, entry.white))
    for source, found in meanings.items():
        if len(found) > 1:
            ranges = " and ".join(f"{black:g} to {white:g}" for black, white in sorted(found))
            raise DataError(
                f"{printable(source)}: numbers run from {ranges} in parts of it, so that it is not certain what white "
                "is: bring all of them to 0-255"
            )
    blank = (0.0, 255.0)
    known = {source: next(iter(found)) for source, found in meanings.items()}
    return [
        entry
        if entry.black != entry.white
        else replace(
            entry, black=known.get(entry.shard.source, blank)[0], white=known.get(entry.shard.source, blank)[1]
        )
        for entry in entries
    ]
