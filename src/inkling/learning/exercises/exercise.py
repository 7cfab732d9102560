"""An exercise: what is asked, in the solution's own file, and the tests that grade an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from inkling.learning.answer import Answer


class Test(NamedTuple):
    """One thing that an answer has to get right.

    Attributes
    ----------
    name : what holds if the test is passed.
    check : raises `Failure` where it does not hold.
    """

    name: str
    check: Callable[[Answer], None]


class Exercise(NamedTuple):
    """What `inkling learn` calls by a number, which is that of its page.

    Attributes
    ----------
    title : what is asked, in a few words.
    page : of docs/learn.
    solution : the module of `inkling.learning.solutions` that solves it. Its docstring states the exercise.
    tests : in the order in which they are run; the first that fails ends the grading.
    """

    title: str
    page: str
    solution: str
    tests: tuple[Test, ...]
