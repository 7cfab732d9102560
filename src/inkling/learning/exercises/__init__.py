"""The exercises by their numbers, which are those of the pages."""

from __future__ import annotations

from collections.abc import Mapping

from inkling.errors import UsageError
from inkling.learning.exercises import (
    activations,
    batch_normalization,
    convolution,
    evaluation,
    gradient,
    linear,
    loss,
    optimizers,
    pixels,
    pooling,
)
from inkling.learning.exercises.exercise import Exercise

_COURSE = (
    pixels,
    gradient,
    linear,
    activations,
    loss,
    optimizers,
    convolution,
    pooling,
    batch_normalization,
    evaluation,
)
EXERCISES: Mapping[int, Exercise] = {number: module.EXERCISE for number, module in enumerate(_COURSE, 1)}


def find_exercise(number: int) -> Exercise:
    """The exercise with this number; UsageError where there is none."""
    if number not in EXERCISES:
        raise UsageError(f"there is no exercise {number}; `inkling learn` lists those from 1 to {len(EXERCISES)}")
    return EXERCISES[number]
