"""An answer: the functions that a learner wrote, called in a way that notices what is wrong with them."""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Mapping
from typing import Any

import numpy as np

from inkling.errors import reason
from inkling.learning.failure import Failure


class Answer:
    """The names that a learner's file defines. `answer("relu", x=x)` calls `relu(x)` with a copy of x."""

    def __init__(self, names: Mapping[str, Any], file: str) -> None:
        self._names, self._file = names, file

    def __call__(self, name: str, /, **arguments: Any) -> Any:
        """What a function returns; Failure where it is missing, raises an error or changes its arguments."""
        function = self._names.get(name)
        if not callable(function):
            raise Failure(
                f"the file has no function {name}: keep the names that `inkling learn start` has written into it"
            )
        given = {key: np.copy(value) if isinstance(value, np.ndarray) else value for key, value in arguments.items()}
        try:
            result = function(*given.values())
        except BaseException as error:
            raise raised(error, name, self._file) from None
        for key, value in arguments.items():
            if isinstance(value, np.ndarray) and not np.array_equal(given[key], value):
                raise Failure(
                    f"{name} changes its argument {key}, which the caller still needs",
                    hint=f"{key} -= 1 changes the caller's array; {key} = {key} - 1 makes a new one.",
                )
        return result


def raised(error: BaseException, what: str, file: str) -> Failure:
    """The failure of code that raised an error, with the last line of the learner's file that led to it."""
    if isinstance(error, NotImplementedError):
        return Failure(f"{what} is not written yet")
    if isinstance(error, SystemExit):
        return Failure(f"{what} ends the program; it should return its result")
    if isinstance(error, SyntaxError) and error.filename == file:
        return Failure(f"line {error.lineno} is no Python: {reason(error)}", _code(error.text))
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    place = f" in line {frames[-1].lineno}" if frames else ""
    line = linecache.getline(file, frames[-1].lineno or 0) if frames else ""
    return Failure(f"{what} raised {type(error).__name__}{place}: {reason(error)}", _code(line))


def _code(line: str | None) -> list[str]:
    return [line.strip()] if line and line.strip() else []
