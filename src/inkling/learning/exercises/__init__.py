"""The exercises by their numbers, which are those of the pages."""

from __future__ import annotations

from collections.abc import Mapping

from inkling.errors import UsageError
from inkling.learning.exercises import linear
from inkling.learning.exercises.exercise import Exercise

EXERCISES: Mapping[int, Exercise] = {3: linear.EXERCISE}


def find_exercise(number: int) -> Exercise:
    """The exercise with this number; UsageError where there is none."""
    if number not in EXERCISES:
        raise UsageError(
            f"there are the exercises {min(EXERCISES)} to {max(EXERCISES)}, and no exercise {number}: "
            "`inkling learn` lists them"
        )
    return EXERCISES[number]
