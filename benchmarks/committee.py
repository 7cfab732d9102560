"""A committee: recipes trained from several seeds, averaged to one model, its temperature fitted on held-out images.

    python benchmarks/ensembles.py RECIPE [RECIPE ...] -o FILE.safetensors [--seeds 5] [--json FILE]

First two members of each recipe are trained on the last 55,000 training images and averaged; the temperature is the
one that fits this small committee to the first 5,000. Then all are trained on the 60,000, averaged, given that
temperature, and judged on the test set, once. Trainings that records.py has made already are taken from its folder.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from common import face, machine, new_file, rounded, unpin_blas, write_results
from inkling import ensemble
from inkling.data import Dataset, Split, load
from inkling.errors import UsageError
from inkling.model import Model
from inkling.recipes import Recipe, load_recipe
from inkling.runs.calibration import calibrate
from records_judge import judge
from records_table import lines
from records_training import Trained, check, options, train

SEEDS = 5
TRIALS = 2  # of each recipe: with eight members the best temperature was .49 instead of .51 (docs/log.md)
HELD_OUT = Split(validation=5_000, shuffled=False)  # the same images for all members


@face
def main() -> None:
    unpin_blas()
    asked = _arguments()
    facts = machine("numpy")
    recipes = [load_recipe(name) for name in asked.recipes]
    members = [recipe.override(seed=seed) for recipe in recipes for seed in range(asked.seeds)]
    trial_members = [member for member in members if member.seed < TRIALS]
    _check(recipes, members)
    trials = [train(member, HELD_OUT, asked.folder) for member in trial_members]
    trained = [train(member, Split(), asked.folder) for member in members]
    mnist = load("mnist")
    held_out, test = trials[0].judged_on(mnist), trained[0].judged_on(mnist)
    trial = calibrate(ensemble([each.model for each in trials]), "fit", held_out)
    committee = dataclasses.replace(ensemble([each.model for each in trained]), temperature=trial.temperature)
    committee.save(asked.output)
    rows = [_row("held-out", trial, trials, held_out), _row("test", committee, trained, test)]
    size = committee.network.layout.size
    print(f"{len(members)} members, {size:,} parameters: {asked.output}")
    print(*lines(rows), sep="\n")
    if asked.json:
        told = [{"recipe": each.recipe.name, "seed": each.recipe.seed, **each.costs} for each in trained]
        flops = sum(each.costs["training_flops"] for each in (*trials, *trained))
        alike = misread_by(trained, test)
        write_results(asked.json, facts, rows, parameters=size, training_flops=flops, members=told, misread_by=alike)


def _check(recipes: Sequence[Recipe], members: Sequence[Recipe]) -> None:
    """UsageError for what no committee can be made of, before anything is trained."""
    for recipe in recipes:
        check(recipe)
    if len({recipe.network.shapes[-1] for recipe in recipes}) > 1:
        raise UsageError("a committee takes recipes of as many classes each, with non_digits or without")
    if len(set(members)) < len(members):
        raise UsageError("a committee takes each recipe once: its members come from different --seeds")
    if len(members) < 2:
        raise UsageError("a committee of one is none: give more --seeds, or more recipes")


def misread_by(members: Sequence[Trained], images: Dataset) -> list[int]:
    """How many images none of the members misreads, one of them, two and so on, to all."""
    wrong = sum((each.model.predict(images.images) != images.labels).astype(int) for each in members)
    return np.bincount(wrong, minlength=len(members) + 1).tolist()


def _row(name: str, model: Model, trainings: Sequence[Trained], images: Dataset) -> dict[str, Any]:
    took = {"seconds": rounded(sum(each.seconds for each in trainings)), "temperature": model.temperature}
    return {"name": name, **took, **judge(model, images, is_test=name == "test")}


def _arguments() -> argparse.Namespace:
    parser = options(__doc__, SEEDS)
    parser.add_argument("recipes", nargs="+", metavar="RECIPE", help="bundled recipes, or FILE.toml")
    parser.add_argument("-o", "--output", type=new_file, required=True, metavar="FILE", help="where the committee goes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
