"""What each parameter of the constructor may be; `random_state` alone is checked where it is used, by scikit-learn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np

from inkling.errors import UsageError, shortened
from inkling.nn import Layer
from inkling.notation import is_whole_number
from inkling.optim import SGD, Adam, AdamW, Optimizer, Schedule
from inkling.sklearn.architecture import ACTIVATIONS

SOLVERS: Mapping[str, Optimizer] = {"adam": Adam(), "adamw": AdamW(), "sgd": SGD(momentum=0.9, nesterov=True)}
_OF_PERCEPTRONS: Mapping[str, Any] = {"hidden_layer_sizes": (100,), "activation": "relu", "dropout": 0.0}


def check_parameters(parameters: Mapping[str, Any]) -> None:
    """UsageError for the first parameter that cannot work: "max_iter must be a whole number of at least 1, not 0"."""
    for name, (is_legal, expected) in LEGAL.items():
        if not is_legal(parameters[name]):
            raise UsageError(f"{name} must be {expected}, not {shortened(repr(parameters[name]))}")
    if parameters["network"] is not None:
        for name, default in _OF_PERCEPTRONS.items():
            if not np.array_equal(np.atleast_1d(parameters[name]), np.atleast_1d(default)):
                raise UsageError(
                    f"{name}={shortened(repr(parameters[name]))} makes a perceptron, and `network` takes its place: "
                    "leave one of the two out"
                )


def _count(value: Any, least: int = 1) -> bool:
    return is_whole_number(value) and int(value) >= least


def _named_or_call(value: Any, names: Collection[str]) -> bool:
    """Whether this is one of the names, or notation of a call, which is read later."""
    return isinstance(value, str) and (value in names or "(" in value)


def _number(value: Any, low: float, high: float = float("inf")) -> bool:
    """Whether it is a number from `low` to below `high`."""
    return isinstance(value, int | float | np.number) and not isinstance(value, bool) and low <= float(value) < high


def _bool(value: Any) -> bool:
    return isinstance(value, bool | np.bool_)


def _items(value: Any, kind: Callable[[Any], bool]) -> bool:
    return isinstance(value, Sequence | np.ndarray) and not isinstance(value, str) and all(map(kind, value))


def _is_infinite(value: Any) -> bool:
    return isinstance(value, float | np.floating) and float(value) == float("inf")


def _weights(value: Any) -> bool:
    return isinstance(value, Mapping) and all(_number(weight, 0) for weight in value.values())


def _shape(value: Any) -> bool:
    sides = _items(value, lambda side: _count(side) or side == -1) and len(value) in (2, 3)
    return sides and list(value).count(-1) <= 1


LEGAL: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "hidden_layer_sizes": (lambda v: _count(v) or _items(v, _count), "whole numbers above 0, such as (128, 64)"),
    "activation": (lambda v: isinstance(v, str) and v in ACTIVATIONS, f"one of {', '.join(ACTIVATIONS)}"),
    "dropout": (lambda v: _number(v, 0, 1), "a number from 0 to below 1"),
    "network": (
        lambda v: v is None or isinstance(v, str) or _items(v, lambda each: isinstance(each, Layer | str)),
        "None, the name of a recipe, or layers such as ['Conv2d(16, 3)', 'ReLU()']",
    ),
    "image_shape": (lambda v: v is None or _shape(v), "None or rows, columns and perhaps channels, such as (28, 28)"),
    "solver": (
        lambda v: v is None or isinstance(v, Optimizer) or _named_or_call(v, SOLVERS),
        f"None, one of {', '.join(SOLVERS)}, or an optimizer such as 'SGD(momentum=0.9)'",
    ),
    "learning_rate": (
        lambda v: v is None or isinstance(v, Schedule) or _named_or_call(v, ("constant",)),
        "None, 'constant' or a schedule such as 'CosineAnnealingLR(0.001)'",
    ),
    "learning_rate_init": (lambda v: v is None or (_number(v, 0) and v > 0), "None or a number above 0"),
    "alpha": (lambda v: v is None or _number(v, 0), "None or a number of at least 0"),
    "batch_size": (lambda v: v in ("auto", "full") or _count(v), "'auto', 'full' or a whole number above 0"),
    "max_iter": (lambda v: v is None or _count(v), "None or a whole number of at least 1"),
    "tol": (lambda v: v is None or _number(v, 0), "None or a number of at least 0"),
    "n_iter_no_change": (lambda v: _count(v) or _is_infinite(v), "a whole number of at least 1, or numpy.inf"),
    "early_stopping": (_bool, "True or False"),
    "validation_fraction": (lambda v: _number(v, 0, 1) and v > 0, "a number above 0 and below 1"),
    "class_weight": (
        lambda v: v is None or (isinstance(v, str) and v == "balanced") or _weights(v),
        "None, 'balanced' or a finite weight of at least 0 per class, such as {0: 1.0, 1: 2.5}",
    ),
    "warm_start": (_bool, "True or False"),
    "n_jobs": (lambda v: v is None or _count(v) or (_count(v, -(2**31)) and v < 0), "None or a whole number except 0"),
    "verbose": (lambda v: _bool(v) or _count(v, 0), "True or False"),
}
