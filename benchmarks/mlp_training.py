"""Training throughput of multi-layer perceptrons: Inkling, PyTorch and scikit-learn in turns, on the same work.

    python benchmarks/mlp_training.py [NAME ...] [--quick] [--json benchmarks/results/mlp_training.json]

Every side starts from the same weights and is first held to one step of Inkling's; README.md says how to read it.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from common import machine, rounded, spread, unpin_blas, write_results
from inkling.data import Dataset, load
from mlp_pytorch import PyTorch, Variant, try_variants
from mlp_sklearn import ScikitLearn, expressible, fastest_threads
from mlp_work import NAMES, Inkling, Side, Work

TRAINING_IMAGES = 20_480  # whole batches of 64 and 128: for a short last one torch.compile would compile again
QUICK_IMAGES = 5_120
TEST_IMAGES = 10_000  # of the training file too: the test file is for releases
ROUNDS, QUICK_ROUNDS = 7, 3
JUDGED_AFTER = 3  # rounds
REST = 0.3  # seconds in which the idle threads of the side before stop spinning
PEERS = {"pytorch": "ratio_to_pytorch", "scikit_learn": "ratio_to_sklearn"}
HEADER = (
    f"{'':16}{'Inkling':>11}{'PyTorch':>11}{'sklearn':>11}{'× PyTorch':>20}{'× sklearn':>20}   "
    "accuracy %         PyTorch's fastest variant\n"
    f"{'':16}{'images a second':>33}"
)


def main() -> None:
    unpin_blas()
    arguments = _arguments()
    facts = machine("numpy", "torch", "scikit-learn")
    training, test = _data(QUICK_IMAGES if arguments.quick else TRAINING_IMAGES)
    print(HEADER)
    rows = []
    for name in arguments.names or NAMES:
        work = Work.of(name, training, test)
        check_one_step(work)
        rows.append(measure(work, QUICK_ROUNDS if arguments.quick else ROUNDS, compiled=not arguments.quick))
        print(_line(rows[-1]), flush=True)
    means = {
        "geometric_mean_ratio_to_pytorch": _geometric_mean(rows, "ratio_to_pytorch"),
        "geometric_mean_ratio_to_sklearn": _geometric_mean(rows, "ratio_to_sklearn"),
    }
    lowest = min(row["ratio_to_pytorch"] for row in rows)
    print(*(f"{name.replace('_', ' ')} {mean}" for name, mean in means.items()), f"lowest {lowest}", sep="; ")
    if arguments.json:
        write_results(arguments.json, facts, rows, **means)


def check_one_step(work: Work) -> None:
    """SystemExit unless one step from the same weights gives every side the same loss and moves θ to the same place.

    Distances are relative to the length of the step. PyTorch is checked as eager, scikit-learn where it takes part.
    """
    step = work.single_step()
    with contextlib.closing(Inkling(step)) as ours:
        ours.run()
    length = np.linalg.norm(ours.parameters.flat - work.first_parameters().flat)
    others: list[Side] = [PyTorch(step, Variant(compiled=False, fused=True, threads=1))]
    others += [ScikitLearn(step, threads=1)] if expressible(step) and expressible(work) else []
    for other in others:
        other.run()
        distance = np.linalg.norm(other.parameters.flat - ours.parameters.flat) / length
        if abs(other.loss - ours.loss) > 1e-4 * ours.loss or distance > 1e-3:
            raise SystemExit(
                f"{work.recipe.name}: {type(other).__name__} does other work than Inkling: loss {other.loss:.6f} "
                f"against {ours.loss:.6f}, and its step ends {distance:.2g} step lengths away"
            )


def measure(work: Work, rounds: int, *, compiled: bool) -> dict[str, Any]:
    """One row of results: the sides in turns, ratios taken within each round, after a round to get warm."""
    variants, remark = try_variants(work, compiled=compiled)
    variant = max(variants, key=variants.__getitem__)
    peers: dict[str, Side] = {"pytorch": PyTorch(work, variant)}
    if expressible(work):
        peers["scikit_learn"] = ScikitLearn(work, fastest_threads(work))
    with contextlib.closing(Inkling(work)) as ours:
        seconds, accuracy = _in_turns({"inkling": ours, **peers}, rounds)
    row = {"work": work.recipe.name, **_ratios(seconds)}
    speeds = {name: [work.images / second for second in each] for name, each in seconds.items()}
    return row | {
        "images_per_second": {name: spread(each) for name, each in speeds.items()},
        "accuracy": accuracy,
        "epochs_before_accuracy": JUDGED_AFTER * work.epochs,
        "pytorch_variant": str(variant),
        "pytorch_trials": {str(tried): rounded(speed) for tried, speed in variants.items()},
        "remark": remark,
        "training_images": len(work.training),
        "batch_size": work.batch_size,
        "rounds": rounds,
    }


def _in_turns(sides: Mapping[str, Side], rounds: int) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Seconds of each side in each round but the first, and its test accuracy after JUDGED_AFTER rounds."""
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    accuracy: dict[str, float] = {}
    for done in range(1, rounds + 2):
        for name, side in sides.items():
            time.sleep(REST)
            seconds[name].append(side.run())
            if done == JUDGED_AFTER:
                accuracy[name] = side.work.accuracy(side.parameters)
    return {name: each[1:] for name, each in seconds.items()}, accuracy


def _ratios(seconds: Mapping[str, list[float]]) -> dict[str, Any]:
    """How many times as fast Inkling was as each peer, round by round; None where the peer did not take part."""
    record: dict[str, Any] = {}
    for peer, key in PEERS.items():
        pairs = zip(seconds["inkling"], seconds.get(peer, ()), strict=False)
        ratios = spread([theirs / ours for ours, theirs in pairs]) if peer in seconds else {}
        record |= {
            f"{key}{suffix}": ratios.get(name) for suffix, name in (("", "median"), ("_min", "min"), ("_max", "max"))
        }
    return record


def _geometric_mean(rows: list[dict[str, Any]], key: str) -> float | None:
    ratios = [row[key] for row in rows if row[key] is not None]
    return rounded(statistics.geometric_mean(ratios)) if ratios else None


def _line(row: Mapping[str, Any]) -> str:
    """A row of the table: median speeds, median ratios with their ranges, accuracies in the order of the sides."""
    speeds = [row["images_per_second"].get(side) for side in ("inkling", *PEERS)]
    cells = [f"{speed['median']:>11,.0f}" if speed else f"{'-':>11}" for speed in speeds]
    for key in PEERS.values():
        if row[key] is None:
            cells.append(f"{'-':>20}")
        else:
            cells.append(f"{row[key]:6.2f} ({row[f'{key}_min']:.2f} to {row[f'{key}_max']:.2f})".rjust(20))
    accuracies = " ".join(f"{100 * share:.2f}" for share in row["accuracy"].values())
    remarks = "; ".join(filter(None, (row["pytorch_variant"], row["remark"])))
    return f"{row['work']:16}{''.join(cells)}   {accuracies:17}  {remarks}"


def _data(images: int) -> tuple[Dataset, Dataset]:
    source = load("mnist")
    assert source.train is not None
    return source.train[:images], source.train[-TEST_IMAGES:]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", type=_name, help=f"of {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="fewer images and rounds, no torch.compile: one minute")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results")
    return parser.parse_args()


def _name(text: str) -> str:
    if text not in NAMES:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(NAMES)}")
    return text


if __name__ == "__main__":
    main()
