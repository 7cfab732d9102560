"""The table of records in docs/records.md, made of the result files.

    python benchmarks/records_page.py
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
RECORDS = ("compact", "compact-distilled", "mlp", "record")
HEAD = (
    "| record | parameters | accuracy %, one view | five views | without the 15 label errors | cross-entropy, nats "
    "| calibration error % | error % at 99 % coverage | seeds | minutes a seed | TFLOP a seed |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|"
)


def table() -> Iterator[str]:
    """Markdown, a line at a time; all but the first accuracy are those of five views."""
    yield HEAD
    for name in RECORDS:
        path = RESULTS / f"{name}.json"
        if path.exists():
            record = json.loads(path.read_text(encoding="utf-8"))
            yield _line(name, record, len(record["rows"]))
    committee = json.loads((RESULTS / "committee.json").read_text(encoding="utf-8"))
    yield _committee(committee)


def _line(name: str, record: Mapping[str, Any], seeds: int) -> str:
    five, minutes = record["tta"], record["seconds"]["mean"] / 60
    cells = [
        f"{record['parameters']:,}",
        _percent(record["plain"]["accuracy"]),
        _percent(five["accuracy"]),
        _percent(five["accuracy_without_label_errors"]),
        f"{five['cross_entropy']['mean']:.4f}",
        _percent(five["calibration_error"]),
        _percent(five["error_at_99_coverage"]),
        str(seeds),
        f"{minutes:.1f}",
        f"{record['training_flops'] / 1e12:.0f}",
    ]
    return f"| [`{name}`](../benchmarks/results/{name}.json) | {' | '.join(cells)} |"


def _percent(moments: Mapping[str, float]) -> str:
    return f"{100 * moments['mean']:.2f} ± {100 * moments['sd']:.2f}"


if __name__ == "__main__":
    print(*table(), sep="\n")
