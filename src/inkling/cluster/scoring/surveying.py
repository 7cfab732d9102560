"""The survey of all shards of a scoring, by whoever the tasks are given to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from inkling.cluster.executors import Workers, finished, sentence_of
from inkling.cluster.scoring.addresses import version_of
from inkling.cluster.scoring.manifest import Entry
from inkling.cluster.scoring.shards import Shard
from inkling.cluster.scoring.survey import Survey, Surveying, survey
from inkling.errors import printable


@dataclass(frozen=True)
class Progress:
    """How far a scoring is: images that are surveyed or scored, of all; and whether these were there already."""

    what: str
    done: int
    total: int


def survey_all(
    workers: Workers,
    output: str,
    shards: Sequence[Shard],
    entries: dict[int, Entry],
    notes: list[str],
    tolerant: bool = False,
) -> Iterator[Progress]:
    """Survey shards into `entries` and `notes`; images that are all blank are what they are until all are known."""
    total = sum(shard.rows for shard in shards)
    done, versions = 0, {shard.source: version_of(shard.source) for shard in shards if shard.kind != "pictures"}
    for task, result in finished(workers, survey, [Surveying(each, output, tolerant) for each in shards]):
        shard = task.shard
        if isinstance(result, Survey) and not shard.rows:
            flaw = f"{printable(shard.source)}: was damaged when the images were listed: give a new folder with -o"
            entries[shard.number] = Entry(shard, flaw=flaw)
        elif isinstance(result, Survey):
            version = versions.get(shard.source, "")
            known = replace(shard, sha256=result.sha256)
            entries[shard.number] = Entry(known, result.black, result.white, "", tolerant, version)
            name = printable(shard.source)
            if result.note and not any(note.startswith(f"{name}: ") for note in notes):
                notes.append(f"{name}: {result.note}")
        else:
            entries[shard.number] = Entry(shard, flaw=sentence_of(result))
        done += shard.rows
        yield Progress("listed", done, total)
