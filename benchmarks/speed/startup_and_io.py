"""Time and memory of whole commands and of reading data, beside goals and beside plain NumPy.

    python -m benchmarks.speed.startup_and_io [--quick] [--json benchmarks/results/startup_and_io.json]

It needs $INKLING_DATA with MNIST and the competition's zip. README.md explains the results.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import itertools
import os
import sys
import tempfile
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness.goals import goal_line, goal_row, measure_with_peers
from benchmarks.harness.results import machine, write_results
from benchmarks.harness.rounds import timed
from benchmarks.harness.script import argument_parser, report_errors, unpin_blas
from benchmarks.harness.whole_process import whole_process
from inkling.data import load
from inkling.errors import DataError, UsageError
from inkling.recipes import load_recipe
from inkling.training import TrainingState, train

ROUNDS, QUICK_ROUNDS = 7, 2
MEMORY_ROUNDS = 2
PYTHON = (sys.executable, "-c")
INKLING = (sys.executable, "-m", "inkling")
LOADTXT = "import sys, numpy; numpy.loadtxt(sys.argv[1], numpy.uint8, delimiter=',', skiprows=1)"
RECIPES = ("gd-64-32", "sgd-10", "adam-256-128-64", "sgd-64-64", "leaky-20")


@report_errors
def main() -> None:
    unpin_blas()
    arguments = _arguments()
    host = machine("numpy")
    rounds = QUICK_ROUNDS if arguments.quick else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        _unzip(here)
        rows = [_reading(here / "train.csv", rounds), _help(rounds), _training(here), _predicting(here, rounds)]
    rows.append(_growth())
    for each in rows:
        print(goal_line(each))
    if arguments.json:
        write_results(arguments.json, host, rows)


def _reading(table: Path, rounds: int) -> dict[str, Any]:
    def by_csv_module() -> np.ndarray:
        with table.open(newline="") as file:
            rows = csv.reader(file)
            next(rows)
            return np.array([list(map(int, row)) for row in rows], np.uint8)

    peers = {
        "numpy.loadtxt": timed(lambda: np.loadtxt(table, np.uint8, delimiter=",", skiprows=1)),
        "csv module": timed(by_csv_module),
    }
    found = measure_with_peers(timed(lambda: load(table)), peers, rounds)
    return goal_row("train.csv of 42,000 rows to arrays", "s", 0.6, found)


def _help(rounds: int) -> dict[str, Any]:
    peers = {"import numpy": lambda: whole_process(*PYTHON, "import numpy").seconds}
    found = measure_with_peers(lambda: whole_process(*INKLING, "--help").seconds, peers, rounds)
    return goal_row("inkling --help, whole process", "s", 0.3, found)


def _training(here: Path) -> dict[str, Any]:
    """Peak memory of training the default recipe. The run of the warm-up round stays in the folder `run0`."""
    numbers = itertools.count()

    def train_on_mnist() -> float:
        run = str(here / f"run{next(numbers)}")
        return whole_process(*INKLING, "train", "--data", "mnist", "--epochs", "2", "-o", run).megabytes

    peers = {"import numpy": lambda: whole_process(*PYTHON, "import numpy").megabytes}
    found = measure_with_peers(train_on_mnist, peers, MEMORY_ROUNDS)
    return goal_row("inkling train on MNIST, 2 epochs, peak memory", "MB", 450, found)


def _predicting(here: Path, rounds: int) -> dict[str, Any]:
    table, answers = str(here / "test.csv"), str(here / "submission.csv")
    command = (*INKLING, "predict", str(here / "run0"), table, "-o", answers, "--force")
    peers = {"numpy.loadtxt of the table alone": lambda: whole_process(*PYTHON, LOADTXT, table).seconds}
    found = measure_with_peers(lambda: whole_process(*command).seconds, peers, rounds)
    return goal_row("inkling predict on 28,000 rows, whole process", "s", 2.0, found)


def _growth() -> dict[str, Any]:
    """Growth in bytes of living arrays from epoch 2 to epoch 10, for each recipe on 2,000 images."""
    images = load("mnist").train[:2000]
    found = []
    for name in RECIPES:
        recipe = dataclasses.replace(load_recipe(name), epochs=10, stopping=None, keep="last")
        tracemalloc.start()
        state = TrainingState.start(recipe)
        alive = [_array_bytes() for _ in train(recipe, images, state=state)]
        tracemalloc.stop()
        found.append(float(alive[9] - alive[1]))
    return goal_row("growth of arrays from epoch 2 to 10, five recipes", "B", 0, {"inkling": found})


def _array_bytes() -> int:
    arrays = tracemalloc.DomainFilter(True, np.lib.tracemalloc_domain)
    return sum(trace.size for trace in tracemalloc.take_snapshot().filter_traces([arrays]).traces)


def _unzip(here: Path) -> None:
    """The competition's tables, as plain files."""
    place = os.environ.get("INKLING_DATA")
    if not place:
        raise UsageError("INKLING_DATA is not set: it names the folder that holds mnist/ and kaggle/")
    tables = Path(place) / "kaggle" / "digit-recognizer.zip"
    if not tables.is_file():
        raise DataError(f"{tables} is not there: put the competition's zip, as Kaggle gives it, in that place")
    with zipfile.ZipFile(tables) as archive:
        for name in ("train.csv", "test.csv"):
            archive.extract(name, here)


def _arguments() -> argparse.Namespace:
    parser = argument_parser(__doc__, f"{QUICK_ROUNDS} rounds instead of {ROUNDS}")
    return parser.parse_args()


if __name__ == "__main__":
    main()
