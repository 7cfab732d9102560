"""Result files of the benchmarks, and how their numbers are written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results"


def exists(name: str) -> bool:
    return (RESULTS / f"{name}.json").exists()


def read(name: str) -> Any:
    """The content of a result file."""
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))


def rows(name: str) -> dict[str, Any]:
    """The rows of a result file by their `work`."""
    return {row["work"]: row for row in read(name)["rows"]}


def percent(fraction: float, digits: int) -> str:
    """A fraction in percent, without the sign."""
    return f"{100 * fraction:.{digits}f}"


def mean_and_sd(moments: Mapping[str, float | None], digits: int = 2) -> str:
    """Mean ± standard deviation of fractions in percent; the mean if there is one value only."""
    mean, sd = moments["mean"], moments["sd"]
    assert mean is not None
    return percent(mean, digits) + ("" if sd is None else f" ± {percent(sd, digits)}")


def table(head: list[str], *body: list[str]) -> str:
    """A Markdown table."""
    return "\n".join([_row(head), "|---" * len(head) + "|", *map(_row, body)])


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
