"""What numbers in images mean: one black and one white per file, whatever its parts tell by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inkling.cluster.scoring.manifest import Entry
from inkling.errors import printable

_GREY_LEVELS = (0.0, 255.0)


def with_one_meaning(entries: Sequence[Entry]) -> list[Entry]:
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
