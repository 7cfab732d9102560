"""Accuracy under the 15 corruptions of MNIST-C and along sweeps: models, and PyTorch's own example for comparison.

    python benchmarks/robustness.py [MODEL ...] [--example-epochs 14] [--json benchmarks/results/robustness.json]

A MODEL is a model file, a run folder or the name of one that comes along, by default all of these. The test images are
corrupted by inkling.evaluation.corruptions, alike for everyone; figures published for MNIST-C's own files are not
quite the same measurement.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from common import at_least_one, face, machine, unpin_blas, write_results
from inkling.data import Dataset, load
from inkling.evaluation.robustness import Robustness
from inkling.evaluation.stress import stress
from inkling.model import BUNDLED
from inkling.model import load as load_model
from pytorch_example import Example, fastest_variant

EXAMPLE_EPOCHS = 14  # the example's default


@face
def main() -> None:
    unpin_blas()
    asked = _arguments()
    facts = machine("numpy", "torch")
    source = load("mnist")
    assert source.train is not None
    assert source.labelled_test is not None
    rows = [row(name, load_model(name).predict_proba, source.labelled_test) for name in asked.models]
    example = Example(source.train, 0, fastest_variant(source.train))
    for epoch in range(1, asked.example_epochs + 1):
        print(f"PyTorch's example: epoch {epoch} of {asked.example_epochs}, {example.run():.0f} s", flush=True)
    rows.append(row("PyTorch's example", example.predict_proba, source.labelled_test))
    if asked.json:
        write_results(asked.json, facts, rows, example_epochs=asked.example_epochs)


def row(name: str, predict: Callable[[np.ndarray], np.ndarray], test: Dataset) -> dict[str, Any]:
    """What one reader of digits came to."""
    assert test.labels is not None
    found = Robustness(tuple(stress(predict, test.images, test.labels)), name)
    print(
        f"{name}: clean {100 * found.clean:.2f} %, mean of the 15 {100 * found.mean:.2f} %, "
        f"without the affine ones {100 * found.mean_without_affine:.2f} %",
        flush=True,
    )
    return {"work": name, **found.to_dict()}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "models", nargs="*", metavar="MODEL", default=list(BUNDLED), help="default: those that come along"
    )
    parser.add_argument(
        "--example-epochs", type=at_least_one, default=EXAMPLE_EPOCHS, metavar="N", help=f"default {EXAMPLE_EPOCHS}"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results")
    return parser.parse_args()


if __name__ == "__main__":
    main()
