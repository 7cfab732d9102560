"""Training throughput of multi-layer perceptrons: Inkling, PyTorch and scikit-learn on the same tasks.

    python -m benchmarks.speed.mlp_training [NAME ...] [--quick] [--json benchmarks/results/mlp_training.json]

All start from the same weights, and must first make the same step as Inkling. README.md explains the results.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.harness.comparison import PEERS, accuracy_cell, check_same_step, compare_throughput
from benchmarks.harness.results import machine, rounded, write_results
from benchmarks.harness.rounds import geometric_mean, ratio_cell
from benchmarks.harness.script import parse_arguments, report_errors, unpin_blas
from benchmarks.harness.task import TrainingTask, mnist
from benchmarks.harness.trainer import Trainer
from benchmarks.peers.pytorch_trainer import PyTorchTrainer, Variant, try_variants
from benchmarks.peers.sklearn_trainer import ScikitLearnTrainer, expressible, fastest_threads
from inkling.data import Dataset
from inkling.nn import Flatten, Linear, Network, ReLU
from inkling.optim import Adam
from inkling.recipes import Recipe, load_recipe

NAMES = ("gd-64-32", "sgd-10", "adam-256-128-64", "sgd-64-64", "leaky-20", "adam-512-512")
TRAINING_IMAGES = 20_480  # whole batches of 64 and 128: for a shorter last batch torch.compile would compile again
QUICK_IMAGES = 5_120
TRIAL_IMAGES = 2_560
ROUNDS, QUICK_ROUNDS = 7, 3
HEADER = (
    f"{'':16}{'Inkling':>11}{'PyTorch':>11}{'sklearn':>11}{'× PyTorch':>20}{'× sklearn':>20}   "
    "accuracy %         PyTorch's fastest variant\n"
    f"{'':16}{'images per second':>33}"
)


@report_errors
def main() -> None:
    unpin_blas()
    asked = parse_arguments(__doc__, NAMES, "fewer images and rounds, no torch.compile: one minute")
    host = machine("numpy", "torch", "scikit-learn")
    training, test = mnist(QUICK_IMAGES if asked.quick else TRAINING_IMAGES)
    print(HEADER)
    rows = []
    for name in asked.names or NAMES:
        rows.append(_row(name, training, test, quick=asked.quick))
        print(_line(rows[-1]), flush=True)
    means = {
        "geometric_mean_ratio_to_pytorch": geometric_mean(rows, "ratio_to_pytorch"),
        "geometric_mean_ratio_to_sklearn": geometric_mean(rows, "ratio_to_sklearn"),
    }
    lowest = min(row["ratio_to_pytorch"] for row in rows)
    print(*(f"{name.replace('_', ' ')} {mean}" for name, mean in means.items()), f"lowest {lowest}", sep="; ")
    if asked.json:
        write_results(asked.json, host, rows, **means)


def _row(name: str, training: Dataset, test: Dataset, *, quick: bool) -> dict[str, Any]:
    task = TrainingTask.unlimited(_wide() if name == "adam-512-512" else load_recipe(name), training, test)

    def peers_at(step: TrainingTask) -> list[Trainer]:
        eager = PyTorchTrainer(step, Variant(optimizer="fused"))
        return [eager, ScikitLearnTrainer(step, threads=1)] if expressible(step) and expressible(task) else [eager]

    check_same_step(task, peers_at)
    variants, remark = try_variants(task, TRIAL_IMAGES, compiled=not quick)
    variant = max(variants, key=variants.__getitem__)
    peers: dict[str, Trainer | None] = {
        "pytorch": PyTorchTrainer(task, variant),
        "scikit_learn": ScikitLearnTrainer(task, fastest_threads(task)) if expressible(task) else None,
    }
    return compare_throughput(task, peers, QUICK_ROUNDS if quick else ROUNDS) | {
        "pytorch_variant": str(variant),
        "pytorch_trials": {str(tried): rounded(speed) for tried, speed in variants.items()},
        "remark": remark,
    }


def _wide() -> Recipe:
    network = Network(Flatten(), Linear(512), ReLU(), Linear(512), ReLU(), Linear(10))
    return Recipe(network, Adam(), batch_size=128, shards=2, name="adam-512-512")


def _line(row: Mapping[str, Any]) -> str:
    """A row of the table: median speeds, median ratios with their ranges, accuracies in the order of the trainers."""
    speeds = [row["images_per_second"].get(name) for name in ("inkling", *PEERS)]
    cells = [f"{speed['median']:>11,.0f}" if speed else f"{'-':>11}" for speed in speeds]
    cells += [ratio_cell(row, key) for key in PEERS.values()]
    remarks = "; ".join(filter(None, (row["pytorch_variant"], row["remark"])))
    return f"{row['work']:16}{''.join(cells)}   {accuracy_cell(row):17}  {remarks}"


if __name__ == "__main__":
    main()
