"""Grading: an answer is put to the tests of an exercise, up to the first that it does not pass."""

from __future__ import annotations

from collections.abc import Iterator

from inkling.errors import reason
from inkling.learning.answer import Answer
from inkling.learning.exercises.exercise import Exercise
from inkling.learning.failure import Failure


def grade(exercise: Exercise, answer: Answer) -> Iterator[Failure | None]:
    """For each test in turn None where it is passed, else the failure, with which the grading ends."""
    for test in exercise.tests:
        failure = None
        try:
            test.check(answer)
        except Failure as error:
            failure = error
        except Exception as error:
            failure = Failure(f"what came cannot be tested: {reason(error)}")
        yield failure
        if failure is not None:
            return
