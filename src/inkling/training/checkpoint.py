"""Checkpoints: the training state on the disk, with the one before it kept until the next is whole."""

from __future__ import annotations

from pathlib import Path

from inkling.errors import DataError, InklingError
from inkling.storage import load_tensors, save_tensors
from inkling.training.recipe import Recipe
from inkling.training.state import TrainingState

LATEST = "checkpoint.safetensors"
PREVIOUS = "checkpoint.previous.safetensors"


def save_checkpoint(folder: Path, state: TrainingState) -> None:
    """Write the state; InklingError where the disk refuses, and then the last good checkpoint is still there."""
    latest = folder / LATEST
    beside = folder / "checkpoint.next.safetensors"
    try:
        save_tensors(beside, *state.pack())
        if latest.exists():
            latest.replace(folder / PREVIOUS)
        beside.replace(latest)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise InklingError(
            f"cannot write a checkpoint in {folder}: {error.strerror or error}; the last good one is kept: "
            f"make room, then inkling train --resume {folder}"
        ) from None


def load_checkpoint(folder: Path, recipe: Recipe) -> TrainingState:
    """The latest state that can be read whole; DataError where there is none."""
    problems = []
    for name in (LATEST, PREVIOUS):
        try:
            return TrainingState.unpack(recipe, *load_tensors(folder / name))
        except (DataError, KeyError, ValueError) as error:
            problems.append(str(error))
    raise DataError(f"{folder}: no checkpoint to go on from ({'; '.join(problems)})")
