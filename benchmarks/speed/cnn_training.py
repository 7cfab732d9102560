"""Training throughput of convolutional networks: Inkling and PyTorch, as shares of what the machine could do.

    python -m benchmarks.speed.cnn_training [NAME ...] [--quick] [--json benchmarks/results/cnn_training.json]

Both start from the same weights, and must first make the same step. README.md explains the results.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.harness.cnn_networks import NETWORKS, recipe
from benchmarks.harness.comparison import accuracy_cell, check_same_step, compare_throughput
from benchmarks.harness.flops import training_flops
from benchmarks.harness.results import machine, rounded, spread, write_results
from benchmarks.harness.rounds import geometric_mean, ratio_cell
from benchmarks.harness.script import parse_arguments, report_errors, unpin_blas
from benchmarks.harness.task import TrainingTask, mnist
from benchmarks.harness.whole_process import whole_process
from benchmarks.peers.pytorch_trainer import PyTorchTrainer, Variant, try_variants
from benchmarks.speed.roofline import peak_flops
from inkling.data import Dataset

TRAINING_IMAGES, QUICK_IMAGES = 12_800, 640
TRIAL_IMAGES, QUICK_TRIAL_IMAGES = 1_280, 256
ROUNDS, QUICK_ROUNDS = 7, 3
MEMORY_NETWORK, MEMORY_GOAL_MB = "32c3-32c3-p-64c3-64c3-p", 500
HEADER = (
    f"{'':24}{'Inkling':>10}{'PyTorch':>10}{'Inkling':>10}{'PyTorch':>10}{'× PyTorch':>20}   {'roofline %':12}"
    f"{'accuracy %':13}PyTorch's fastest variant\n"
    f"{'':24}{'ms per step':>20}{'images per second':>20}"
)


@report_errors
def main() -> None:
    unpin_blas()
    asked = parse_arguments(__doc__, NETWORKS, "fewer images and rounds, no memory: one minute")
    host = machine("numpy", "torch")
    peak = 0.0
    training, test = mnist(QUICK_IMAGES if asked.quick else TRAINING_IMAGES)
    print(HEADER)
    rows = []
    for name in asked.names or NETWORKS:
        peak = max(peak, peak_flops())
        rows.append(_row(name, training, test, peak, quick=asked.quick))
        print(_line(rows[-1]), flush=True)
    mean, lowest = geometric_mean(rows, "ratio_to_pytorch"), min(row["ratio_to_pytorch"] for row in rows)
    print(f"geometric mean ratio to pytorch {mean}; lowest {lowest}; roofline {peak / 1e9:.0f} GFLOP/s")
    if MEMORY_NETWORK in (asked.names or NETWORKS) and not asked.quick:
        rows.append(_memory())
        print(f"{rows[-1]['work']}: {rows[-1]['found']['inkling']['median']:.0f} MB, goal {MEMORY_GOAL_MB}")
    if asked.json:
        write_results(asked.json, host, rows, geometric_mean_ratio_to_pytorch=mean)


def _row(name: str, training: Dataset, test: Dataset, peak: float, *, quick: bool) -> dict[str, Any]:
    task = TrainingTask.unlimited(recipe(name), training, test)
    check_same_step(task, lambda step: [PyTorchTrainer(step, Variant(channels_last=each)) for each in (False, True)])
    variants, _ = try_variants(task, QUICK_TRIAL_IMAGES if quick else TRIAL_IMAGES, compiled=False)
    variant = max(variants, key=variants.__getitem__)
    row = compare_throughput(task, {"pytorch": PyTorchTrainer(task, variant)}, QUICK_ROUNDS if quick else ROUNDS)
    speeds, flops = row["images_per_second"], training_flops(task.recipe.network)
    return row | {
        "milliseconds_per_step": {
            name: rounded(1e3 * _step_seconds(task, each["median"])) for name, each in speeds.items()
        },
        "flops_per_image": flops,
        "peak_gflops": rounded(peak / 1e9),
        "roofline_percent": {name: rounded(100 * flops * each["median"] / peak) for name, each in speeds.items()},
        "pytorch_variant": str(variant),
        "pytorch_trials": {str(tried): rounded(speed) for tried, speed in variants.items()},
    }


def _step_seconds(task: TrainingTask, images_per_second: float) -> float:
    return task.images / images_per_second / task.steps


def _memory() -> dict[str, Any]:
    """Peak memory of `inkling train` from start to end, MNIST and all its processes included."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "recipe.toml"
        file.write_text(recipe(MEMORY_NETWORK).to_toml(), encoding="utf-8")
        command = ("train", "--recipe", str(file), "--data", "mnist", "--epochs", "1", "-o", str(Path(folder) / "run"))
        found = whole_process(sys.executable, "-m", "inkling", *command).megabytes
    return {
        "work": f"{MEMORY_NETWORK}: inkling train on MNIST, an epoch, peak memory",
        "ratio_to_pytorch": None,
        "unit": "MB",
        "goal": MEMORY_GOAL_MB,
        "goal_met": found <= MEMORY_GOAL_MB,
        "found": {"inkling": spread([found])},
    }


def _line(row: Mapping[str, Any]) -> str:
    """A row of the table: step times, median speeds, ratio with range, roofline shares, accuracies."""
    cells = [f"{milliseconds:10.2f}" for milliseconds in row["milliseconds_per_step"].values()]
    cells += [f"{speed['median']:10,.0f}" for speed in row["images_per_second"].values()]
    roofline = " ".join(f"{percent:.0f}" for percent in row["roofline_percent"].values())
    ratio, accuracy = ratio_cell(row, "ratio_to_pytorch"), accuracy_cell(row)
    return f"{row['work']:24}{''.join(cells)}{ratio}   {roofline:12}{accuracy:13}{row['pytorch_variant']}"


if __name__ == "__main__":
    main()
