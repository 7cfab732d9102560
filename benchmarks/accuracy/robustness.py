"""Accuracy under the 15 corruptions of MNIST-C and along sweeps: models, and PyTorch's own example as the peer.

    python -m benchmarks.accuracy.robustness [MODEL ...] [--example-epochs 14] [--json FILE] [--picture FILE.png]
    python -m benchmarks.accuracy.robustness --example benchmarks/results/robustness.json ...

A MODEL is a model file, a run folder or the name of a bundled model; by default all bundled models are evaluated. All
get the same test images, corrupted by inkling.evaluation.corruptions. Figures published for MNIST-C's own files are not
quite the same measurement.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness.results import machine, write_results
from benchmarks.harness.script import argument_parser, at_least_one, new_file, report_errors, unpin_blas
from benchmarks.peers.pytorch_example import Example, fastest_variant
from inkling.data import Dataset, load
from inkling.errors import DataError
from inkling.evaluation import plots
from inkling.evaluation.pixels import to_float
from inkling.evaluation.robustness import Robustness
from inkling.evaluation.robustness_trials import evaluate_robustness
from inkling.model import BUNDLED, Model
from inkling.model import load as load_model

EXAMPLE = "PyTorch's example"
EXAMPLE_EPOCHS = 14  # the default of the example


@report_errors
def main() -> None:
    unpin_blas()
    asked = _arguments()
    host = machine("numpy", "torch")
    source = load("mnist")
    assert source.train is not None
    assert source.labelled_test is not None
    test = source.labelled_test
    epochs, row = earlier(asked.example) if asked.example else (asked.example_epochs, None)
    models = {name: load_model(name) for name in asked.models}
    found = [evaluated(name, of_fractions(model), test) for name, model in models.items()]
    if row is not None:
        found.append(recalled(row, found[0]))
    else:
        example = Example(source.train, 0, fastest_variant(source.train))
        for epoch in range(1, epochs + 1):
            print(f"{EXAMPLE}: epoch {epoch} of {epochs}, {example.run():.0f} s", flush=True)
        found.append(evaluated(EXAMPLE, example.predict_proba, test))
    if asked.json:
        rows = [{"work": each.name, **each.to_dict()} for each in found]
        write_results(asked.json, host, rows, example_epochs=epochs)
    if asked.picture:
        asked.picture.write_bytes(
            plots.render(plots.robustness([with_our_digit(each) for each in found[:: len(found) - 1]]), "png")
        )


def of_fractions(model: Model) -> Callable[[np.ndarray], np.ndarray]:
    """A prediction from bytes as fractions of white, which mean the same however faint a change makes the images."""
    return lambda images: model.predict_proba(to_float(images))


def evaluated(name: str, predict: Callable[[np.ndarray], np.ndarray], test: Dataset) -> Robustness:
    """The robustness of one model, which is printed too."""
    assert test.labels is not None
    found = Robustness(tuple(evaluate_robustness(predict, test.images, test.labels)), name)
    print(
        f"{name}: clean {100 * found.clean:.2f} %, mean of the 15 {100 * found.mean:.2f} %, "
        f"without the affine ones {100 * found.mean_without_affine:.2f} %",
        flush=True,
    )
    return found


def earlier(file: Path) -> tuple[int, Mapping[str, Any]]:
    """Epochs and row of the example in a file that --json wrote; DataError for any other file."""
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        return record["example_epochs"], next(row for row in record["rows"] if row["work"] == EXAMPLE)
    except (ValueError, KeyError, TypeError, StopIteration):
        raise DataError(f"{file} has no row of {EXAMPLE}: expected what this script wrote with --json") from None


def recalled(row: Mapping[str, Any], like: Robustness) -> Robustness:
    """The robustness of the example as it was measured before, with the trials of another model."""
    accuracies = {("clean", None): row["clean"]} | {(name, None): each for name, each in row["corruptions"].items()}
    for name, sweep in row["sweeps"].items():
        accuracies |= {(name, at): each for at, each in zip(sweep["strengths"], sweep["accuracies"], strict=True)}
    trials = (dataclasses.replace(trial, accuracy=accuracies[trial.change, trial.strength]) for trial in like.trials)
    return Robustness(tuple(trials), EXAMPLE)


def with_our_digit(found: Robustness) -> Robustness:
    """The same trials with an embedded digit as their example: MNIST's images must not be published."""
    digit = load("digits").labelled_test
    assert digit is not None
    ours = evaluate_robustness(lambda images: np.zeros((len(images), 10)), digit.images[:1], digit.labels[:1])
    trials = zip(found.trials, ours, strict=True)
    return dataclasses.replace(found, trials=tuple(dataclasses.replace(t, example=o.example) for t, o in trials))


def _arguments() -> argparse.Namespace:
    parser = argument_parser(__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL", default=list(BUNDLED), help="default: the bundled models")
    parser.add_argument(
        "--example-epochs", type=at_least_one, default=EXAMPLE_EPOCHS, metavar="N", help=f"default {EXAMPLE_EPOCHS}"
    )
    parser.add_argument(
        "--example",
        type=Path,
        metavar="FILE.json",
        help="take the example from an earlier result instead of training it",
    )
    parser.add_argument("--picture", type=new_file, metavar="FILE.png", help="draw the first model beside the example")
    return parser.parse_args()


if __name__ == "__main__":
    main()
