"""The tables of docs/records.md and docs/reading.md, and rows of README's, made of the result files that there are.

python benchmarks/records_page.py
"""

from __future__ import annotations

import collections
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
RECORDS = ("mlp", "compact", "compact-distilled", "record", "record-distilled")
_AIMS = {
    "right": "right ≥",
    "exactly_right": "right ≥",
    "right_of_accepted": "right of those ≥",
    "refused": "refused ≥",
    "refused_at_most": "refused ≤",
}
HEAD = (
    "| record | parameters | accuracy %, one view | five views | without the 15 label errors | cross-entropy, nats "
    "| calibration error % | error % at 99 % coverage | models | minutes each | TFLOP each |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|"
)


def table() -> Iterator[str]:
    """Markdown, a line at a time; all but the first accuracy are those of five views."""
    yield HEAD
    for name in filter(_is_there, RECORDS):
        record = _read(name)
        yield _line(name, record["parameters"], record["plain"], record["tta"], _taught(record)) + (
            f" {len(record['rows'])} | {record['seconds']['mean'] / 60:.1f} | {record['training_flops'] / 1e12:.0f} |"
        )
    if not _is_there("committee"):
        return
    record = _read("committee")
    _, test = record["rows"]
    once = {way: {key: {"mean": value, "sd": None} for key, value in test[way].items()} for way in ("plain", "tta")}
    yield (
        _line("committee", record["parameters"], once["plain"], once["tta"])
        + f" 1 | {_minutes(record):.0f} | {record['training_flops'] / 1e12:.0f} |"
    )


def summary() -> Iterator[str]:
    """Markdown: the rows of README's table, of one view."""
    for name in filter(_is_there, RECORDS):
        record = _read(name)
        what = f"`{name}`, {record['recipe']['epochs']} epochs, {record['parameters']:,} parameters{_taught(record)}"
        minutes = f"{record['seconds']['mean'] / 60:.1f} min"
        yield _row(what, name, _percent(record["plain"]["accuracy"]), len(record["rows"]), minutes)
    if _is_there("committee"):
        record = _read("committee")
        members = collections.Counter(each["recipe"] for each in record["members"])
        what = " and ".join(f"{count} `{recipe}`" for recipe, count in members.items())
        accuracy = f"{100 * record['rows'][1]['plain']['accuracy']:.2f}"
        yield _row(f"a committee of {what} in one file", "committee", accuracy, 1, f"{_minutes(record):.0f} min")


def _row(what: str, name: str, accuracy: str, models: int, took: str) -> str:
    return f"| {what} ([file](benchmarks/results/{name}.json)) | {accuracy} | {models} | {took} | |"


def robustness() -> Iterator[str]:
    """Markdown: accuracy of each reader of digits, clean and under each corruption."""
    rows = _read("robustness")["rows"]
    yield "| accuracy % | " + " | ".join(row["work"] for row in rows) + " |"
    yield "|---|" + "---|" * len(rows)
    means = {"clean": "clean", "mean": "**mean of the 15**", "mean_without_affine": "without the affine four"}
    for key, name in means.items():
        yield f"| {name} | " + " | ".join(f"{100 * row[key]:.2f}" for row in rows) + " |"
    for name in rows[0]["corruptions"]:
        yield f"| {name} | " + " | ".join(f"{100 * row['corruptions'][name]:.1f}" for row in rows) + " |"


def reading() -> Iterator[str]:
    """Markdown: each set of handwriting, what was read of it, and the goal."""
    yield "| pictures | | right % | refused % | right of those not refused % | goal | ms per picture |"
    yield "|---|---|---|---|---|---|---|"
    for row in _read("reading")["rows"]:
        right = row.get("right", row.get("exactly_right"))
        shares = [right, row.get("refused"), row.get("right_of_accepted")]
        told = ["–" if share is None else f"{100 * share:.1f}" for share in shares]
        goals = [f"{_AIMS[name]} {100 * goal:g}" for name, goal in row["goals"].items()]
        took = f"{row['milliseconds_an_image']:.0f}" if "milliseconds_an_image" in row else "–"
        yield f"| {row['work']} | {row['pictures']} | {' | '.join(told)} | {', '.join(goals)} | {took} |"


def _is_there(name: str) -> bool:
    return (RESULTS / f"{name}.json").exists()


def _read(name: str) -> Any:
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))


def _taught(record: Mapping[str, Any]) -> str:
    teachers = collections.Counter(each.partition(",")[0] for each in record.get("taught_by", ()))
    return ", taught by " * bool(teachers) + " and ".join(f"{count} `{who}`" for who, count in teachers.items())


def _minutes(committee: Mapping[str, Any]) -> float:
    """Of all trainings of a committee, those for its temperature included."""
    return float(sum(row["seconds"] for row in committee["rows"]) / 60)


def _line(name: str, parameters: int, plain: Mapping[str, Any], five: Mapping[str, Any], taught: str = "") -> str:
    cells = [
        f"{parameters:,}",
        _percent(plain["accuracy"]),
        *(_percent(five[key]) for key in ("accuracy", "accuracy_without_label_errors")),
        f"{five['cross_entropy']['mean']:.4f}",
        *(_percent(five[key], 3) for key in ("calibration_error", "error_at_99_coverage")),
    ]
    return f"| [`{name}`](../benchmarks/results/{name}.json){taught} | {' | '.join(cells)} |"


def _percent(moments: Mapping[str, float | None], digits: int = 2) -> str:
    mean, sd = moments["mean"], moments["sd"]
    assert mean is not None
    return f"{100 * mean:.{digits}f}" + ("" if sd is None else f" ± {100 * sd:.{digits}f}")


if __name__ == "__main__":
    print(*table(), "", *robustness(), "", *reading(), sep="\n")
