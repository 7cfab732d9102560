"""Adapting to a hand: a part of a set of real handwriting is learnt, and the rest of it read, before and after.

    python benchmarks/adapting.py [--set NAME] [--folder PATH] [--json FILE]

Every fourth picture of each digit of the set (default single/scanned_sheets, cells of scanned forms) is what
`inkling adapt` is given. README.md says how to read the results.
"""

from __future__ import annotations

import argparse
import collections
import shutil
import tempfile
from pathlib import Path
from typing import Any

from common import face, machine, options, unpin_blas, write_results
from inkling.adaptation import Adaptation, Adapted, read_handwriting
from inkling.data import load
from inkling.errors import UsageError
from inkling.evaluation import Evaluation
from inkling.model import Model
from inkling.reading import read
from inkling.runs.teacher import Teacher
from reading import find_sets, the_folder
from reading_judge import Answer, in_digits, judge_singles

EACH = 4  # pictures of a digit are one to learn and three to judge by
Pictures = list[tuple[Path, str]]


@face
def main() -> None:
    unpin_blas()
    asked = _arguments()
    facts = machine("numpy", "pillow")
    sets = {each.name: each.pictures for each in find_sets(the_folder(asked.folder))}
    if asked.set not in sets:
        raise UsageError(f"no set {asked.set}: {', '.join(sets)} are there")
    learnt, rest = divided(sets[asked.set])
    start = Teacher.read(Path("reader"))
    adapted = _adapted(start, learnt)
    models = {"before": (start.model, adapted.others.before), "after": (adapted.model, adapted.others.after)}
    rows = [{"work": name, **_judged(model, rest, others)} for name, (model, others) in models.items()]
    for row in rows:
        told = (f"{name.replace('_', ' ')} {100 * row[name]:.2f} %" for name in row if name != "work")
        print(f"{row['work']}: {', '.join(told)}")
    if asked.json:
        write_results(asked.json, facts, rows, set=asked.set, learnt=len(learnt), judged=len(rest))


def divided(pictures: Pictures) -> tuple[Pictures, Pictures]:
    """Every fourth picture of each digit, and the others."""
    seen: collections.Counter[str] = collections.Counter()
    parts: tuple[Pictures, Pictures] = [], []
    for file, label in pictures:
        parts[seen[label] % EACH > 0].append((file, label))
        seen[label] += 1
    return parts


def _adapted(start: Teacher, pictures: Pictures) -> Adapted:
    """What `inkling adapt` makes of a folder with these pictures."""
    with tempfile.TemporaryDirectory() as place:
        for number, (file, label) in enumerate(pictures):
            folder = Path(place) / label
            folder.mkdir(exist_ok=True)
            shutil.copy(file, folder / f"{number}{file.suffix}")
        writer = read_handwriting([Path(place)])
    adaptation = Adaptation(start.model, writer, load("mnist"), start.sha256)
    return adaptation.conclude(list(adaptation.folds()))


def _judged(model: Model, pictures: Pictures, others: Evaluation) -> dict[str, Any]:
    """How a model reads the rest of the hand, a digit a picture, and MNIST's test digits."""
    answers = [Answer.of(label, read(file, model=model, single=True)) for file, label in pictures]
    return in_digits({**judge_singles(answers), "mnist_test": others.accuracy})


def _arguments() -> argparse.Namespace:
    parser = options(__doc__)
    parser.add_argument("--set", default="single/scanned_sheets", metavar="NAME", help="default: %(default)s")
    parser.add_argument("--folder", type=Path, metavar="PATH", help="default: $INKLING_HANDWRITING")
    return parser.parse_args()


if __name__ == "__main__":
    main()
