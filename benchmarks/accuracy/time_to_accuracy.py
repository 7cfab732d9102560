"""Seconds of training to 99.0, 99.4 and 99.5 % of MNIST's test images: Inkling, PyTorch, and PyTorch's own example.

    python -m benchmarks.accuracy.time_to_accuracy [RECIPE ...] [--seeds 10] [--sides inkling pytorch example]
        [--runs FILE.jsonl] [--quick] [--json benchmarks/results/time_to_accuracy.json]

A RECIPE is a bundled one or a FILE.toml; by default those whose name begins with "sprint". With --runs, every training
is appended to a file when it ends, and a later call leaves it out. README.md explains the results.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.accuracy.contenders import Contender, ExampleTraining, InklingTraining, PyTorchTraining
from benchmarks.accuracy.time_to_accuracy_table import SIDES, table_lines, table_rows, targets
from benchmarks.accuracy.training_log import LoggedTraining, TrainingLog
from benchmarks.harness.results import machine, write_results
from benchmarks.harness.rounds import REST_SECONDS
from benchmarks.harness.script import argument_parser, at_least_one, report_errors, unpin_blas
from inkling.data import Dataset, load
from inkling.errors import UsageError
from inkling.recipes import load_recipe, recipe_names

SEEDS, EXAMPLE_SEEDS = 10, 1
EXAMPLE_EPOCHS = 2  # the default of the example is 14
QUICK_IMAGES, QUICK_EPOCHS = 6_000, 1


@report_errors
def main() -> None:
    unpin_blas()
    asked = _arguments()
    if not asked.recipes:
        raise UsageError('no bundled recipe begins with "sprint": name some, or a FILE.toml')
    host = machine("numpy", "torch")
    log = TrainingLog(asked.runs)
    contenders = _contenders(asked.recipes, asked.sides, quick=asked.quick)
    for seed in range(1 if asked.quick else asked.seeds):
        train_all(contenders, seed, log)
    known = {(each.digest, each.side) for each in contenders}
    table = table_rows([each for each in log.all if (each.digest, each.side) in known])
    print(*table_lines(table), sep="\n")
    if asked.json:
        write_results(asked.json, host, table, targets=targets(table))


def train_all(contenders: Iterable[Contender], seed: int, log: TrainingLog) -> None:
    """One training of each contender, one after another, except trainings that are in the log."""
    for each in contenders:
        example_is_over = each.side == "example" and seed >= EXAMPLE_SEEDS
        if example_is_over or log.has(each.digest, each.side, seed):
            continue
        time.sleep(REST_SECONDS)
        variant, marks = each.train(seed)
        log.add(
            LoggedTraining(
                work=each.work,
                side=each.side,
                seed=seed,
                digest=each.digest,
                images_per_epoch=len(each.training),
                flops_per_image=each.flops_per_image,
                variant=variant,
                marks=marks,
                load_average=round(os.getloadavg()[0], 2),
            )
        )
        for mark in marks:
            print(
                f"seed {seed}: {SIDES[each.side]}, {each.work}, {mark.epochs} epochs: "
                f"{mark.seconds:.2f} s, {100 * mark.accuracy:.2f} %",
                flush=True,
            )


def _contenders(recipes: Sequence[str], sides: Sequence[str], *, quick: bool) -> list[Contender]:
    """In the order of training: the contenders of each recipe, then the example."""
    training, test = _mnist(QUICK_IMAGES if quick else None)
    of_recipe = [kind for kind in (InklingTraining, PyTorchTraining) if kind.side in sides]
    contenders: list[Contender] = [kind(load_recipe(name), training, test) for name in recipes for kind in of_recipe]
    if ExampleTraining.side in sides:
        contenders.append(ExampleTraining(training, test, QUICK_EPOCHS if quick else EXAMPLE_EPOCHS))
    return contenders


def _mnist(images: int | None) -> tuple[Dataset, Dataset]:
    source = load("mnist")
    assert source.train is not None
    assert source.labelled_test is not None
    return source.train[:images], source.labelled_test


def _arguments() -> argparse.Namespace:
    parser = argument_parser(__doc__, f"one seed on {QUICK_IMAGES:,} images, for a look")
    sprints = [name for name in recipe_names() if name.startswith("sprint")]
    parser.add_argument("recipes", nargs="*", metavar="RECIPE", default=sprints, help="default: all sprints")
    parser.add_argument("--seeds", type=at_least_one, default=SEEDS, help=f"per recipe (default {SEEDS})")
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=list(SIDES), metavar="SIDE", help=", ".join(SIDES))
    parser.add_argument(
        "--runs", type=Path, metavar="FILE.jsonl", help="append every training here, and leave out those that are there"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
