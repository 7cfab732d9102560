"""Goals: a measured cost beside the goal for it and beside what peers take, as a row of results and as a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.harness.results import rounded, spread
from benchmarks.harness.rounds import Measure, by_name, interleaved


def measure_with_peers(ours: Measure, peers: Mapping[str, Measure], rounds: int) -> dict[str, list[float]]:
    """Inkling and its peers in interleaved rounds, after a warm-up round that fills the file cache."""
    return by_name(interleaved({"inkling": ours, **peers}, rounds, rest_seconds=0.0))


def goal_row(work: str, unit: str, goal: float, found: Mapping[str, list[float]]) -> dict[str, Any]:
    """A row of results; `ratio_to_peers` is the median over the rounds of each peer's cost over Inkling's."""
    ours, *_ = found.values()
    ratios = {
        peer: rounded(float(np.median(np.divide(theirs, ours)))) for peer, theirs in found.items() if peer != "inkling"
    }
    return {
        "work": work,
        "ratio_to_pytorch": None,
        "unit": unit,
        "goal": goal,
        "goal_met": spread(ours)["median"] <= goal,
        "found": {name: spread(values) for name, values in found.items()},
        "ratio_to_peers": ratios,
        "times": len(ours),
    }


def goal_line(row: Mapping[str, Any]) -> str:
    """The row as a line to print."""
    found = (f"{name} {s['median']:g} ({s['min']:g} to {s['max']:g})" for name, s in row["found"].items())
    verdict = "met" if row["goal_met"] else "MISSED"
    return f"{row['work']}, {row['unit']}: {'; '.join(found)}; goal {row['goal']:g} {verdict}"
