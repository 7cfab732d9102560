"""Reading drawn pictures of numbers: the shares exactly right, wrong without a sign, and refused, of each kind.

    python -m benchmarks.reading.drawn [KIND ...] [--quick | --count N] [--seed N] [--model MODEL] [--json FILE]

The pictures are drawn from a seed (drawn_sets.py), so no folder of handwriting is needed. README.md explains the kinds.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.harness.results import machine, write_results
from benchmarks.harness.script import argument_parser, at_least_one, at_least_zero, report_errors, unpin_blas
from benchmarks.reading.drawn_sets import IN_LINES, KINDS, Picture, pictures
from benchmarks.reading.handwriting_metrics import edit_distance, round_figures
from inkling.errors import UsageError
from inkling.model import DEFAULT, Model
from inkling.model import load as load_model
from inkling.reading import UNREAD, Reading, read

COUNT = 500  # pictures of a kind
QUICK = 20  # pictures of a kind, for a look


@report_errors
def main() -> None:
    unpin_blas()
    parser = argument_parser(__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(KINDS)}; default: all")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--count", type=at_least_one, default=COUNT, metavar="N", help=f"per kind; default: {COUNT}")
    size.add_argument("--quick", dest="count", action="store_const", const=QUICK, help=f"the same as --count {QUICK}")
    parser.add_argument("--seed", type=at_least_zero, default=0, metavar="N", help="of the pictures; default: 0")
    parser.add_argument("--model", metavar="MODEL", help="model file, run folder or name; default: reader")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.kinds) - set(KINDS)):
        raise UsageError(f"kinds of {', '.join(KINDS)} were expected, not {', '.join(unknown)}")
    host, model = machine("numpy", "pillow"), load_model(asked.model)
    rows = []
    for kind in asked.kinds or KINDS:
        rows.append(row(kind, pictures(kind, asked.count, asked.seed), model))
        print(line(rows[-1]), flush=True)
    if asked.json:
        write_results(asked.json, host, rows, model=Path(asked.model or DEFAULT).name, seed=asked.seed)


def row(kind: str, of: Iterable[Picture], model: Model) -> dict[str, Any]:
    """The row of some pictures of a kind."""
    readings, texts, seconds = [], [], []
    for levels, text in of:
        started = time.perf_counter()
        readings.append(read(levels, model=model, lines=kind in IN_LINES))
        seconds.append(time.perf_counter() - started)
        texts.append(text)
    figures = {**shares(readings, texts), "milliseconds_per_image": 1000 * statistics.median(seconds)}
    return {"work": kind, "pictures": len(texts), **round_figures(figures)}


def shares(readings: list[Reading], texts: list[str]) -> dict[str, float]:
    """The shares exactly right; wrong without a warning or question mark; with a question mark or nothing read."""
    pairs = list(zip(readings, texts, strict=True))
    errors = sum(edit_distance(reading.text, text) for reading, text in pairs)
    refused = [UNREAD in reading.text or not reading.text for reading in readings]
    silent = [
        reading.text != text and not no_answer and not reading.all_warnings
        for (reading, text), no_answer in zip(pairs, refused, strict=True)
    ]
    return {
        "exactly_right": sum(reading.text == text for reading, text in pairs) / len(pairs),
        "silently_wrong": sum(silent) / len(pairs),
        "refused": sum(refused) / len(pairs),
        "digit_error_rate": errors / sum(map(len, texts)),
    }


def line(row: dict[str, Any]) -> str:
    names = ("exactly_right", "silently_wrong", "refused", "digit_error_rate")
    found = "; ".join(f"{name.replace('_', ' ')} {100 * row[name]:.1f} %" for name in names)
    return f"{row['work']}, {row['pictures']} pictures: {found}; {row['milliseconds_per_image']:.0f} ms"


if __name__ == "__main__":
    main()
