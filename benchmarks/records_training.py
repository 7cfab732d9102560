"""Trainings for records: each is a run folder with checkpoints, found again by what was trained."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

from flops import inference_flops, training_flops
from inkling.data import Split
from inkling.errors import UsageError
from inkling.model import FILE_NAME, RUN_FACTS, Model, load
from inkling.training import Recipe
from inkling.training.run import Run
from inkling.training.teacher import Teacher


def train(recipe: Recipe, split: Split, folder: Path, teacher: Path | None = None) -> Run:
    """The run of a recipe with its seed on what the split leaves, begun or gone on with, to its last epoch.

    Its model has temperature 1: that is no part of the training. UsageError where the recipe chooses among its epochs.
    """
    if recipe.stopping or recipe.keep == "best":
        raise UsageError(f"recipe {recipe.name}: a record is that of the last epoch: leave out stopping and keep")
    trained = dataclasses.replace(recipe, split=split, temperature=1.0)
    what = dataclasses.replace(trained, seed=0, name="", description="", claims=()).to_toml()
    digest = hashlib.sha256(f"{what}{teacher and Teacher.read(teacher).sha256}".encode()).hexdigest()[:8]
    place = folder / f"{recipe.name}-{digest}" / f"seed-{recipe.seed}"
    begun = (place / RUN_FACTS).exists()
    run = Run.resume(place) if begun else Run.create(place, trained, "mnist", teacher=teacher)
    for report in run.train():
        progress = f"epoch {report.epoch} of {recipe.epochs}, {report.seconds:.0f} s, loss {report.training_loss:.4f}"
        print(f"{recipe.name}, seed {recipe.seed}: {progress}", flush=True)
    return run


def trained_model(run: Run) -> Model:
    return load(run.folder / FILE_NAME)


def seconds(run: Run) -> float:
    """Of its training steps, all sittings together."""
    last = (run.folder / "history.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    return float(json.loads(last)["seconds"])


def costs(run: Run) -> dict[str, Any]:
    """What was trained and how much it takes, whatever the seed: with non-digits, and with the teacher's answers."""
    network, images = run.recipe.network, len(run.parts.training)
    shown = images + round(run.recipe.non_digits * images)
    each = training_flops(network) + (inference_flops(run.teacher.model.network) if run.teacher else 0)
    return {
        "parameters": network.layout.size,
        "training_images": images,
        "training_flops": run.recipe.epochs * shown * each,
    }
