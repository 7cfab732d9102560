"""Trainings for records: each is a run folder with checkpoints, whose name has a digest of what is trained."""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.harness.flops import inference_flops, training_flops
from benchmarks.harness.footprint import footprint
from benchmarks.harness.results import rounded
from benchmarks.harness.script import argument_parser, at_least_one
from inkling.data import Dataset, Source, Split, split_source
from inkling.errors import UsageError
from inkling.model import FILE_NAME, Model, load
from inkling.recipes import Recipe
from inkling.runs.folder import HISTORY, RUN
from inkling.runs.model_file import ModelFile
from inkling.runs.run import Run

CALIBRATION = 1000  # images that the scales of integers are measured on


def record_parser(doc: str, seeds: int) -> argparse.ArgumentParser:
    """A parser with the options of every script that trains for records; `doc` is the docstring of its module."""
    parser = argument_parser(doc)
    parser.add_argument("--seeds", type=at_least_one, default=seeds, metavar="N", help=f"per recipe (default {seeds})")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("runs/records"),
        metavar="PATH",
        help="where the trainings are (default %(default)s)",
    )
    parser.add_argument(
        "--workers", type=at_least_one, metavar="N", help="processes of a training (default: one per core)"
    )
    return parser


@dataclass(frozen=True)
class FinishedTraining:
    """A finished training without its data, so that many fit into memory.

    Attributes
    ----------
    folder : of the run; each recipe, split, teacher and seed has another.
    recipe : as it was trained, with its split and its seed.
    seconds : of all training steps, before and after interruptions.
    costs : parameters, training images and floating-point operations, with non-digits and the teacher's answers; where
        weights are quantised, the bytes of flash and RAM too.
    """

    folder: Path
    recipe: Recipe
    seconds: float
    costs: Mapping[str, int]

    @property
    def model(self) -> Model:
        """The trained model, of temperature 1: a temperature is fitted later."""
        return load(self.folder / FILE_NAME)

    def evaluation_images(self, source: Source) -> Dataset:
        """The images of MNIST that the training held out, or the test set if it held out none."""
        parts = split_source(source, self.recipe.split, self.recipe.seed)
        images = parts.test if parts.validation is None else parts.validation
        assert images is not None
        return images

    def calibration_images(self, source: Source) -> np.ndarray:
        """Up to CALIBRATION images that it was trained on, at random, always the same: uint8 (N, H, W)."""
        learnt = split_source(source, self.recipe.split, self.recipe.seed).training
        return learnt.images[np.random.default_rng(0).permutation(len(learnt))[:CALIBRATION]]


def check_recipe(recipe: Recipe) -> None:
    """UsageError where a recipe chooses among its epochs."""
    if recipe.stopping or recipe.keep == "best":
        raise UsageError(f"recipe {recipe.name}: a record is that of the last epoch: leave out stopping and keep")


def train(
    recipe: Recipe, split: Split, folder: Path, teacher: ModelFile | None = None, workers: int | None = None
) -> FinishedTraining:
    """Train a recipe with its seed on the training part of the split, or resume it, to its last epoch."""
    check_recipe(recipe)
    recipe = dataclasses.replace(recipe, split=split, temperature=1.0)
    unnamed = dataclasses.replace(recipe, seed=0, name="", description="", claims=()).to_toml()
    digest = hashlib.sha256(f"{unnamed}{teacher and teacher.sha256}".encode()).hexdigest()[:8]
    place = folder / f"{recipe.name}-{digest}" / f"seed-{recipe.seed}"
    if (place / FILE_NAME).exists():
        print(f"{recipe.name}, seed {recipe.seed}: trained before, in {place}", flush=True)
    else:
        file = teacher.path if teacher else None
        begun = (place / RUN).exists()
        run = Run.resume(place) if begun else Run.create(place, recipe, "mnist", teacher=file)
        for report in run.train(workers):
            progress = f"{report.seconds:.0f} s, loss {report.training_loss:.4f}"
            print(f"{recipe.name}, seed {recipe.seed}: epoch {report.epoch} of {recipe.epochs}, {progress}", flush=True)
    last = (place / HISTORY).read_text(encoding="utf-8").splitlines()[-1]
    return FinishedTraining(place, recipe, rounded(json.loads(last)["seconds"]), _costs(place, recipe, teacher))


def _costs(place: Path, recipe: Recipe, teacher: ModelFile | None) -> Mapping[str, int]:
    network, images = recipe.network, int(load(place / FILE_NAME).metadata["data"]["images"])
    seen = images + round(recipe.non_digits * images) + round((recipe.drawn_digits or 0) * images)
    per_image = training_flops(network) + (inference_flops(teacher.model.network) if teacher else 0)
    return {
        "parameters": network.layout.size,
        "training_images": images,
        "training_flops": recipe.epochs * seen * per_image,
        **footprint(recipe),
    }
