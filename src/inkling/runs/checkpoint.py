"""Checkpoints: the training state on the disk. The previous one is kept until the next is written."""

from __future__ import annotations

from pathlib import Path

from inkling.errors import DataError
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
            return TrainingState.unpack(recipe, *load_tensors(path))
        except DataError as error:
            problems.append(str(error))
        except (KeyError, ValueError):
            problems.append(f"{path}: does not fit recipe.toml beside it")
    if problems:
        raise DataError(f"no checkpoint to go on from: {'; '.join(problems)}; train anew in another folder")
    return TrainingState.start(recipe)
