"""Adapting to one person's handwriting: part of a set is learnt, and the rest read before and after.

    python -m benchmarks.reading.adapting [--set NAME] [--folder PATH] [--json FILE]

`inkling adapt` is given every fourth picture of each digit of the set (by default single/scanned_sheets, cells of
scanned forms). README.md explains the results.
"""

from __future__ import annotations

import argparse
import collections
import shutil
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.harness.results import machine, write_results
from benchmarks.harness.script import argument_parser, report_errors, unpin_blas
from benchmarks.reading.handwriting import find_sets, handwriting_folder
from benchmarks.reading.handwriting_metrics import Answer, round_figures, single_metrics
from inkling.adaptation import Adaptation, Adapted, read_handwriting
from inkling.data import load
from inkling.errors import UsageError
from inkling.evaluation import Evaluation
from inkling.model import Model
from inkling.reading import read
from inkling.runs.model_file import ModelFile

PICTURES_PER_LEARNT = 4  # of four pictures of a digit one is learnt and three are evaluated
Pictures = list[tuple[Path, str]]


@report_errors
def main() -> None:
    unpin_blas()
    asked = _arguments()
    host = machine("numpy", "pillow")
    sets = {each.name: each.pictures for each in find_sets(handwriting_folder(asked.folder))}
    if asked.set not in sets:
        raise UsageError(f"no set {asked.set}: {', '.join(sets)} are there")
    learnt, rest = divided(sets[asked.set])
    start = ModelFile.read(Path("reader"))
    adapted = _adapted(start, learnt)
    models = {"before": (start.model, adapted.others.before), "after": (adapted.model, adapted.others.after)}
    rows = [{"work": name, **_evaluated(model, rest, mnist)} for name, (model, mnist) in models.items()]
    for row in rows:
        figures = (f"{name.replace('_', ' ')} {100 * row[name]:.2f} %" for name in row if name != "work")
        print(f"{row['work']}: {', '.join(figures)}")
    if asked.json:
        write_results(asked.json, host, rows, set=asked.set, learnt=len(learnt), judged=len(rest))


def divided(pictures: Pictures) -> tuple[Pictures, Pictures]:
    """Every fourth picture of each digit, and the remaining pictures."""
    seen: collections.Counter[str] = collections.Counter()
    parts: tuple[Pictures, Pictures] = [], []
    for file, label in pictures:
        parts[seen[label] % PICTURES_PER_LEARNT > 0].append((file, label))
        seen[label] += 1
    return parts


def _adapted(start: ModelFile, pictures: Pictures) -> Adapted:
    """The result of `inkling adapt` on a folder with these pictures."""
    with tempfile.TemporaryDirectory() as place:
        for number, (file, label) in enumerate(pictures):
            folder = Path(place) / label
            folder.mkdir(exist_ok=True)
            shutil.copy(file, folder / f"{number}{file.suffix}")
        writer = read_handwriting([Path(place)])
    adaptation = Adaptation(start.model, writer, load("mnist"), start.sha256)
    return adaptation.conclude(list(adaptation.folds()))


def _evaluated(model: Model, pictures: Pictures, mnist: Evaluation) -> dict[str, Any]:
    """How a model reads the remaining pictures, one digit per picture, and MNIST's test digits."""
    answers = [Answer.of(label, read(file, model=model, single=True)) for file, label in pictures]
    return round_figures({**single_metrics(answers), "mnist_test": mnist.accuracy})


def _arguments() -> argparse.Namespace:
    parser = argument_parser(__doc__)
    parser.add_argument("--set", default="single/scanned_sheets", metavar="NAME", help="default: %(default)s")
    parser.add_argument("--folder", type=Path, metavar="PATH", help="default: $INKLING_HANDWRITING")
    return parser.parse_args()


if __name__ == "__main__":
    main()
