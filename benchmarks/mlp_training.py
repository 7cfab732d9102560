"""Training throughput of multi-layer perceptrons: Inkling, PyTorch and scikit-learn in turns, on the same work.

    python benchmarks/mlp_training.py [NAME ...] [--quick] [--json benchmarks/results/mlp_training.json]

Every side starts from the same weights and is first held to one step of Inkling's; README.md says how to read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from common import arguments, face, machine, rounded, unpin_blas, write_results
from contest import PEERS, accuracy_cell, check_one_step, measure
from inkling.data import Dataset
from inkling.nn import Flatten, Linear, Network, ReLU
from inkling.optim import Adam
from inkling.recipes import Recipe, load_recipe
from mlp_sklearn import ScikitLearn, expressible, fastest_threads
from pytorch_side import PyTorch, Variant, try_variants
from turns import geometric_mean, ratio_cell
from work import Side, Work, mnist

NAMES = ("gd-64-32", "sgd-10", "adam-256-128-64", "sgd-64-64", "leaky-20", "adam-512-512")
TRAINING_IMAGES = 20_480  # whole batches of 64 and 128: for a short last one torch.compile would compile again
QUICK_IMAGES = 5_120
TRIAL_IMAGES = 2_560
ROUNDS, QUICK_ROUNDS = 7, 3
HEADER = (
    f"{'':16}{'Inkling':>11}{'PyTorch':>11}{'sklearn':>11}{'× PyTorch':>20}{'× sklearn':>20}   "
    "accuracy %         PyTorch's fastest variant\n"
    f"{'':16}{'images a second':>33}"
)


@face
def main() -> None:
    unpin_blas()
    asked = arguments(__doc__, NAMES, "fewer images and rounds, no torch.compile: one minute")
    facts = machine("numpy", "torch", "scikit-learn")
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
        write_results(asked.json, facts, rows, **means)


def _row(name: str, training: Dataset, test: Dataset, *, quick: bool) -> dict[str, Any]:
    work = Work.endless(_wide() if name == "adam-512-512" else load_recipe(name), training, test)

    def others(step: Work) -> list[Side]:
        eager = PyTorch(step, Variant(optimizer="fused"))
        return [eager, ScikitLearn(step, threads=1)] if expressible(step) and expressible(work) else [eager]

    check_one_step(work, others)
    variants, remark = try_variants(work, TRIAL_IMAGES, compiled=not quick)
    variant = max(variants, key=variants.__getitem__)
    peers: dict[str, Side | None] = {
        "pytorch": PyTorch(work, variant),
        "scikit_learn": ScikitLearn(work, fastest_threads(work)) if expressible(work) else None,
    }
    return measure(work, peers, QUICK_ROUNDS if quick else ROUNDS) | {
        "pytorch_variant": str(variant),
        "pytorch_trials": {str(tried): rounded(speed) for tried, speed in variants.items()},
        "remark": remark,
    }


def _wide() -> Recipe:
    network = Network(Flatten(), Linear(512), ReLU(), Linear(512), ReLU(), Linear(10))
    return Recipe(network, Adam(), batch_size=128, shards=2, name="adam-512-512")


def _line(row: Mapping[str, Any]) -> str:
    """A row of the table: median speeds, median ratios with their ranges, accuracies in the order of the sides."""
    speeds = [row["images_per_second"].get(side) for side in ("inkling", *PEERS)]
    cells = [f"{speed['median']:>11,.0f}" if speed else f"{'-':>11}" for speed in speeds]
    cells += [ratio_cell(row, key) for key in PEERS.values()]
    remarks = "; ".join(filter(None, (row["pytorch_variant"], row["remark"])))
    return f"{row['work']:16}{''.join(cells)}   {accuracy_cell(row):17}  {remarks}"


if __name__ == "__main__":
    main()
