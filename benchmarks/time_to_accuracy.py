"""Seconds of training to 99.0, 99.4 and 99.5 % of MNIST's test images: Inkling, PyTorch, and PyTorch's own example.

    python benchmarks/time_to_accuracy.py [RECIPE ...] [--seeds 10] [--sides inkling pytorch example]
        [--runs FILE.jsonl] [--quick] [--json benchmarks/results/time_to_accuracy.json]

A RECIPE is a bundled one or a FILE.toml; by default those whose name begins with "sprint". With --runs, every training
is kept in a file as soon as it is over, and a later call goes on behind it; README.md says how to read the results.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from accuracy_runs import Run, Runs
from accuracy_sides import Contender, ExampleTraining, InklingTraining, PyTorchTraining
from accuracy_table import SIDES, lines, rows, targets
from common import at_least_one, face, machine, options, unpin_blas, write_results
from inkling.data import Dataset, load
from inkling.errors import UsageError
from inkling.recipes import load_recipe, recipe_names
from turns import REST

SEEDS, EXAMPLE_SEEDS, EXAMPLE_EPOCHS = 10, 1, 2  # of the 14 that are the example's default
QUICK_IMAGES, QUICK_EPOCHS = 6_000, 1


@face
def main() -> None:
    unpin_blas()
    asked = _arguments()
    if not asked.recipes:
        raise UsageError('no bundled recipe begins with "sprint": name some, or a FILE.toml')
    facts = machine("numpy", "torch")
    runs = Runs(asked.runs)
    contenders = _contenders(asked.recipes, asked.sides, quick=asked.quick)
    for seed in range(1 if asked.quick else asked.seeds):
        race(contenders, seed, runs)
    wanted = [run for run in runs.all if (run.digest, run.side) in {(each.digest, each.side) for each in contenders}]
    table = rows(wanted)
    print(*lines(table), sep="\n")
    if asked.json:
        write_results(asked.json, facts, table, targets=targets(table))


def race(contenders: Iterable[Contender], seed: int, runs: Runs) -> None:
    """A training of each contender, one after another, except of those that are done."""
    for each in contenders:
        example_is_over = each.side == "example" and seed >= EXAMPLE_SEEDS
        if example_is_over or runs.has(each.digest, each.side, seed):
            continue
        time.sleep(REST)
        variant, marks = each.train(seed)
        runs.add(
            Run(
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
    """In the order of their turns: the sides of each recipe, then the example."""
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
    parser = options(__doc__)
    sprints = [name for name in recipe_names() if name.startswith("sprint")]
    parser.add_argument("recipes", nargs="*", metavar="RECIPE", default=sprints, help="default: sprint and its kin")
    parser.add_argument("--seeds", type=at_least_one, default=SEEDS, help=f"of every recipe (default {SEEDS})")
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=list(SIDES), metavar="SIDE", help=", ".join(SIDES))
    parser.add_argument(
        "--runs", type=Path, metavar="FILE.jsonl", help="keep every training here, and go on behind them"
    )
    parser.add_argument("--quick", action="store_true", help=f"one seed on {QUICK_IMAGES:,} images, to look at it work")
    return parser.parse_args()


if __name__ == "__main__":
    main()
