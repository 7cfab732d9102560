"""The metrics of records as a table: two lines per model, for one view of an image and for five."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from benchmarks.accuracy.record_metrics import VIEWS
from benchmarks.harness.results import moments


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


def moments_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Mean and standard deviation over the rows of seconds, temperature, and every metric."""
    judged = [*VIEWS, *(["integers"] if "integers" in rows[0] else [])]
    return {
        "seconds": moments([row["seconds"] for row in rows]),
        "temperature": moments([row["temperature"] for row in rows]),
        **{view: {name: moments([row[view][name] for row in rows]) for name in rows[0][view]} for view in judged},
    }


def moment_row(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A row of the means ("mean") or the standard deviations ("sd") of `moments_of`."""
    numbers = {key: record[key][name] for key in ("seconds", "temperature")}
    return {"name": name, **numbers, **{view: {key: m[name] for key, m in record[view].items()} for view in VIEWS}}


def table_lines(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The table of rows with a name, seconds of training, a temperature and metrics."""
    heads = "".join(f"{column.head:>{_width(column)}}" for column in COLUMNS.values())
    yield f"{'':12}{'seconds':>9}{'T':>8}  {'':12}{heads}"
    for row in rows:
        for view, title in VIEWS.items():
            cells = "".join(_cell(row[view][name], c.scale, _width(c), c.digits) for name, c in COLUMNS.items())
            took = _cell(row["seconds"], 1, 9, 0) + _cell(row["temperature"], 1, 8, 3)
            yield f"{row['name']:12}{took}  {title:12}{cells}"


def _width(column: Column) -> int:
    return max(len(column.head), 9) + 2


def _cell(value: float | None, scale: float, width: int, digits: int) -> str:
    return f"{'–':>{width}}" if value is None else f"{scale * value:{width}.{digits}f}"
