"""Accuracy records: a recipe trained from several seeds on MNIST's 60,000 images, judged on the test set at the end.

    python benchmarks/records.py RECIPE [--seeds 10] [--held-out] [--teacher MODEL [--temperature T]] [--json FILE]

A RECIPE is a bundled one or a FILE.toml. With --held-out it trains on 55,000 of the images and is judged on the other
5,000, other ones for every seed: that is where recipes are chosen, and their temperature is fitted. Every training is a
run folder with checkpoints; a later call goes on where an earlier one was stopped. README.md has the protocol.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import Any

from common import face, machine, unpin_blas, write_results
from inkling.data import Source, Split, load
from inkling.data.parts import split_source
from inkling.ensembles import members
from inkling.errors import UsageError
from inkling.provenance import leakage_note
from inkling.recipes import Recipe, load_recipe
from inkling.runs.calibration import calibrate
from inkling.runs.teacher import Teacher
from records_judge import judge
from records_table import lines, moments, part
from records_training import Trained, options, train

SEEDS = 10
FIRST_HELD_OUT = 100  # seed of the trainings that hold images out; records begin with 0
HELD_OUT = Split(validation=5_000)


@face
def main() -> None:
    unpin_blas()
    asked = _arguments()
    facts = machine("numpy")
    recipe, mnist = _recipe(asked), load("mnist")
    teacher = asked.teacher and Teacher.read(asked.teacher)
    split, first = (HELD_OUT, FIRST_HELD_OUT) if asked.held_out else (Split(), 0)
    seeds = [recipe.override(seed=seed) for seed in range(first, first + asked.seeds)]
    if asked.held_out and teacher:
        for each in seeds:
            _refuse_what_was_learnt(teacher, each, mnist)
    trainings = [train(each, split, asked.folder, teacher) for each in seeds]
    print(f"{recipe.name}: judging", flush=True)
    rows = [judged(each, recipe, mnist) for each in trainings]  # from here on nothing is trained
    record = {"recipe": recipe.to_dict(), **taught_by(trainings[0]), **trainings[0].costs, **moments(rows)}
    print(f"{recipe.name}: {record['parameters']:,} parameters, {record['training_flops'] / 1e12:.3g} TFLOP a seed")
    print(*lines([*rows, part(record, "mean"), part(record, "sd")]), sep="\n")
    if asked.json:
        write_results(asked.json, facts, rows, **record)


def _recipe(asked: argparse.Namespace) -> Recipe:
    """What is to be trained; UsageError where its temperature would have to be found on the test set."""
    recipe = load_recipe(asked.recipe)
    if asked.temperature is not None:
        if asked.held_out or not asked.teacher:
            raise UsageError("--temperature is that of a pupil on the test set: others have their recipe's")
        recipe = recipe.override(temperature=asked.temperature)
    if recipe.temperature == "fit" and not asked.held_out:
        raise UsageError(f"recipe {recipe.name}: a record holds no images out: give the temperature of --held-out")
    return recipe


def _refuse_what_was_learnt(teacher: Teacher, recipe: Recipe, mnist: Source) -> None:
    """UsageError where a teacher knows images that its pupil is to be judged by."""
    held_out = split_source(dataclasses.replace(recipe, split=HELD_OUT), mnist).validation
    assert held_out is not None
    if known := leakage_note(teacher.model, mnist, held_out):
        raise UsageError(
            f"--held-out, seed {recipe.seed}: {teacher.path}{known}: give a teacher that held out the same images, "
            f"such as one that --held-out has trained from this seed"
        )


def judged(training: Trained, recipe: Recipe, mnist: Source) -> dict[str, Any]:
    """What one training came to: on what it held out, with a temperature that fits it; or else on the test set."""
    images, held_out = training.judged_on(mnist), bool(training.recipe.split.validation)
    model = calibrate(training.model, "fit" if held_out else recipe.temperature, images)
    return {
        "name": f"seed {training.recipe.seed}",
        "seconds": training.seconds,
        "temperature": model.temperature,
        **judge(model, images, is_test=not held_out),
    }


def taught_by(training: Trained) -> dict[str, list[str]]:
    """Recipe and seed of each network that taught it, if any did."""
    facts = training.model.facts.get("teacher")
    if facts is None:
        return {}
    recipes = [each.get("recipe", {}) for each in members(facts)]
    return {"taught_by": [f"{recipe.get('name', 'unknown')}, seed {recipe.get('seed', '?')}" for recipe in recipes]}


def _arguments() -> argparse.Namespace:
    parser = options(__doc__, SEEDS)
    parser.add_argument("recipe", metavar="RECIPE", help="a bundled recipe, or a FILE.toml")
    parser.add_argument("--held-out", action="store_true", help="train on 55,000 images, judge on the other 5,000")
    parser.add_argument("--teacher", type=Path, metavar="MODEL", help="learn this model's answers instead of labels")
    parser.add_argument(
        "--temperature", type=float, metavar="T", help="of a pupil: 1 where its teacher's answers are calibrated"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
