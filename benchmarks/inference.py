"""Reading digits with convolutional networks: Inkling, ONNX Runtime and PyTorch in turns, in batches and one by one.

    python benchmarks/inference.py [NAME ...] [--quick] [--json benchmarks/results/inference.json]

All sides have the same parameters, and are first held to Inkling's answers; README.md says how to read it.
"""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

import work
from cnn_networks import recipe
from common import arguments, face, machine, rounded, spread, unpin_blas, write_results
from flops import inference_flops
from inference_sides import Inkling, Reader, onnx_variants, pytorch_variants
from inkling.data import Dataset
from inkling.model import Model
from turns import Measure, by_side, ratio_cell, ratios, turns

NAMES = ("16c5s2-32c3-p-64c3", "32c3-32c3-p-64c3-64c3-p")
PEERS = {"onnxruntime": "ratio_to_onnxruntime", "pytorch": "ratio_to_pytorch"}
TRAINING_IMAGES = 2_560  # an epoch, after which parameters and statistics are no longer the first ones
BATCH, BATCHES, SINGLES = 256, 10, 100  # images a batch; batches a round, and calls with one image
ROUNDS, QUICK_ROUNDS = 15, 5  # and a fifth of them to try variants
HEADER = (
    f"{'':42}{'Inkling':>10}{'ONNX RT':>10}{'PyTorch':>10}{'× ONNX Runtime':>20}{'× PyTorch':>20}   fastest variants\n"
    f"{'':42}{'µs an image':>30}"
)
Variants = Mapping[str, Reader]


class Manner(NamedTuple):
    """A way to ask: how a reader's seconds an image are measured, and what we want to reach."""

    name: str
    measure: Callable[[Reader, np.ndarray], Measure]
    goals: dict[str, float]


@face
def main() -> None:
    unpin_blas()
    asked = arguments(__doc__, NAMES, "fewer rounds: one minute")
    facts = machine("numpy", "torch", "onnx", "onnxruntime")
    training, test = work.mnist(TRAINING_IMAGES)
    print(HEADER)
    rows = []
    for name in asked.names or NAMES:
        model = _trained(name, training)
        sides: dict[str, Variants] = {
            "inkling": {"": Inkling(model)},
            "onnxruntime": onnx_variants(model),
            "pytorch": pytorch_variants(model),
        }
        _check_answers(name, sides, test.images[:BATCH])
        for manner in MANNERS:
            row = _row(manner, sides, test.images, QUICK_ROUNDS if asked.quick else ROUNDS)
            flops = {"flops_per_image": inference_flops(model.network)}
            rows.append({"work": f"{name}, {manner.name}", **row, **flops})
            print(_line(rows[-1]), flush=True)
    if asked.json:
        write_results(asked.json, facts, rows)


def _trained(name: str, training: Dataset) -> Model:
    with contextlib.closing(work.Inkling(work.Work.endless(recipe(name), training, training))) as side:
        side.run()
        return Model(side.work.recipe.network, side.parameters)


def _check_answers(name: str, sides: Mapping[str, Variants], images: np.ndarray) -> None:
    """SystemExit unless all readers give the same probabilities, for a batch and for its first image alone."""
    for part in (images, images[:1]):
        expected = sides["inkling"][""](part)
        for side, variants in sides.items():
            for variant, reader in variants.items():
                distance = np.abs(reader(reader.ready(part)) - expected).max()
                if distance > 1e-4:
                    raise SystemExit(f"{name}: {side}, {variant}, answers otherwise than Inkling by {distance:.2g}")


def _batches(reader: Reader, images: np.ndarray) -> Measure:
    batches = [reader.ready(images[i * BATCH : (i + 1) * BATCH]) for i in range(BATCHES)]

    def seconds_an_image() -> float:
        started = time.perf_counter()
        for batch in batches:
            reader(batch)
        return (time.perf_counter() - started) / (BATCHES * BATCH)

    return seconds_an_image


def _singles(reader: Reader, images: np.ndarray) -> Measure:
    singles = [reader.ready(images[i : i + 1]) for i in range(SINGLES)]

    def median_seconds() -> float:
        times = []
        for single in singles:
            started = time.perf_counter()
            reader(single)
            times.append(time.perf_counter() - started)
        return statistics.median(times)

    return median_seconds


MANNERS = (
    Manner(f"batches of {BATCH}", _batches, {"ratio_to_onnxruntime": 0.7}),
    Manner("one image at a time", _singles, {"microseconds_an_image": 300}),
)


def _row(manner: Manner, sides: Mapping[str, Variants], images: np.ndarray, rounds: int) -> dict[str, Any]:
    """Each side in its fastest variant, in turns; ratios are taken within each round."""
    trials = {side: _tried(manner, variants, images, rounds // 5) for side, variants in sides.items()}
    fastest = {side: min(found, key=found.__getitem__) for side, found in trials.items()}
    found = by_side(turns({s: manner.measure(sides[s][fastest[s]], images) for s in sides}, rounds))
    row: dict[str, Any] = {}
    for peer, key in PEERS.items():
        row |= ratios(key, found[peer], found["inkling"])
    return row | {
        "microseconds_an_image": {side: spread([1e6 * s for s in each]) for side, each in found.items()},
        "images_per_second": {side: spread([1 / s for s in each]) for side, each in found.items()},
        "goals": manner.goals,
        "variants": {peer: fastest[peer] for peer in PEERS},
        "trials_microseconds": {peer: {v: rounded(1e6 * s) for v, s in trials[peer].items()} for peer in PEERS},
        "rounds": rounds,
    }


def _tried(manner: Manner, variants: Variants, images: np.ndarray, rounds: int) -> dict[str, float]:
    """Seconds an image of each variant in its best round of a short trial."""
    if len(variants) == 1:
        return dict.fromkeys(variants, 0.0)
    found = by_side(turns({name: manner.measure(reader, images) for name, reader in variants.items()}, rounds))
    return {name: min(each) for name, each in found.items()}


def _line(row: Mapping[str, Any]) -> str:
    times = "".join(f"{each['median']:10.1f}" for each in row["microseconds_an_image"].values())
    cells = "".join(ratio_cell(row, key) for key in PEERS.values())
    return f"{row['work']:42}{times}{cells}   {'; '.join(row['variants'].values())}"


if __name__ == "__main__":
    main()
