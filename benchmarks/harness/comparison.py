"""Comparing trainers: first a proof that all perform the same step, then their speed in interleaved rounds."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.harness.results import spread
from benchmarks.harness.rounds import by_name, interleaved, ratios
from benchmarks.harness.task import TrainingTask
from benchmarks.harness.trainer import InklingTrainer, Trainer

ROUNDS_BEFORE_ACCURACY = 3
PEERS = {"pytorch": "ratio_to_pytorch", "scikit_learn": "ratio_to_sklearn"}


def check_same_step(task: TrainingTask, peers: Callable[[TrainingTask], Sequence[Trainer]]) -> None:
    """SystemExit unless one step from the same weights gives every peer Inkling's loss and moves θ to the same place.

    Distances are relative to the length of the step. The statistics of batch normalisation must agree as well.
    """
    step = task.single_step()
    with contextlib.closing(InklingTrainer(step)) as ours:
        ours.run()
    expected = ours.parameters
    length = np.linalg.norm(expected.flat - task.first_parameters().flat)
    for peer in peers(step):
        peer.run()
        found = peer.parameters
        distance = np.linalg.norm(found.flat - expected.flat) / length
        statistics = np.abs(found.statistics - expected.statistics).max(initial=0)
        if (
            abs(peer.loss - ours.loss) > 1e-4 * ours.loss
            or distance > peer.tolerance
            or statistics > peer.tolerance / 10
        ):
            raise SystemExit(
                f"{task.recipe.name}: {type(peer).__name__} makes another step than Inkling: loss {peer.loss:.6f} "
                f"against {ours.loss:.6f}, a step ends {distance:.2g} step lengths away, statistics {statistics:.2g}"
            )


def compare_throughput(task: TrainingTask, peers: Mapping[str, Trainer | None], rounds: int) -> dict[str, Any]:
    """One row of results: images per second of Inkling and its peers, with ratios taken within each round.

    A peer that is None cannot perform the task.
    """
    measured, accuracy = [], {}
    with contextlib.closing(InklingTrainer(task)) as ours:
        trainers: dict[str, Trainer] = {"inkling": ours} | {name: peer for name, peer in peers.items() if peer}
        for seconds in interleaved({name: trainer.run for name, trainer in trainers.items()}, rounds):
            measured.append(seconds)
            if len(measured) == ROUNDS_BEFORE_ACCURACY:
                accuracy = {name: task.accuracy(trainer.parameters) for name, trainer in trainers.items()}
    found = by_name(measured)
    row: dict[str, Any] = {"work": task.recipe.name}
    for peer in peers:
        row |= ratios(PEERS[peer], found.get(peer), found["inkling"])
    return row | {
        "images_per_second": {name: spread([task.images / s for s in each]) for name, each in found.items()},
        "accuracy": accuracy,
        "epochs_before_accuracy": ROUNDS_BEFORE_ACCURACY * task.epochs,
        "training_images": len(task.training),
        "batch_size": task.batch_size,
        "rounds": rounds,
    }


def accuracy_cell(row: Mapping[str, Any]) -> str:
    """Accuracies in percent, in the order of the trainers."""
    return " ".join(f"{100 * share:.2f}" for share in row["accuracy"].values())
