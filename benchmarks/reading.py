"""Reading real handwriting: what is right, refused, and wrong but confident in each set of a folder of pictures.

    python benchmarks/reading.py [--folder PATH] [--model MODEL] [--json FILE] [--picture FILE.png]

The folder ($INKLING_HANDWRITING if none is named) has sets in single/, numbers/ and not_a_digit/, each with a
labels.csv: `file`, and `label` or, for what is no digit, `content`. README.md says how to read the results.
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

from common import face, machine, new_file, options, unpin_blas, write_results
from inkling.data import load
from inkling.errors import DataError, UsageError
from inkling.evaluation import plots
from inkling.evaluation.plots.look import look, new_figure
from inkling.model import DEFAULT, Model
from inkling.model import load as load_model
from inkling.palette import BLUE, GREEN, GREY, VERMILION
from inkling.reading import CONFIDENCE, IN_A_LINE, read
from reading_judge import Answer, by_min_confidence, in_digits, judge_non_digits, judge_numbers, judge_singles

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = ("single", "numbers", "not_a_digit")
GOALS = {  # least shares, and greatest where the name says so
    "single/own_digits": {"right_of_accepted": 0.98, "refused_at_most": 0.05},
    "single/scanned_sheets": {"right_of_accepted": 0.99, "refused_at_most": 0.03},
    "single/sudoku_cells": {"right_of_accepted": 0.9, "refused_at_most": 0.1},
    "numbers/eight_digit_photos": {"exactly_right": 0.85},
    "numbers/lined_paper": {"exactly_right": 0.85},
    "numbers/cheque_amounts": {"exactly_right": 0.7},
    "not_a_digit": {"refused": 0.9},
    "UCI digits of 8×8 pixels": {"right": 0.97},
}
COLOURS = (BLUE, VERMILION, GREEN, GREY)


class Handwriting(NamedTuple):
    """A set of pictures: its name, what kind it is of, and each picture's file and label."""

    name: str
    kind: str
    pictures: list[tuple[Path, str]]


@face
def main() -> None:
    unpin_blas()
    asked = _arguments()
    facts = machine("numpy", "pillow")
    model = load_model(asked.model)
    sets = find_sets(the_folder(asked.folder))
    rows = []
    for row in _rows(sets, model):
        rows.append(in_digits(row))
        print(_line(rows[-1]), flush=True)
    if asked.json:
        write_results(
            asked.json,
            facts,
            rows,
            model=Path(asked.model or DEFAULT).name,
            min_confidence=CONFIDENCE,
            in_a_row=IN_A_LINE,
        )
    if asked.picture:
        asked.picture.write_bytes(plots.render(_picture(rows), "png"))


def find_sets(folder: Path) -> list[Handwriting]:
    """All sets in a folder, in the order of KINDS; DataError where there is none."""
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
    """The figures of each set, as soon as there are some."""
    for each in sets:
        yield _row(each, model)
    yield _embedded(model)


def _row(of: Handwriting, model: Model) -> dict[str, Any]:
    read(of.pictures[0][0], model=model)  # what is made once is made before the clock starts
    single = of.kind != "numbers"
    answers, seconds = _answers(of.pictures, lambda file: Answer.of("", read(file, model=model, single=single)))
    row: dict[str, Any] = {"work": of.name, "pictures": len(answers)}
    if of.kind == "numbers":
        row |= judge_numbers(answers)
    elif of.kind == "single":
        row |= {**judge_singles(answers), "by_min_confidence": by_min_confidence(answers)}
    else:
        among_others, _ = _answers(of.pictures, lambda file: Answer.of("", read(file, model=model)))
        row |= {**judge_non_digits(answers, among_others), "by_min_confidence": by_min_confidence(answers)}
    return row | {"milliseconds_an_image": 1000 * statistics.median(seconds), "goals": GOALS.get(of.name, {})}


def _answers(pictures: Sequence[tuple[Path, str]], ask: Callable[[Path], Answer]) -> tuple[list[Answer], list[float]]:
    """What each picture is read as, and how many seconds that takes."""
    answers, seconds = [], []
    for file, label in pictures:
        started = time.perf_counter()
        answer = ask(file)
        seconds.append(time.perf_counter() - started)
        answers.append(answer._replace(label=label))
    return answers, seconds


def _embedded(model: Model) -> dict[str, Any]:
    """Digits of another collection, brought to 28×28, of which none is refused."""
    source = load("digits")
    parts = [part for part in (source.train, source.labelled_test) if part]
    images, labels = (np.concatenate([getattr(part, name) for part in parts]) for name in ("images", "labels"))
    name = "UCI digits of 8×8 pixels"
    right = float((model.predict(images) == labels).mean())
    return {"work": name, "pictures": len(images), "right": right, "goals": GOALS[name]}


def _line(row: dict[str, Any]) -> str:
    told = []
    for name, value in row.items():
        if isinstance(value, float) and name != "milliseconds_an_image":
            told.append(f"{name.replace('_', ' ')} {100 * value:.1f} %{_verdict(name, value, row['goals'])}")
    if "milliseconds_an_image" in row:
        told.append(f"{row['milliseconds_an_image']:.0f} ms")
    return f"{row['work']}, {row['pictures']} pictures: {'; '.join(told)}"


def _verdict(name: str, value: float, goals: dict[str, float]) -> str:
    if name in goals:
        return f" (goal ≥ {100 * goals[name]:g} %, {'met' if value >= goals[name] else 'MISSED'})"
    if (most := goals.get(f"{name}_at_most")) is not None:
        return f" (goal ≤ {100 * most:g} %, {'met' if value <= most else 'MISSED'})"
    return ""


@look()
def _picture(rows: Sequence[dict[str, Any]]) -> Figure:
    """What a higher bar refuses, and how much of the rest is right."""
    figure = new_figure(10, 4)
    refused, right = figure.subplots(1, 2)
    curves = [row for row in rows if "by_min_confidence" in row]
    for row, colour in zip(curves, COLOURS, strict=False):
        for axes, figures in ((refused, "refused"), (right, "right_of_accepted")):
            points = [
                (p["min_confidence"], 100 * p[figures]) for p in row["by_min_confidence"] if p.get(figures) is not None
            ]
            if points:
                axes.plot(*np.transpose(points), color=colour, label=row["work"])
    for axes, title in ((refused, "Refused (%)"), (right, "Right among those not refused (%)")):
        axes.axvline(CONFIDENCE, color=GREY, lw=1, ls="--")
        axes.set(title=title, xlabel="min_confidence", xlim=(0, 1))
    refused.legend(loc="center left")
    return figure


def the_folder(named: Path | None) -> Path:
    place = named or os.environ.get("INKLING_HANDWRITING")
    if not place:
        raise UsageError("INKLING_HANDWRITING is not set, and no --folder is given: it names the folder of pictures")
    return Path(place)


def _arguments() -> argparse.Namespace:
    parser = options(__doc__)
    parser.add_argument("--folder", type=Path, metavar="PATH", help="default: $INKLING_HANDWRITING")
    parser.add_argument("--model", metavar="MODEL", help="model file, run folder or name; default: reader")
    parser.add_argument(
        "--picture", type=new_file, metavar="FILE.png", help="draw what other bars of confidence refuse"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
