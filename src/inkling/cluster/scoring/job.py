"""A scoring in its output folder: begun or gone on with, and done shard by shard by whoever the tasks are given to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from inkling import __version__
from inkling.cluster.executors import Workers, finished, sentence_of
from inkling.cluster.scoring.addresses import absolute, exists, joined, remove
from inkling.cluster.scoring.listing import list_sources
from inkling.cluster.scoring.manifest import (
    MANIFEST,
    Entry,
    changed_since,
    read_manifest,
    write_manifest,
    write_pictures,
)
from inkling.cluster.scoring.meaning import with_one_meaning
from inkling.cluster.scoring.parts import Origin, part_address, part_numbers
from inkling.cluster.scoring.record import (
    FORMAT,
    begun,
    failures_in,
    notes_in,
    write_failures,
    write_notes,
    writing,
)
from inkling.cluster.scoring.statistics import Statistics
from inkling.cluster.scoring.surveying import Progress, survey_all
from inkling.cluster.scoring.work import Scoring, Settings, score_shard
from inkling.errors import OutputError, printable


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
            "format": FORMAT,
            "inkling": __version__,
            "sources": [absolute(source) for source in sources],
            "model": hashlib.sha256(model).hexdigest(),
            "settings": settings.to_dict(),
            "rows_per_shard": rows_per_shard,
        }
        with begun(output, record, model):
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
            self.failed = failures_in(self.output)
            self.notes = [*notes_in(self.output), *changed_since(self.entries)]
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
            with writing(self.output):
                write_pictures(self.output, found.pictures)
        entries = {number: Entry(found.shards[number], flaw=flaw) for number, flaw in found.flaws.items()}
        shards = [shard for shard in found.shards if shard.number not in entries]
        yield from survey_all(workers, self.output, shards, entries, self.notes)
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
            yield from survey_all(workers, self.output, again, entries, self.notes, tolerant=True)
            self.entries = [entries[number] for number in sorted(entries)]
            self._keep()
        known = with_one_meaning(self.entries)
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
        with writing(self.output):
            for number in self.failed:
                remove(part_address(self.output, number))

    def _task(self, entry: Entry) -> Scoring:
        made_of = (entry.shard, entry.black, entry.white, entry.tolerant, self.record["model"])
        return Scoring(Origin(*made_of, self.record["settings"], self.record["inkling"]), self.output)

    def _keep(self) -> None:
        """Write what is known of all shards, and drop parts that are of none of them."""
        self.failed = {entry.shard.number: entry.flaw for entry in self.entries if entry.flaw}
        with writing(self.output):
            write_notes(self.output, self.notes)
            for number in part_numbers(self.output):
                if number >= len(self.entries):
                    remove(part_address(self.output, number))
            write_manifest(self.output, self.entries)
        self._keep_failures()

    def _keep_failures(self) -> None:
        with writing(self.output):
            write_failures(self.output, self.failed)
