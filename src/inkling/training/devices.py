"""The devices that a training can be asked for by name, and what one of them refuses, in sentences."""

from __future__ import annotations

from typing import Any

from inkling.errors import UsageError, described
from inkling.nn import CPU, Device
from inkling.recipes.recipe import Recipe
from inkling.training.executor import Executor

DEVICES = ("cpu", "cuda")


def device_named(name: str) -> Device:
    """The device of this name.

    Raises
    ------
    UsageError : there is none of this name.
    MissingExtraError, InklingError : CuPy is not installed, or there is no GPU that it can use.
    """
    if name == "cpu":
        return CPU
    if name == "cuda":
        from inkling.training.cuda import Cuda

        return Cuda()
    raise UsageError(f"a device is {' or '.join(DEVICES)}, not {described(name)}")


def device_for(device: Any, recipe: Recipe, workers: int | Executor | None = None) -> Device:
    """The device to train this recipe on; UsageError where it cannot, or where it is none."""
    found: Device = device if hasattr(device, "host_array") else device_named(device)
    if found is not CPU:
        if workers not in (None, 1):
            raise UsageError(
                f"training on {found.name} takes no workers, not {described(workers)}: one process keeps the GPU busy"
            )
        if recipe.weight_bits is not None:
            raise UsageError(
                f"recipe {recipe.name}: weights of few bits (weight_bits) are trained on the cpu alone, not on "
                f"{found.name}"
            )
    return found
