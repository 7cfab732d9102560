"""Classes: what the numbers in labels and the columns of probabilities stand for."""

from __future__ import annotations

from collections.abc import Sequence

from inkling.errors import UsageError

DIGITS = tuple("0123456789")
NOT_A_DIGIT = "not a digit"


def class_names_for(count: int) -> tuple[str, ...]:
    """Names for `count` classes that have none: the digits for ten, otherwise "0", "1", …"""
    return tuple(map(str, range(count)))


def require_digits(class_names: Sequence[str], what: str) -> None:
    """UsageError unless the classes are the digits 0 to 9; `what` begins the sentence: "adapt takes a model"."""
    if tuple(class_names) != DIGITS:
        raise UsageError(f"{what} of the digits 0 to 9, not of {listed(class_names)}")


def listed(class_names: Sequence[str], most: int = 5) -> str:
    """The first names, for a message: "26 classes (A, B, C, D, E, …)"."""
    shown = ", ".join(class_names[:most]) + (", …" if len(class_names) > most else "")
    return f"{len(class_names)} classes ({shown})"
