"""What the parameters of an estimator may be, and the recipe that they make."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from inkling.data import Split
from inkling.errors import UsageError
from inkling.nn import Dropout, Layer, Network
from inkling.nn.chain import walk
from inkling.notation import read
from inkling.optim import OPTIMIZERS, SCHEDULES, Adam, ConstantLR, Optimizer, Schedule
from inkling.recipes import Recipe, load_recipe
from inkling.sklearn.architecture import complete_network, input_shape_for, layers_of, perceptron
from inkling.sklearn.parameters import SOLVERS, check_parameters

MAX_ITER, BATCH_SIZE, LEARNING_RATE, ALPHA, TOL = 200, 200, 1e-3, 1e-4, 1e-4  # MLPClassifier's defaults
SHARD_OPERATIONS = 4_000_000  # multiplications of a forward pass per shard; less work is not worth another process
MOST_SHARDS = 8


class Plan(NamedTuple):
    """What the parameters say before the data are seen.

    Attributes
    ----------
    layers : of the network; the last one is fitted to the classes.
    recipe : the recipe that `network` names, which decides all that the parameters leave open; or None.
    """

    layers: list[Layer]
    recipe: Recipe | None
    max_iter: int
    tol: float | None


def plan_of(estimator: Any) -> Plan:
    """The plan of an estimator; UsageError where a parameter cannot work."""
    check_parameters(estimator.get_params(deep=False))
    recipe = load_recipe(estimator.network) if isinstance(estimator.network, str) else None
    if recipe is not None:
        layers = list(recipe.network.layers)
    elif estimator.network is not None:
        layers = layers_of(estimator.network)
    else:
        layers = perceptron(_widths(estimator.hidden_layer_sizes), estimator.activation, estimator.dropout)
    max_iter = estimator.max_iter or (MAX_ITER if recipe is None else recipe.epochs)
    tol = TOL if estimator.tol is None and (recipe is None or estimator.early_stopping) else estimator.tol
    return Plan(layers, recipe, int(max_iter), tol)


def network_for(estimator: Any, plan: Plan, n_features: int, n_classes: int) -> Network:
    """The network for rows of so many features; UsageError where the parameters do not fit them."""
    image_shape = estimator.image_shape
    if image_shape is None and plan.recipe is not None:
        image_shape = plan.recipe.network.input_shape
    return complete_network(plan.layers, input_shape_for(image_shape, n_features), n_classes)


def recipe_for(estimator: Any, plan: Plan, network: Network, rows: int, mean_weight: float, seed: int) -> Recipe:
    """The recipe of a training on so many rows.

    `mean_weight` is that of the rows before they were scaled to a mean of 1: α ‖W‖² / 2 is divided by the sum of the
    weights of a batch, as MLPClassifier does it, so that a row of weight 2 is the same as two rows.
    """
    base = plan.recipe or Recipe(network, Adam(), ConstantLR(LEARNING_RATE), name="NetworkClassifier")
    batch = batch_size(estimator, plan, rows)
    schedule = base.schedule if estimator.learning_rate is None else _schedule(estimator.learning_rate)
    if estimator.learning_rate_init is not None:
        schedule = dataclasses.replace(schedule, lr=float(estimator.learning_rate_init))
    return dataclasses.replace(
        base,
        network=network,
        optimizer=_optimizer(estimator, plan, base.optimizer, batch * mean_weight),
        schedule=schedule,
        batch_size=batch,
        epochs=plan.max_iter,
        split=Split(validation=0.1),  # what is held out is decided by the estimator; a recipe only asks whether
        stopping=None,
        non_digits=0.0,
        drawn_digits=None,
        keep="best" if estimator.early_stopping else "last",
        temperature=1.0 if base.temperature == "fit" else base.temperature,
        shards=base.shards if plan.recipe else shards_for(network, batch),
        seed=seed,
        claims=(),
    )


def _optimizer(estimator: Any, plan: Plan, default: Optimizer, divisor: float) -> Optimizer:
    """The optimizer with its penalty: alpha divided by the weights of a batch, or the weight decay that it carries.

    UsageError where alpha and the solver both ask for a penalty.
    """
    solver, alpha = estimator.solver, estimator.alpha
    optimizer: Optimizer = default if solver is None else _notated(solver, SOLVERS, OPTIMIZERS)
    if solver is not None and optimizer.weight_decay and alpha is not None:
        raise UsageError(
            f"alpha={alpha:g} and the weight decay of the solver, {optimizer!r}, are two penalties: leave alpha out or "
            "give a solver without weight_decay"
        )
    is_named = isinstance(solver, str) and solver in SOLVERS
    if alpha is None and plan.recipe is None and (solver is None or is_named) and not optimizer.weight_decay:
        alpha = ALPHA
    if alpha is None:
        return optimizer
    return dataclasses.replace(optimizer, weight_decay=float(alpha) / divisor)


def batch_size(estimator: Any, plan: Plan, rows: int) -> int:
    """Rows per step."""
    size = estimator.batch_size
    if size == "auto":
        size = BATCH_SIZE if plan.recipe is None else plan.recipe.batch_size
    return rows if size == "full" else min(int(size), rows)


def step_takes_all_rows(estimator: Any, plan: Plan, network: Network, rows: int) -> bool:
    """Whether a step takes all rows, and each by itself: nothing is drawn for it, and it is no part of statistics."""
    draws = any(isinstance(visit.layer, Dropout) for visit in walk(network.layers, network.input_shape))
    augmented = plan.recipe is not None and plan.recipe.augment
    return batch_size(estimator, plan, rows) == rows and not (draws or augmented or network.layout.statistics)


def shards_for(network: Network, batch: int) -> int:
    """Parts of a batch, by the work alone: their number changes the bits, and `n_jobs` must not."""
    return max(1, min(MOST_SHARDS, batch * network.size.operations // SHARD_OPERATIONS))


def _schedule(learning_rate: str | Schedule) -> Schedule:
    named: dict[str, Schedule] = {"constant": ConstantLR(LEARNING_RATE)}
    return _notated(learning_rate, named, SCHEDULES)


def _notated(value: Any, named: Mapping[str, Any], words: Mapping[str, type]) -> Any:
    """An object as it is, by its short name, or by its notation."""
    if not isinstance(value, str):
        return value
    return named[value] if value in named else read(value, words, words)


def _widths(sizes: Any) -> list[int]:
    return [int(size) for size in np.atleast_1d(sizes)]
