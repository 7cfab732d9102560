"""Inference of convolutional networks: Inkling, ONNX Runtime and PyTorch, in batches and one image at a time.

    python -m benchmarks.speed.inference [NAME ...] [--quick] [--json benchmarks/results/inference.json]

All have the same parameters, and must first give the same probabilities. README.md explains the results.
"""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from benchmarks.harness.cnn_networks import recipe
from benchmarks.harness.flops import inference_flops
from benchmarks.harness.results import machine, rounded, spread, write_results
from benchmarks.harness.rounds import Measure, by_name, interleaved, ratio_cell, ratios
from benchmarks.harness.script import parse_arguments, report_errors, unpin_blas
from benchmarks.harness.task import TrainingTask, mnist
from benchmarks.harness.trainer import InklingTrainer
from benchmarks.speed.inference_backends import Backend, InklingBackend, onnx_variants, pytorch_variants
from inkling.data import Dataset
from inkling.model import Model

NAMES = ("16c5s2-32c3-p-64c3", "32c3-32c3-p-64c3-64c3-p")
PEERS = {"onnxruntime": "ratio_to_onnxruntime", "pytorch": "ratio_to_pytorch"}
TRAINING_IMAGES = 2_560  # one epoch, after which parameters and statistics are no longer the first ones
BATCH_SIZE = 256
BATCHES = 10  # per round
SINGLES = 100  # calls with one image, per round
ROUNDS, QUICK_ROUNDS = 15, 5
ROUNDS_PER_TRIAL_ROUND = 5  # a fifth of the rounds finds the fastest variant
HEADER = (
    f"{'':42}{'Inkling':>10}{'ONNX RT':>10}{'PyTorch':>10}{'× ONNX Runtime':>20}{'× PyTorch':>20}   fastest variants\n"
    f"{'':42}{'µs per image':>30}"
)
Variants = Mapping[str, Backend]


class Scenario(NamedTuple):
    """How images arrive: the measure of seconds per image, and the goals."""

    name: str
    measure: Callable[[Backend, np.ndarray], Measure]
    goals: dict[str, float]


@report_errors
def main() -> None:
    unpin_blas()
    asked = parse_arguments(__doc__, NAMES, "fewer rounds: one minute")
    host = machine("numpy", "torch", "onnx", "onnxruntime")
    training, test = mnist(TRAINING_IMAGES)
    print(HEADER)
    rows = []
    for name in asked.names or NAMES:
        model = _trained(name, training)
        libraries: dict[str, Variants] = {
            "inkling": {"": InklingBackend(model)},
            "onnxruntime": onnx_variants(model),
            "pytorch": pytorch_variants(model),
        }
        _check_same_probabilities(name, libraries, test.images[:BATCH_SIZE])
        for scenario in SCENARIOS:
            row = _row(scenario, libraries, test.images, QUICK_ROUNDS if asked.quick else ROUNDS)
            flops = {"flops_per_image": inference_flops(model.network)}
            rows.append({"work": f"{name}, {scenario.name}", **row, **flops})
            print(_line(rows[-1]), flush=True)
    if asked.json:
        write_results(asked.json, host, rows)


def _trained(name: str, training: Dataset) -> Model:
    with contextlib.closing(InklingTrainer(TrainingTask.unlimited(recipe(name), training, training))) as trainer:
        trainer.run()
        return Model(trainer.task.recipe.network, trainer.parameters)


def _check_same_probabilities(name: str, libraries: Mapping[str, Variants], images: np.ndarray) -> None:
    """SystemExit unless all backends give the same probabilities, for a batch and for its first image."""
    for part in (images, images[:1]):
        expected = libraries["inkling"][""](part)
        for library, variants in libraries.items():
            for variant, backend in variants.items():
                distance = np.abs(backend(backend.prepare(part)) - expected).max()
                if distance > 1e-4:
                    raise SystemExit(f"{name}: {library}, {variant}, differs from Inkling by {distance:.2g}")


def _batches(backend: Backend, images: np.ndarray) -> Measure:
    batches = [backend.prepare(images[i * BATCH_SIZE : (i + 1) * BATCH_SIZE]) for i in range(BATCHES)]

    def seconds_per_image() -> float:
        started = time.perf_counter()
        for batch in batches:
            backend(batch)
        return (time.perf_counter() - started) / (BATCHES * BATCH_SIZE)

    return seconds_per_image


def _singles(backend: Backend, images: np.ndarray) -> Measure:
    singles = [backend.prepare(images[i : i + 1]) for i in range(SINGLES)]

    def median_seconds() -> float:
        times = []
        for single in singles:
            started = time.perf_counter()
            backend(single)
            times.append(time.perf_counter() - started)
        return statistics.median(times)

    return median_seconds


SCENARIOS = (
    Scenario(f"batches of {BATCH_SIZE}", _batches, {"ratio_to_onnxruntime": 0.7}),
    Scenario("one image at a time", _singles, {"microseconds_per_image": 300}),
)


def _row(scenario: Scenario, libraries: Mapping[str, Variants], images: np.ndarray, rounds: int) -> dict[str, Any]:
    """Each library in its fastest variant; ratios are taken within each round."""
    trial_rounds = rounds // ROUNDS_PER_TRIAL_ROUND
    trials = {name: _tried(scenario, variants, images, trial_rounds) for name, variants in libraries.items()}
    fastest = {name: min(found, key=found.__getitem__) for name, found in trials.items()}
    measures = {name: scenario.measure(libraries[name][fastest[name]], images) for name in libraries}
    found = by_name(interleaved(measures, rounds))
    row: dict[str, Any] = {}
    for peer, key in PEERS.items():
        row |= ratios(key, found[peer], found["inkling"])
    return row | {
        "microseconds_per_image": {name: spread([1e6 * s for s in each]) for name, each in found.items()},
        "images_per_second": {name: spread([1 / s for s in each]) for name, each in found.items()},
        "goals": scenario.goals,
        "variants": {peer: fastest[peer] for peer in PEERS},
        "trials_microseconds": {peer: {v: rounded(1e6 * s) for v, s in trials[peer].items()} for peer in PEERS},
        "rounds": rounds,
    }


def _tried(scenario: Scenario, variants: Variants, images: np.ndarray, rounds: int) -> dict[str, float]:
    """Seconds per image of each variant in its best round of a short trial."""
    if len(variants) == 1:
        return dict.fromkeys(variants, 0.0)
    measures = {name: scenario.measure(backend, images) for name, backend in variants.items()}
    found = by_name(interleaved(measures, rounds))
    return {name: min(each) for name, each in found.items()}


def _line(row: Mapping[str, Any]) -> str:
    times = "".join(f"{each['median']:10.1f}" for each in row["microseconds_per_image"].values())
    cells = "".join(ratio_cell(row, key) for key in PEERS.values())
    return f"{row['work']:42}{times}{cells}   {'; '.join(row['variants'].values())}"


if __name__ == "__main__":
    main()
