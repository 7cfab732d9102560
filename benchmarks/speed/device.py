"""The same trainings on the processor and on a GPU of NVIDIA: throughput and accuracy.

    python -m benchmarks.speed.device [RECIPE ...] [--quick] [--json benchmarks/results/device.json]

Without CuPy and a GPU it ends with one sentence. The processor trains with one worker per core.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from benchmarks.harness.results import machine, moments, spread, write_results
from benchmarks.harness.script import parse_arguments, report_errors, unpin_blas
from inkling.data import Source, load
from inkling.recipes import load_recipe
from inkling.recipes.recipe import Recipe
from inkling.training import TrainingState, train
from inkling.training.devices import DEVICES, device_named

RECIPES = ("sgd-10", "adam-256-128-64", "mlp", "sprint", "compact", "record")
EPOCHS, SEEDS = 3, 5
QUICK_IMAGES = 2_000


@report_errors
def main() -> None:
    unpin_blas()
    asked = parse_arguments(__doc__, RECIPES, "one seed, one epoch, few images: whether everything runs")
    device_named("cuda")  # ends the script where there is nothing to measure
    data, host = load("mnist"), machine("numpy") | gpu()
    rows = [row for name in asked.names or RECIPES for row in measured(name, data, quick=asked.quick)]
    if asked.json:
        write_results(asked.json, host, rows, quick=asked.quick)


def gpu() -> dict[str, str]:
    """The GPU, and the version of CuPy."""
    import cupy

    name = cupy.cuda.runtime.getDeviceProperties(cupy.cuda.Device().id)["name"]
    return {"gpu": name.decode(), "cupy": cupy.__version__}


def measured(name: str, data: Source, *, quick: bool) -> list[dict[str, Any]]:
    """A row of results per device: images per second of each epoch, and the accuracy on the test images, per seed."""
    found: dict[str, list[tuple[list[float], float]]] = {device: [] for device in DEVICES}
    for seed in range(1 if quick else SEEDS):
        recipe = dataclasses.replace(load_recipe(name), epochs=1 if quick else EPOCHS, seed=seed)
        for device in DEVICES:
            found[device].append(trial(recipe, data, device, quick=quick))
    rows = []
    for device, trials in found.items():
        speeds = [speed for each, _ in trials for speed in each]
        accuracy = moments([reached for _, reached in trials])
        rows.append({"work": f"{name} on {device}", "accuracy": accuracy, "images_per_second": spread(speeds)})
        median = rows[-1]["images_per_second"]["median"]
        print(f"{rows[-1]['work']:<28}{median:>12,.0f} images/s {100 * (accuracy['mean'] or 0):6.2f} %", flush=True)
    return rows


def trial(recipe: Recipe, data: Source, device: str, *, quick: bool) -> tuple[list[float], float]:
    """Images per second of each epoch, and the test accuracy of what the recipe would keep, after the last one.

    One epoch on few images comes before: CuPy compiles each kind of operation when it is first needed.
    """
    assert data.train is not None
    assert data.test is not None
    recipe = dataclasses.replace(recipe, stopping=None, keep="last")
    few = data.train[:QUICK_IMAGES]
    for _ in train(dataclasses.replace(recipe, epochs=1), few, device=device):
        pass
    training, test = (few, data.test[:QUICK_IMAGES]) if quick else (data.train, data.test)
    reports = list(train(recipe, training, None, TrainingState.start(recipe), test=test, device=device))
    assert reports[-1].test_accuracy is not None
    return [report.images_per_second for report in reports], reports[-1].test_accuracy


if __name__ == "__main__":
    main()
