"""Trainings for records: each is a run folder with checkpoints, found again by what was trained."""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import common
from common import at_least_one, rounded
from flops import inference_flops, training_flops
from inkling.data import Dataset, Source, Split, split_source
from inkling.errors import UsageError
from inkling.model import FILE_NAME, Model, load
from inkling.recipes import Recipe
from inkling.runs.folder import HISTORY, RUN
from inkling.runs.run import Run
from inkling.runs.teacher import Teacher


def options(doc: str, seeds: int) -> argparse.ArgumentParser:
    """What every script that trains for records can be told; `doc` is that of its module."""
    parser = common.options(doc)
    parser.add_argument(
        "--seeds", type=at_least_one, default=seeds, metavar="N", help=f"of each recipe (default {seeds})"
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("runs/records"),
        metavar="PATH",
        help="where the trainings are (default %(default)s)",
    )
    return parser


@dataclass(frozen=True)
class Trained:
    """A training that is over, without its data: there may be many.

    Attributes
    ----------
    folder : of its run; other folders for other recipes, splits, teachers and seeds.
    recipe : as it was trained, with its split and its seed.
    seconds : of its training steps, all sittings together.
    costs : parameters, training images and floating-point operations, with non-digits and the teacher's answers.
    """

    folder: Path
    recipe: Recipe
    seconds: float
    costs: Mapping[str, int]

    @property
    def model(self) -> Model:
        """Of temperature 1, which is no part of a training."""
        return load(self.folder / FILE_NAME)

    def judged_on(self, source: Source) -> Dataset:
        """What it held out of MNIST; or, if nothing, the test set."""
        parts = split_source(source, self.recipe.split, self.recipe.seed)
        images = parts.test if parts.validation is None else parts.validation
        assert images is not None
        return images


def check(recipe: Recipe) -> None:
    """UsageError where a recipe chooses among its epochs."""
    if recipe.stopping or recipe.keep == "best":
        raise UsageError(f"recipe {recipe.name}: a record is that of the last epoch: leave out stopping and keep")


def train(recipe: Recipe, split: Split, folder: Path, teacher: Teacher | None = None) -> Trained:
    """The training of a recipe with its seed on what the split leaves, begun or gone on with, to its last epoch."""
    check(recipe)
    recipe = dataclasses.replace(recipe, split=split, temperature=1.0)
    what = dataclasses.replace(recipe, seed=0, name="", description="", claims=()).to_toml()
    digest = hashlib.sha256(f"{what}{teacher and teacher.sha256}".encode()).hexdigest()[:8]
    place = folder / f"{recipe.name}-{digest}" / f"seed-{recipe.seed}"
    if (place / FILE_NAME).exists():
        print(f"{recipe.name}, seed {recipe.seed}: trained before, in {place}", flush=True)
    else:
        asks = teacher.path if teacher else None
        begun = (place / RUN).exists()
        run = Run.resume(place) if begun else Run.create(place, recipe, "mnist", teacher=asks)
        for report in run.train():
            progress = f"{report.seconds:.0f} s, loss {report.training_loss:.4f}"
            print(f"{recipe.name}, seed {recipe.seed}: epoch {report.epoch} of {recipe.epochs}, {progress}", flush=True)
    last = (place / HISTORY).read_text(encoding="utf-8").splitlines()[-1]
    return Trained(place, recipe, rounded(json.loads(last)["seconds"]), _costs(place, recipe, teacher))


def _costs(place: Path, recipe: Recipe, teacher: Teacher | None) -> Mapping[str, int]:
    network, images = recipe.network, int(load(place / FILE_NAME).facts["data"]["images"])
    shown = images + round(recipe.non_digits * images) + round((recipe.drawn_digits or 0) * images)
    each = training_flops(network) + (inference_flops(teacher.model.network) if teacher else 0)
    return {
        "parameters": network.layout.size,
        "training_images": images,
        "training_flops": recipe.epochs * shown * each,
    }
