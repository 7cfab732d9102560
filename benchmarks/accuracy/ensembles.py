"""Ensembles: recipes trained from several seeds, averaged to one model, its temperature fitted on held-out images.

    python -m benchmarks.accuracy.ensembles RECIPE [RECIPE ...] -o FILE.safetensors [--seeds 5] [--json FILE]

First two members per recipe are trained on the last 55,000 training images and averaged; the temperature of this small
ensemble is fitted to the first 5,000. Then all members are trained on the 60,000 images, averaged, given that
temperature, and evaluated on the test set, once. Trainings that records.py has finished are taken from its folder.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.accuracy.record_metrics import evaluate
from benchmarks.accuracy.record_table import table_lines
from benchmarks.accuracy.record_training import FinishedTraining, check_recipe, record_parser, train
from benchmarks.harness.results import machine, rounded, write_results
from benchmarks.harness.script import new_file, report_errors, unpin_blas
from inkling import ensemble
from inkling.data import Dataset, Split, load
from inkling.errors import UsageError
from inkling.model import Model
from inkling.recipes import Recipe, load_recipe
from inkling.runs.calibration import calibrate

SEEDS = 5
TRIAL_SEEDS = 2  # per recipe; with eight members the best temperature was .49 instead of .51 (docs/log.md)
HELD_OUT = Split(validation=5_000, shuffled=False)  # all members hold out the same images


@report_errors
def main() -> None:
    unpin_blas()
    asked = _arguments()
    host = machine("numpy")
    recipes = [load_recipe(name) for name in asked.recipes]
    members = [recipe.override(seed=seed) for recipe in recipes for seed in range(asked.seeds)]
    trial_members = [member for member in members if member.seed < TRIAL_SEEDS]
    _check(recipes, members)
    trials = [train(member, HELD_OUT, asked.folder, workers=asked.workers) for member in trial_members]
    trained = [train(member, Split(), asked.folder, workers=asked.workers) for member in members]
    mnist = load("mnist")
    held_out, test = trials[0].evaluation_images(mnist), trained[0].evaluation_images(mnist)
    trial = calibrate(ensemble([each.model for each in trials]), "fit", held_out)
    model = dataclasses.replace(ensemble([each.model for each in trained]), temperature=trial.temperature)
    model.save(asked.output)
    rows = [_row("held-out", trial, trials, held_out), _row("test", model, trained, test)]
    size = model.network.layout.size
    print(f"{len(members)} members, {size:,} parameters: {asked.output}")
    print(*table_lines(rows), sep="\n")
    if asked.json:
        costs = [{"recipe": each.recipe.name, "seed": each.recipe.seed, **each.costs} for each in trained]
        flops = sum(each.costs["training_flops"] for each in (*trials, *trained))
        misread = misread_by(trained, test)
        write_results(asked.json, host, rows, parameters=size, training_flops=flops, members=costs, misread_by=misread)


def _check(recipes: Sequence[Recipe], members: Sequence[Recipe]) -> None:
    """UsageError if the members make no ensemble; it comes before any training."""
    for recipe in recipes:
        check_recipe(recipe)
    if len({recipe.network.shapes[-1] for recipe in recipes}) > 1:
        raise UsageError(
            "the recipes of an ensemble have the same number of classes: all with non_digits, or all without"
        )
    if len(set(members)) < len(members):
        raise UsageError("an ensemble takes each recipe once: its members come from different --seeds")
    if len(members) < 2:
        raise UsageError("an ensemble has at least two members: give more --seeds, or more recipes")


def misread_by(members: Sequence[FinishedTraining], images: Dataset) -> list[int]:
    """Numbers of images that 0, 1, 2 … and all members misclassify."""
    wrong = sum((each.model.predict(images.images) != images.labels).astype(int) for each in members)
    return np.bincount(wrong, minlength=len(members) + 1).tolist()


def _row(name: str, model: Model, trainings: Sequence[FinishedTraining], images: Dataset) -> dict[str, Any]:
    costs = {"seconds": rounded(sum(each.seconds for each in trainings)), "temperature": model.temperature}
    return {"name": name, **costs, **evaluate(model, images, is_test=name == "test")}


def _arguments() -> argparse.Namespace:
    parser = record_parser(__doc__, SEEDS)
    parser.add_argument("recipes", nargs="+", metavar="RECIPE", help="bundled recipes, or FILE.toml")
    parser.add_argument("-o", "--output", type=new_file, required=True, metavar="FILE", help="the file of the ensemble")
    return parser.parse_args()


if __name__ == "__main__":
    main()
