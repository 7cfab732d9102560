"""A contest: Inkling and its peers first shown to do the same work, then timed at it in turns and judged."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from common import spread
from turns import by_side, ratios, turns
from work import Inkling, Side, Work

JUDGED_AFTER = 3  # rounds
PEERS = {"pytorch": "ratio_to_pytorch", "scikit_learn": "ratio_to_sklearn"}


def check_one_step(work: Work, others: Callable[[Work], Sequence[Side]]) -> None:
    """SystemExit unless one step from the same weights gives every side the same loss and moves θ to the same place.

    Distances are relative to the length of the step. The statistics of batch normalisation must agree as well.
    """
    step = work.single_step()
    with contextlib.closing(Inkling(step)) as ours:
        ours.run()
    expected = ours.parameters
    length = np.linalg.norm(expected.flat - work.first_parameters().flat)
    for other in others(step):
        other.run()
        found = other.parameters
        distance = np.linalg.norm(found.flat - expected.flat) / length
        statistics = np.abs(found.statistics - expected.statistics).max(initial=0)
        if (
            abs(other.loss - ours.loss) > 1e-4 * ours.loss
            or distance > other.tolerance
            or statistics > other.tolerance / 10
        ):
            raise SystemExit(
                f"{work.recipe.name}: {type(other).__name__} does other work than Inkling: loss {other.loss:.6f} "
                f"against {ours.loss:.6f}, a step ends {distance:.2g} step lengths away, statistics {statistics:.2g}"
            )


def measure(work: Work, peers: Mapping[str, Side | None], rounds: int) -> dict[str, Any]:
    """One row of results: the sides in turns, ratios taken within each round, after a round to get warm.

    A peer that is None cannot do the work.
    """
    told, accuracy = [], {}
    with contextlib.closing(Inkling(work)) as ours:
        sides: dict[str, Side] = {"inkling": ours} | {name: side for name, side in peers.items() if side}
        for seconds in turns({name: side.run for name, side in sides.items()}, rounds):
            told.append(seconds)
            if len(told) == JUDGED_AFTER:
                accuracy = {name: work.accuracy(side.parameters) for name, side in sides.items()}
    found = by_side(told)
    row: dict[str, Any] = {"work": work.recipe.name}
    for peer in peers:
        row |= ratios(PEERS[peer], found.get(peer), found["inkling"])
    return row | {
        "images_per_second": {name: spread([work.images / s for s in each]) for name, each in found.items()},
        "accuracy": accuracy,
        "epochs_before_accuracy": JUDGED_AFTER * work.epochs,
        "training_images": len(work.training),
        "batch_size": work.batch_size,
        "rounds": rounds,
    }


def accuracy_cell(row: Mapping[str, Any]) -> str:
    """Accuracies in percent, in the order of the sides."""
    return " ".join(f"{100 * share:.2f}" for share in row["accuracy"].values())
