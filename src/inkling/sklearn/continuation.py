"""Continuation: what may not change between two calls of an estimator that goes on from what it has learnt."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.multiclass import unique_labels

from inkling.errors import UsageError, some
from inkling.optim import Optimizer, Schedule
from inkling.sklearn.settings import Plan, network_for


def seed_for(seed: int, epochs: int) -> int:
    """The seed of a training that begins after so many epochs: another one after each, so that nothing is drawn twice.

    A seed and 0 epochs give that seed.
    """
    return seed if epochs == 0 else int(np.random.SeedSequence((seed, epochs)).generate_state(1)[0])


def first_classes(classes: Any) -> np.ndarray:
    """The classes of all calls, sorted, as the first `partial_fit` names them."""
    if classes is None:
        raise UsageError("classes must be passed on the first call to partial_fit.")  # scikit-learn's own sentence
    found: np.ndarray = unique_labels(classes)
    return found


def require_same(estimator: Any, plan: Plan, classes: Any) -> None:
    """UsageError where the classes, or the network that the parameters make, are not those of the calls before.

    Parameters
    ----------
    classes : of this call; None where it names none.
    """
    known = estimator.classes_
    if classes is not None and not np.array_equal(known, found := unique_labels(classes)):
        raise UsageError(
            f"training goes on with the same classes only: they were {some(list(map(str, known)))} and are now "
            f"{some(list(map(str, found)))}; fit a clone, or with warm_start=False, to start afresh"
        )
    network = network_for(estimator, plan, estimator.n_features_in_, len(known))
    if network != estimator.network_:
        raise UsageError(
            f"training goes on with the same network only: it was {estimator.network_!r} and the parameters now make "
            f"{network!r}; fit a clone, or with warm_start=False, to start afresh"
        )


def require_same_rule(before: Optimizer, now: Optimizer) -> None:
    """UsageError where another rule would go on from the memory of the one before; its numbers may change."""
    if type(now) is not type(before):
        raise UsageError(
            f"partial_fit goes on with the memory of its solver, which was {before!r} and is now {now!r}: keep the "
            "solver, or fit a clone"
        )


def require_time_left(schedule: Schedule, epoch: int, max_iter: int) -> None:
    """UsageError where this many epochs have passed, and the schedule brought the learning rate down by `max_iter`."""
    last = max_iter - 0.5
    if epoch >= max_iter and schedule(last, max_iter) != schedule(last, 2 * max_iter):
        raise UsageError(
            f"{schedule!r} has come to its end after max_iter={max_iter} epochs: go on with "
            "set_params(learning_rate='constant'), or set a larger max_iter at the start"
        )
