"""Figures beside their goal and beside peers: sides measured in turns, a row of results, and the line that tells it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from common import rounded, spread
from turns import Measure, by_side, turns


def timed(task: Callable[[], object]) -> Measure:
    """The seconds that a task takes."""

    def seconds() -> float:
        started = time.perf_counter()
        task()
        return time.perf_counter() - started

    return seconds


def in_turns(ours: Measure, peers: Mapping[str, Measure], times: int) -> dict[str, list[float]]:
    """Each side measured `times` times, taking turns, after one turn that fills the file cache."""
    return by_side(turns({"inkling": ours, **peers}, times, rest=0.0))


def row(work: str, unit: str, goal: float, found: dict[str, list[float]]) -> dict[str, Any]:
    """`ratio_to_peers`: how many times what Inkling took each peer takes, the median over the turns."""
    ours, *_ = found.values()
    ratios = {
        peer: rounded(float(np.median(np.divide(theirs, ours)))) for peer, theirs in found.items() if peer != "inkling"
    }
    median = spread(ours)["median"]
    return {
        "work": work,
        "ratio_to_pytorch": None,
        "unit": unit,
        "goal": goal,
        "goal_met": median <= goal,
        "found": {name: spread(values) for name, values in found.items()},
        "ratio_to_peers": ratios,
        "times": len(ours),
    }


def line(row: Mapping[str, Any]) -> str:
    unit = row["unit"]
    sides = (f"{name} {s['median']:g} ({s['min']:g} to {s['max']:g})" for name, s in row["found"].items())
    verdict = "met" if row["goal_met"] else "MISSED"
    return f"{row['work']}, {unit}: {'; '.join(sides)}; goal {row['goal']:g} {verdict}"
