"""Reading real handwriting: the shares right, refused, and right where it is sure, in each set of a folder of pictures.

    python -m benchmarks.reading.handwriting [--folder PATH] [--model MODEL] [--json FILE] [--picture FILE.png]

The folder (by default $INKLING_HANDWRITING) has sets in single/, numbers/ and not_a_digit/, each with a labels.csv of
the columns `file` and `label`, or `content` for pictures without digits. README.md explains the results.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from benchmarks.harness.results import machine, write_results
from benchmarks.harness.script import argument_parser, new_file, report_errors, unpin_blas
from benchmarks.reading.handwriting_metrics import (
    Answer,
    by_min_confidence,
    non_digit_metrics,
    number_metrics,
    round_figures,
    single_metrics,
)
from inkling.data import load
from inkling.errors import DataError, UsageError
from inkling.evaluation import plots
from inkling.evaluation.plots.look import look, new_figure
from inkling.model import DEFAULT, Model
from inkling.model import load as load_model
from inkling.palette import BLUE, GREEN, GREY, VERMILION
from inkling.reading import CONFIDENCE, IN_A_LINE, read

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = ("single", "numbers", "not_a_digit")
GOALS = {  # lower limits of shares, and upper limits where the name ends in `_at_most`
    "single/own_digits": {"right_of_accepted": 0.99, "refused_at_most": 0.01},
    "single/scanned_sheets": {"right_of_accepted": 0.992, "refused_at_most": 0.02},
    "single/sudoku_cells": {"right_of_accepted": 0.99, "refused_at_most": 0.0115},
    "numbers/eight_digit_photos": {"exactly_right": 0.94, "right_of_confident": 0.98},
    "numbers/lined_paper": {"exactly_right": 0.94, "right_of_confident": 0.98},
    "numbers/cheque_amounts": {"exactly_right": 0.84, "right_of_confident": 0.98},
    "not_a_digit": {"refused": 0.93},
    "UCI digits of 8×8 pixels": {"right": 0.97},
}
COLOURS = (BLUE, VERMILION, GREEN, GREY)


class Handwriting(NamedTuple):
    """A set of pictures: its name, its kind (one of KINDS), and the file and label of each picture."""

    name: str
    kind: str
    pictures: list[tuple[Path, str]]


@report_errors
def main() -> None:
    unpin_blas()
    asked = _arguments()
    host = machine("numpy", "pillow")
    model = load_model(asked.model)
    sets = find_sets(handwriting_folder(asked.folder))
    rows = []
    for row in _rows(sets, model):
        rows.append(round_figures(row))
        print(_line(rows[-1]), flush=True)
    if asked.json:
        write_results(
            asked.json,
            host,
            rows,
            model=Path(asked.model or DEFAULT).name,
            min_confidence=CONFIDENCE,
            in_a_row=IN_A_LINE,
        )
    if asked.picture:
        asked.picture.write_bytes(plots.render(_picture(rows), "png"))


def find_sets(folder: Path) -> list[Handwriting]:
    """All sets in a folder, in the order of KINDS; DataError if there is none."""
    sets = []
    for labels in sorted(folder.rglob("labels.csv")):
        place = labels.parent
        kind = next((part for part in reversed(place.parts) if part in KINDS), None)
        if kind:
            with labels.open(encoding="utf-8", newline="") as file:
                pictures = [(place / row["file"], row.get("label", "")) for row in csv.DictReader(file)]
            sets.append(Handwriting(place.name if place.name == kind else f"{kind}/{place.name}", kind, pictures))
    if not any(each.pictures for each in sets):
        raise DataError(f"{folder}: {', '.join(KINDS)} with pictures and labels.csv were expected, but none is there")
    return sorted((each for each in sets if each.pictures), key=lambda each: KINDS.index(each.kind))


def _rows(sets: Sequence[Handwriting], model: Model) -> Iterator[dict[str, Any]]:
    """The row of each set, as soon as it is read."""
    for each in sets:
        yield _row(each, model)
    yield _embedded(model)


def _row(of: Handwriting, model: Model) -> dict[str, Any]:
    read(of.pictures[0][0], model=model)  # what is computed once is computed before the clock starts
    single = of.kind != "numbers"
    answers, seconds = _answers(of.pictures, lambda file: Answer.of("", read(file, model=model, single=single)))
    row: dict[str, Any] = {"work": of.name, "pictures": len(answers)}
    if of.kind == "numbers":
        row |= number_metrics(answers)
    elif of.kind == "single":
        row |= {**single_metrics(answers), "by_min_confidence": by_min_confidence(answers)}
    else:
        as_number, _ = _answers(of.pictures, lambda file: Answer.of("", read(file, model=model)))
        row |= {**non_digit_metrics(answers, as_number), "by_min_confidence": by_min_confidence(answers)}
    return row | {"milliseconds_per_image": 1000 * statistics.median(seconds), "goals": GOALS.get(of.name, {})}


def _answers(pictures: Sequence[tuple[Path, str]], ask: Callable[[Path], Answer]) -> tuple[list[Answer], list[float]]:
    """The answer to each picture, and the seconds that it took."""
    answers, seconds = [], []
    for file, label in pictures:
        started = time.perf_counter()
        answer = ask(file)
        seconds.append(time.perf_counter() - started)
        answers.append(answer._replace(label=label))
    return answers, seconds


def _embedded(model: Model) -> dict[str, Any]:
    """The embedded digits, brought to 28×28; none of them is refused."""
    source = load("digits")
    parts = [part for part in (source.train, source.labelled_test) if part]
    images, labels = (np.concatenate([getattr(part, name) for part in parts]) for name in ("images", "labels"))
    name = "UCI digits of 8×8 pixels"
    right = float((model.predict(images) == labels).mean())
    return {"work": name, "pictures": len(images), "right": right, "goals": GOALS[name]}


def _line(row: dict[str, Any]) -> str:
    figures = []
    for name, value in row.items():
        if isinstance(value, float) and name != "milliseconds_per_image":
            figures.append(f"{name.replace('_', ' ')} {100 * value:.1f} %{_verdict(name, value, row['goals'])}")
    if "milliseconds_per_image" in row:
        figures.append(f"{row['milliseconds_per_image']:.0f} ms")
    return f"{row['work']}, {row['pictures']} pictures: {'; '.join(figures)}"


def _verdict(name: str, value: float, goals: dict[str, float]) -> str:
    if name in goals:
        return f" (goal ≥ {100 * goals[name]:g} %, {'met' if value >= goals[name] else 'MISSED'})"
    if (most := goals.get(f"{name}_at_most")) is not None:
        return f" (goal ≤ {100 * most:g} %, {'met' if value <= most else 'MISSED'})"
    return ""


@look()
def _picture(rows: Sequence[dict[str, Any]]) -> Figure:
    """The share refused, and the share right of the rest, over `min_confidence`."""
    figure = new_figure(10, 4)
    refused, right = figure.subplots(1, 2)
    curves = [row for row in rows if "by_min_confidence" in row]
    for row, colour in zip(curves, COLOURS, strict=False):
        for axes, key in ((refused, "refused"), (right, "right_of_accepted")):
            points = [(p["min_confidence"], 100 * p[key]) for p in row["by_min_confidence"] if p.get(key) is not None]
            if points:
                axes.plot(*np.transpose(points), color=colour, label=row["work"])
    for axes, title in ((refused, "Refused (%)"), (right, "Right among those not refused (%)")):
        axes.axvline(CONFIDENCE, color=GREY, lw=1, ls="--")
        axes.set(title=title, xlabel="min_confidence", xlim=(0, 1))
    refused.legend(loc="center left")
    return figure


def handwriting_folder(named: Path | None) -> Path:
    place = named or os.environ.get("INKLING_HANDWRITING")
    if not place:
        raise UsageError("INKLING_HANDWRITING is not set, and no --folder is given: it names the folder of pictures")
    return Path(place)


def _arguments() -> argparse.Namespace:
    parser = argument_parser(__doc__)
    parser.add_argument("--folder", type=Path, metavar="PATH", help="default: $INKLING_HANDWRITING")
    parser.add_argument("--model", metavar="MODEL", help="model file, run folder or name; default: reader")
    parser.add_argument("--picture", type=new_file, metavar="FILE.png", help="draw what each min_confidence refuses")
    return parser.parse_args()


if __name__ == "__main__":
    main()
