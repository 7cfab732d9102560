"""Checkpoints: the training state on the disk. The previous one is kept until the next is written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from inkling.errors import DataError
from inkling.metadata import COUNT, NUMBER
from inkling.recipes.recipe import Recipe
from inkling.storage import load_tensors, save_tensors
from inkling.training.state import TrainingState

FOLLOWING = "checkpoint.next.safetensors"
LATEST = "checkpoint.safetensors"
PREVIOUS = "checkpoint.previous.safetensors"


def save_checkpoint(folder: Path, state: TrainingState) -> None:
    """Write the state. OSError where the disk refuses; the last good checkpoint is still there then.

    InklingError where the state is in the middle of an epoch.
    """
    latest, following = folder / LATEST, folder / FOLLOWING
    save_tensors(following, *state.pack())
    if latest.exists():
        latest.replace(folder / PREVIOUS)
    following.replace(latest)


def load_checkpoint(folder: Path, recipe: Recipe) -> TrainingState:
    """The latest state that can be read, or a fresh one where none was written yet; DataError where all are damaged.

    A checkpoint that does not fit the recipe, because the recipe was edited meanwhile, counts as damaged.
    """
    problems = []
    for path in (folder / FOLLOWING, folder / LATEST, folder / PREVIOUS):  # the newest first
        if not path.exists():
            continue
        try:
            vectors, metadata = load_tensors(path)
            _check(recipe, vectors, metadata)
            return TrainingState.unpack(recipe, vectors, metadata)
        except DataError as error:
            problems.append(str(error))
        except (KeyError, ValueError):
            problems.append(f"{path}: does not fit recipe.toml beside it")
    if problems:
        raise DataError(f"no checkpoint to go on from: {'; '.join(problems)}; train anew in another folder")
    return TrainingState.start(recipe)


def _check(recipe: Recipe, vectors: Mapping[str, np.ndarray], metadata: Mapping[str, Any]) -> None:
    """ValueError unless the content of a checkpoint is such as `TrainingState.pack` gives for this recipe."""
    history, steps, best = (metadata.get(name, -1) for name in ("history", "steps", "best_epoch"))
    needed = {"epoch", "seconds", "training_loss", "training_accuracy"}
    if recipe.needs_validation:
        needed |= {"validation_loss", "validation_accuracy"}
    if not (isinstance(history, list) and all(isinstance(each, dict) and needed <= each.keys() for each in history)):
        raise ValueError("no history")
    if not all(NUMBER.fits(value) for each in history for value in each.values()):
        raise ValueError("a history of other things than numbers")
    if not (COUNT.fits(steps) and COUNT.fits(best) and best <= len(history)):
        raise ValueError("no number of steps, or of the best epoch")
    for name, vector in vectors.items():
        length = recipe.network.layout.statistics_size if name.endswith("statistics") else recipe.network.layout.size
        if vector.dtype != np.float32 or vector.shape != (length,):
            raise ValueError(f"{name} is no vector of numbers for this network")
