"""Comparison of what an answer computed with what was expected, and what the difference may come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from inkling.learning.failure import Failure

TOLERANCE = 1e-6  # The relative error that passes: float64 leaves some 1e-15, another order of float32 sums 1e-6.
FLOAT32_TOLERANCE = 1e-4
_MOST_SHOWN = 30  # Larger arrays are told by the first place where they differ.
_SHOWN_DIGITS = 5


def expect_parts(
    names: Sequence[str], came: Any, expected: Sequence[np.ndarray], given: Mapping[str, Any] | None = None, **how: Any
) -> None:
    """Compare the arrays that a function returns together, one by one."""
    if not isinstance(came, tuple | list) or len(came) != len(names):
        number = f"{len(came)} results" if isinstance(came, tuple | list) else _kind(came)
        raise Failure(f"{len(names)} results were expected, {', '.join(names)}, and {number} came")
    for name, one, other in zip(names, came, expected, strict=True):
        expect(name, one, other, given, **how)


def expect(
    name: str,
    came: Any,
    expected: Any,
    given: Mapping[str, Any] | None = None,
    *,
    rows: int = 0,
    mistakes: Mapping[str, Any] | None = None,
    tolerance: float = TOLERANCE,
) -> None:
    """Failure unless an array or a number is what was expected.

    Parameters
    ----------
    name : of what came, such as "dW".
    given : the arguments by name, for the message; where they are left out, they are not shown.
    rows : N, where a missing or doubled mean over the N rows is a likely mistake.
    mistakes : what a typical mistake makes of the arguments, by the sentence that names the mistake.
    tolerance : the error that passes, relative to the largest number that is expected.
    """
    wanted = np.asarray(expected)
    got = require_numbers(name, came)
    close = _Close(wanted, tolerance)
    if close(got):
        return
    details = _numbers(name, got, wanted, close)
    for key, value in (given or {}).items():
        details += _lines(f"for {key} =", value)
    hint = next((each for each, value in (mistakes or {}).items() if close(got, np.asarray(value))), "")
    sentence = f"{name} is not what was expected"
    if got.shape != wanted.shape:
        sentence = f"{name} has the shape {got.shape}, and {wanted.shape} was expected"
    raise Failure(sentence, details, hint or _guess(got, wanted, close, rows))


def expect_shape(name: str, came: Any, shape: tuple[int, ...], hint: str = "") -> None:
    """Failure unless this is an array of numbers of this shape."""
    got = require_numbers(name, came)
    if got.shape != shape:
        if len(shape) == 2 and got.shape == shape[::-1]:
            hint = "Are the factors of a product in the wrong order, or is it transposed?"
        raise Failure(f"{name} has the shape {got.shape}, and {shape} was expected", hint=hint)


def expect_dtype(name: str, came: Any, dtype: Any) -> None:
    """Failure unless an array has this type of numbers."""
    got = require_numbers(name, came)
    if got.dtype != dtype:
        raise Failure(
            f"{name} is made of {got.dtype}, and {np.dtype(dtype)} was expected",
            hint="np.zeros(shape) and np.array of Python numbers are float64: np.zeros(shape, x.dtype) is as x is.",
        )


def require_numbers(name: str, came: Any) -> np.ndarray:
    """An array; Failure where this is none, or holds no numbers."""
    if came is None:
        raise Failure(f"{name} is None, and numbers were expected", hint="Is the `return` missing?")
    if not isinstance(came, np.ndarray | np.generic | int | float):
        raise Failure(f"{name} is {_kind(came)}, and an array was expected")
    got = np.asarray(came)
    if got.dtype.kind not in "fiub":
        raise Failure(f"{name} is made of {got.dtype}, and real numbers were expected")
    return got


class _Close:
    """Whether numbers are those that were expected, up to a tolerance."""

    def __init__(self, wanted: np.ndarray, tolerance: float) -> None:
        self.wanted = wanted
        self.error = tolerance * max(float(np.abs(wanted).max(initial=0)), 1e-3)

    def __call__(self, got: np.ndarray, wanted: np.ndarray | None = None) -> bool:
        wanted = self.wanted if wanted is None else wanted
        return got.shape == wanted.shape and bool(self.each(got, wanted).all())

    def each(self, got: np.ndarray, wanted: np.ndarray) -> np.ndarray:
        return np.asarray(np.isclose(got, wanted, rtol=0, atol=self.error))


def _numbers(name: str, got: np.ndarray, wanted: np.ndarray, close: _Close) -> list[str]:
    """Both arrays where they are small, else the first place at which they differ."""
    if max(got.size, wanted.size) <= _MOST_SHOWN:
        return [*_lines("came     ", got), *_lines("expected ", wanted)]
    if got.shape != wanted.shape:
        return []
    wrong = np.argwhere(~close.each(got, wanted))
    place = tuple(int(each) for each in wrong[0])
    where = ", ".join(map(str, place))
    differ = f"{len(wrong)} of {wanted.size} numbers differ"
    return [f"{name}[{where}] is {got[place]:.6g}, and {wanted[place]:.6g} was expected; {differ}"]


def _lines(start: str, value: Any) -> list[str]:
    """A small array or a number behind some words, its further lines below its first."""
    if isinstance(value, np.ndarray) and value.size > _MOST_SHOWN:
        return [f"{start} an array of the shape {value.shape}"]
    array = np.asarray(value)
    text = np.array2string(array, precision=_SHOWN_DIGITS, suppress_small=True, max_line_width=70, separator=", ")
    first, *rest = text.splitlines()
    return [f"{start} {first}", *(" " * (len(start) + 1) + line for line in rest if line)]


def _guess(got: np.ndarray, wanted: np.ndarray, close: _Close, rows: int) -> str:
    """What usually makes such a difference; "" where nothing does."""
    if got.shape != wanted.shape:
        return "It is the transpose of what was expected." if wanted.ndim > 1 and close(got.T) else ""
    if unusable := np.count_nonzero(~np.isfinite(got)):
        return f"{unusable} of {got.size} numbers are NaN or infinite: an overflow of exp, a log of 0, or a 0 / 0?"
    if wanted.ndim > 1 and close(got.T):
        return "It is the transpose of what was expected."
    if close(-got):
        return "The sign is reversed."
    if not got.any():
        return "All numbers are 0."
    factor = float(np.vdot(got, wanted) / np.vdot(wanted, wanted)) if wanted.any() else 0.0
    if factor and close(got / factor):
        means = ""
        if rows > 1 and np.isclose(factor, rows, rtol=1e-4):
            means = f", which is N = {rows}: the mean over the rows is expected, not their sum"
        elif rows > 1 and np.isclose(factor, 1 / rows, rtol=1e-4):
            means = f", which is 1 / N for N = {rows}: the sum over the rows is expected, not their mean"
        return f"All numbers are {factor:.4g} times what was expected{means}."
    off = (got - wanted).mean()
    if got.size > 1 and close(got - off):
        return f"All numbers are {abs(off):.4g} too {'large' if off > 0 else 'small'}."
    return ""


def _kind(value: Any) -> str:
    return "None" if value is None else f"a value of type {type(value).__name__}"
