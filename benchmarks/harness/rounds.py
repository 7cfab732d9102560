"""Rounds: all candidates are measured one after another in each round, and compared within the round.

A change of the machine's speed from minute to minute then reaches all candidates alike.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from benchmarks.harness.results import rounded, spread

REST_SECONDS = 0.3  # pause before a measurement, in which the idle threads of the library before stop spinning
Measure = Callable[[], float]


def interleaved(
    measures: Mapping[str, Measure], rounds: int, rest_seconds: float = REST_SECONDS
) -> Iterator[dict[str, float]]:
    """The measurements of each round by name, after those of one warm-up round, which come first."""
    for _ in range(rounds + 1):
        found = {}
        for name, measure in measures.items():
            time.sleep(rest_seconds)
            found[name] = measure()
        yield found


def by_name(rounds: Iterable[Mapping[str, float]]) -> dict[str, list[float]]:
    """The measurements of each name in all rounds but the warm-up round."""
    _, *counted = rounds
    return {name: [found[name] for found in counted] for name in counted[0]}


def timed(function: Callable[[], object]) -> Measure:
    """A measure: the seconds that a call of the function takes."""

    def seconds() -> float:
        started = time.perf_counter()
        function()
        return time.perf_counter() - started

    return seconds


def ratios(key: str, theirs: Sequence[float] | None, ours: Sequence[float]) -> dict[str, float | None]:
    """A peer's time over Inkling's in each round: median, minimum and maximum; None where the peer takes no part."""
    found = {} if theirs is None else spread([a / b for a, b in zip(theirs, ours, strict=True)])
    return {f"{key}{suffix}": found.get(name) for suffix, name in (("", "median"), ("_min", "min"), ("_max", "max"))}


def ratio_cell(row: Mapping[str, Any], key: str) -> str:
    """The ratio in a row of results with its range, 20 characters wide."""
    if row[key] is None:
        return f"{'-':>20}"
    return f"{row[key]:6.2f} ({row[f'{key}_min']:.2f} to {row[f'{key}_max']:.2f})".rjust(20)


def geometric_mean(rows: Iterable[Mapping[str, Any]], key: str) -> float | None:
    """Of the ratios that the rows have; None if no row has one."""
    found = [row[key] for row in rows if row[key] is not None]
    return rounded(statistics.geometric_mean(found)) if found else None
