"""Iteration: a generator that was never iterated over has done nothing, and warns of it when it is dropped."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Generator, Iterator
from typing import Any, ParamSpec, TypeVar

from inkling.errors import InklingWarning

P = ParamSpec("P")
T = TypeVar("T")


def must_be_iterated(advice: str) -> Callable[[Callable[P, Iterator[T]]], Callable[P, Iterator[T]]]:
    """A decorator for a generator function. Python runs none of its body before the first report is asked for.

    An iterator that is dropped before that warns with "FUNCTION() has done nothing: " and the advice.
    """

    def decorate(function: Callable[P, Iterator[T]]) -> Callable[P, Iterator[T]]:
        @functools.wraps(function)
        def start(*args: P.args, **options: P.kwargs) -> Iterator[T]:
            return _Watched(function(*args, **options), f"{function.__name__}() has done nothing: {advice}")

        return start

    return decorate


class _Watched(Generator[T, None, None]):
    """A generator, and the warning for the case that it is dropped unused."""

    def __init__(self, generator: Any, warning: str) -> None:
        self._generator, self._warning = generator, warning
        self._is_used = False

    def send(self, value: None) -> T:
        self._is_used = True
        return self._generator.send(value)

    def throw(self, *error: Any) -> T:
        self._is_used = True
        return self._generator.throw(*error)

    def __del__(self) -> None:
        if not self._is_used:
            warnings.warn(self._warning, InklingWarning, stacklevel=2)
