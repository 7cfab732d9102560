"""Verdicts as a table: two lines a model, one for each way to look at an image."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from common import rounded
from records_judge import WAYS


class Column(NamedTuple):
    head: str
    scale: float
    digits: int


COLUMNS = {
    "accuracy": Column("accuracy %", 100, 3),
    "accuracy_without_label_errors": Column("without label errors %", 100, 3),
    "cross_entropy": Column("nats", 1, 5),
    "calibration_error": Column("ECE %", 100, 3),
    "error_at_99_coverage": Column("error % at 99 %", 100, 3),
}


def moments(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Mean and standard deviation over rows of their seconds, temperature, and of everything in their verdicts."""
    return {
        "seconds": _moments([row["seconds"] for row in rows]),
        "temperature": _moments([row["temperature"] for row in rows]),
        **{way: {name: _moments([row[way][name] for row in rows]) for name in rows[0][way]} for way in WAYS},
    }


def _moments(values: Sequence[float | None]) -> dict[str, float | None]:
    known = [value for value in values if value is not None]
    return {
        "mean": statistics.mean(known) if known else None,
        "sd": rounded(statistics.stdev(known)) if len(known) > 1 else None,
    }


def part(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The means, or the standard deviations, of `moments` as one more row."""
    numbers = {key: record[key][name] for key in ("seconds", "temperature")}
    return {"name": name, **numbers, **{way: {key: m[name] for key, m in record[way].items()} for way in WAYS}}


def lines(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The table of rows with a name, seconds of training, a temperature and verdicts."""
    heads = "".join(f"{column.head:>{_width(column)}}" for column in COLUMNS.values())
    yield f"{'':12}{'seconds':>9}{'T':>8}  {'':12}{heads}"
    for row in rows:
        for way, view in WAYS.items():
            cells = "".join(_cell(row[way][name], c.scale, _width(c), c.digits) for name, c in COLUMNS.items())
            took = _cell(row["seconds"], 1, 9, 0) + _cell(row["temperature"], 1, 8, 3)
            yield f"{row['name']:12}{took}  {view:12}{cells}"


def _width(column: Column) -> int:
    return max(len(column.head), 9) + 2


def _cell(value: float | None, scale: float, width: int, digits: int) -> str:
    return f"{'–':>{width}}" if value is None else f"{scale * value:{width}.{digits}f}"
