"""Accuracy records: a recipe trained from several seeds on MNIST's 60,000 images, and then evaluated on the test set.

    python -m benchmarks.accuracy.records RECIPE [--seeds 10] [--held-out] [--teacher MODEL [--temperature T]]
        [--workers N] [--json FILE]

A RECIPE is a bundled one or a FILE.toml. With --held-out it trains on 55,000 of the images and is evaluated on
the other 5,000, which differ from seed to seed: recipes are chosen on them, and temperatures fitted. Every training is
a run folder with checkpoints, and a later call goes on where an earlier one was stopped. README.md has the protocol.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from benchmarks.accuracy.record_metrics import evaluate, integer_accuracy
from benchmarks.accuracy.record_table import moment_row, moments_of, table_lines
from benchmarks.accuracy.record_training import FinishedTraining, record_parser, train
from benchmarks.harness.results import machine, write_results
from benchmarks.harness.script import report_errors, unpin_blas
from inkling.data import Dataset, Source, Split, load
from inkling.data.parts import split_source
from inkling.ensembles import members
from inkling.errors import UsageError
from inkling.model import Model
from inkling.provenance import leakage_note
from inkling.recipes import Recipe, load_recipe
from inkling.runs.calibration import calibrate
from inkling.runs.model_file import ModelFile

SEEDS = 10
FIRST_HELD_OUT = 100  # the seeds of trainings that hold images out begin here; those of records begin at 0
HELD_OUT = Split(validation=5_000)


@report_errors
def main() -> None:
    unpin_blas()
    asked = _arguments()
    host = machine("numpy")
    recipe, mnist = _recipe(asked), load("mnist")
    teacher = asked.teacher and ModelFile.read(asked.teacher)
    split, first = (HELD_OUT, FIRST_HELD_OUT) if asked.held_out else (Split(), 0)
    seeds = [recipe.override(seed=seed) for seed in range(first, first + asked.seeds)]
    if asked.held_out and teacher:
        for each in seeds:
            _refuse_leakage(teacher, each, mnist)
    trainings = [train(each, split, asked.folder, teacher, asked.workers) for each in seeds]
    print(f"{recipe.name}: evaluating", flush=True)
    rows = [evaluated(each, recipe, mnist) for each in trainings]  # from here on nothing is trained
    record = {"recipe": recipe.to_dict(), **taught_by(trainings[0]), **trainings[0].costs, **moments_of(rows)}
    print(f"{recipe.name}: {record['parameters']:,} parameters, {record['training_flops'] / 1e12:.3g} TFLOP per seed")
    print(*table_lines([*rows, moment_row(record, "mean"), moment_row(record, "sd")]), sep="\n")
    if asked.json:
        write_results(asked.json, host, rows, **record)


def _recipe(asked: argparse.Namespace) -> Recipe:
    """The recipe to train; UsageError if its temperature would have to be fitted on the test set."""
    recipe = load_recipe(asked.recipe)
    if asked.temperature is not None:
        if asked.held_out or not asked.teacher:
            raise UsageError(
                "--temperature is for a student of a --teacher, without --held-out: other trainings take their recipe's"
            )
        recipe = recipe.override(temperature=asked.temperature)
    if recipe.temperature == "fit" and not asked.held_out:
        raise UsageError(f"recipe {recipe.name}: a record holds no images out: give the temperature of --held-out")
    return recipe


def _refuse_leakage(teacher: ModelFile, recipe: Recipe, mnist: Source) -> None:
    """UsageError if the teacher has learnt images that the student is evaluated on."""
    held_out = split_source(mnist, HELD_OUT, recipe.seed).validation
    assert held_out is not None
    if known := leakage_note(teacher.model, mnist, held_out):
        raise UsageError(
            f"--held-out, seed {recipe.seed}: {teacher.path}{known}: give a teacher that held out the same images, "
            f"such as one that --held-out has trained from this seed"
        )


def evaluated(training: FinishedTraining, recipe: Recipe, mnist: Source) -> dict[str, Any]:
    """The row of one training: on the images that it held out, with a fitted temperature, or else on the test set."""
    images, held_out = training.evaluation_images(mnist), bool(training.recipe.split.validation)
    model = calibrate(training.model, "fit" if held_out else recipe.temperature, images)
    return {
        "name": f"seed {training.recipe.seed}",
        "seconds": training.seconds,
        "temperature": model.temperature,
        **evaluate(model, images, is_test=not held_out),
        **_integers(training, model, mnist, images),
    }


def _integers(training: FinishedTraining, model: Model, mnist: Source, images: Dataset) -> dict[str, Any]:
    """What the exported integers reach, for a recipe of quantised weights."""
    if training.recipe.weight_bits is None:
        return {}
    return {"integers": integer_accuracy(model, training.calibration_images(mnist), images)}


def taught_by(training: FinishedTraining) -> dict[str, list[str]]:
    """Recipe and seed of each member of the teacher, if there was a teacher."""
    metadata = training.model.metadata.get("teacher")
    if metadata is None:
        return {}
    recipes = [each.get("recipe", {}) for each in members(metadata)]
    return {"taught_by": [f"{recipe.get('name', 'unknown')}, seed {recipe.get('seed', '?')}" for recipe in recipes]}


def _arguments() -> argparse.Namespace:
    parser = record_parser(__doc__, SEEDS)
    parser.add_argument("recipe", metavar="RECIPE", help="a bundled recipe, or a FILE.toml")
    parser.add_argument("--held-out", action="store_true", help="train on 55,000 images, evaluate on the other 5,000")
    parser.add_argument("--teacher", type=Path, metavar="MODEL", help="learn this model's answers instead of labels")
    parser.add_argument("--temperature", type=float, metavar="T", help="of a student: 1 if its teacher is calibrated")
    return parser.parse_args()


if __name__ == "__main__":
    main()
