"""Turns: sides measured one after another, round by round, and compared within each round."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from common import rounded, spread

REST = 0.3  # seconds in which the idle threads of the side before stop spinning
Measure = Callable[[], float]


def turns(sides: Mapping[str, Measure], rounds: int, rest: float = REST) -> Iterator[dict[str, float]]:
    """What each side measured, round by round; before them comes one more round, in which they get warm."""
    for _ in range(rounds + 1):
        found = {}
        for name, side in sides.items():
            time.sleep(rest)
            found[name] = side()
        yield found


def by_side(rounds: Iterable[Mapping[str, float]]) -> dict[str, list[float]]:
    """The figures of each side in all rounds but the first."""
    _, *counted = rounds
    return {name: [found[name] for found in counted] for name in counted[0]}


def ratios(key: str, theirs: Sequence[float] | None, ours: Sequence[float]) -> dict[str, float | None]:
    """How many times as much they took as we did: median, least and greatest of the rounds; None without them."""
    found = {} if theirs is None else spread([a / b for a, b in zip(theirs, ours, strict=True)])
    return {f"{key}{suffix}": found.get(name) for suffix, name in (("", "median"), ("_min", "min"), ("_max", "max"))}


def ratio_cell(row: Mapping[str, Any], key: str) -> str:
    """The ratio in a row of results with its range, 20 letters wide."""
    if row[key] is None:
        return f"{'-':>20}"
    return f"{row[key]:6.2f} ({row[f'{key}_min']:.2f} to {row[f'{key}_max']:.2f})".rjust(20)


def geometric_mean(rows: Iterable[Mapping[str, Any]], key: str) -> float | None:
    """Of the ratios that there are, or None."""
    found = [row[key] for row in rows if row[key] is not None]
    return rounded(statistics.geometric_mean(found)) if found else None
