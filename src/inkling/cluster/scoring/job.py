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
from inkling.cluster.executors import Workers, finished, sentence_of
from inkling.cluster.scoring.addresses import (
    absolute,
    exists,
    file_system,
    is_local,
    joined,
    read_whole,
    remove,
    version_of,
    write_whole,
)
from inkling.cluster.scoring.listing import JOB, list_sources
from inkling.cluster.scoring.manifest import MANIFEST, Entry, read_manifest, write_manifest, write_pictures
from inkling.cluster.scoring.parts import PARTS, Origin, part_address, part_numbers
from inkling.cluster.scoring.shards import Shard
from inkling.cluster.scoring.statistics import Statistics
from inkling.cluster.scoring.survey import Survey, Surveying, survey
from inkling.cluster.scoring.work import MODEL, Scoring, Settings, score_shard
from inkling.errors import DataError, OutputError, UsageError, printable
from inkling.storage import locked_folder, remove_leftovers

FAILED, NOTES = "failed.json", "notes.json"
_GREY_LEVELS = (0.0, 255.0)
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
        with ExitStack() as stack:
            with _writing(output):
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
            self.notes = [*_notes_in(self.output), *self._changed()]
            return
        asked = (self.record["sources"], self.output, self.record["rows_per_shard"])
        found = list_sources(*asked, pages=self.settings.pages)
        if found.passed_over:
            names = ", ".join(map(printable, found.passed_over[:3]))
            more = ", …" if len(found.passed_over) > 3 else ""
            self.notes.append(
                f"passed over, since they hold no images, or were listed before: {len(found.passed_over):,} files "
                f"({names}{more})"
            )
        if found.pictures:
            with _writing(self.output):
                write_pictures(self.output, found.pictures)
        entries = {number: Entry(found.shards[number], flaw=flaw) for number, flaw in found.flaws.items()}
        yield from self._survey(
            workers, [shard for shard in found.shards if shard.number not in entries], entries, found.images
        )
        self.entries = [entries[shard.number] for shard in found.shards]
        self._keep()

    def score(self, workers: Workers, retry_failed: bool = False) -> Iterator[Progress]:
        """Write the parts that are missing. What fails is kept in `failed`, and the others go on.

        Parameters
        ----------
        retry_failed : try the shards that failed before, with their images as they are now. A picture that still cannot
            be read is then a row with the reason.

        Raises
        ------
        OutputError
            A part cannot be written.
        ExecutorLost
            The executor is gone.
        """
        if retry_failed and self.failed:
            entries = {entry.shard.number: entry for entry in self.entries}
            again = [entries[number].shard for number in sorted(self.failed)]
            yield from self._survey(workers, again, entries, sum(shard.rows for shard in again), tolerant=True)
            self.entries = [entries[number] for number in sorted(entries)]
            self._keep()
        known = _with_one_meaning(self.entries)
        self.failed |= {entry.shard.number: entry.flaw for entry in known if entry.flaw}
        done = 0
        tasks = [self._task(entry) for entry in known if entry.shard.number not in self.failed]
        try:
            for task, result in finished(workers, score_shard, tasks):
                shard = task.origin.shard
                if isinstance(result, Statistics):
                    self.statistics += result
                elif isinstance(result, OutputError):
                    raise result
                else:
                    self.failed[shard.number] = sentence_of(result)
                done += shard.rows
                yield Progress("scored", done, self.images)
        finally:
            self._keep_failures()
        with _writing(self.output):
            for number in self.failed:
                remove(part_address(self.output, number))

    def _survey(
        self,
        workers: Workers,
        shards: Sequence[Shard],
        entries: dict[int, Entry],
        total: int,
        tolerant: bool = False,
    ) -> Iterator[Progress]:
        """Survey shards into `entries`; images that are all blank, and flaws, are what they are until all are known."""
        done, versions = 0, {shard.source: version_of(shard.source) for shard in shards if shard.kind != "pictures"}
        for task, result in finished(workers, survey, [Surveying(each, self.output, tolerant) for each in shards]):
            shard = task.shard
            if isinstance(result, Survey) and not shard.rows:
                flaw = f"{printable(shard.source)}: was damaged when the images were listed: give a new folder with -o"
                entries[shard.number] = Entry(shard, flaw=flaw)
            elif isinstance(result, Survey):
                version = versions.get(shard.source, "")
                known = replace(shard, sha256=result.sha256)
                entries[shard.number] = Entry(known, result.black, result.white, "", tolerant, version)
                name = printable(shard.source)
                if result.note and not any(note.startswith(f"{name}: ") for note in self.notes):
                    self.notes.append(f"{name}: {result.note}")
            else:
                entries[shard.number] = Entry(shard, flaw=sentence_of(result))
            done += shard.rows
            yield Progress("listed", done, total)

    def _task(self, entry: Entry) -> Scoring:
        made_of = (entry.shard, entry.black, entry.white, entry.tolerant, self.record["model"])
        return Scoring(Origin(*made_of, self.record["settings"], self.record["inkling"]), self.output)

    def _changed(self) -> list[str]:
        """A sentence on each file that is another one than when it was listed, though its parts are there."""
        listed = {entry.shard.source: entry.version for entry in self.entries if entry.version}
        return [
            f"{printable(source)}: has changed since its images were listed: parts that are there stay as they are; "
            "give a new folder with -o to score it anew"
            for source, version in listed.items()
            if version_of(source) != version
        ]

    def _keep(self) -> None:
        """Write what is known of all shards, and drop parts that are of none of them."""
        self.failed = {entry.shard.number: entry.flaw for entry in self.entries if entry.flaw}
        with _writing(self.output):
            write_whole(joined(self.output, NOTES), json.dumps(self.notes, indent=2).encode())
            for number in part_numbers(self.output):
                if number >= len(self.entries):
                    remove(part_address(self.output, number))
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


def _holds(address: str, content: bytes) -> bool:
    return exists(address) and read_whole(address) == content


def _notes_in(output: str) -> list[str]:
    try:
        return [str(note) for note in json.loads(read_whole(joined(output, NOTES)))]
    except (DataError, ValueError, TypeError):
        return []


def _failures_in(output: str) -> dict[int, str]:
    if not exists(joined(output, FAILED)):
        return {}
    try:
        return {int(number): str(flaw) for number, flaw in json.loads(read_whole(joined(output, FAILED))).items()}
    except (ValueError, AttributeError):
        return {}


def _with_one_meaning(entries: Sequence[Entry]) -> list[Entry]:
    """The entries with one black and one white per file, also for blank shards; where parts of it differ, a flaw."""
    meanings: dict[str, set[tuple[float, float]]] = {}
    for entry in entries:
        if entry.black != entry.white:
            meanings.setdefault(entry.shard.source, set()).add((entry.black, entry.white))
    return [_with_meaning(entry, sorted(meanings.get(entry.shard.source, {_GREY_LEVELS}))) for entry in entries]


def _with_meaning(entry: Entry, found: Sequence[tuple[float, float]]) -> Entry:
    if len(found) == 1:
        return replace(entry, black=found[0][0], white=found[0][1])
    ranges = " and ".join(f"{black:g} to {white:g}" for black, white in found)
    flaw = (
        f"{printable(entry.shard.source)}: numbers run from {ranges} in parts of it, so that it is not certain what "
        "white is: bring all of them to 0-255"
    )
    return replace(entry, flaw=entry.flaw or flaw)
