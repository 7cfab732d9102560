"""Classes: what the numbers in labels and the columns of probabilities stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from inkling.errors import UsageError, shortened

DIGITS = tuple("0123456789")
OTHER = "?"  # stands in the text of a row for ink that is no digit: a letter, a symbol, a slash
ROW_SYMBOLS = (*DIGITS, OTHER)  # what the text of a row consists of
NOT_A_DIGIT = "not a digit"
MOST_SHOWN = 40  # characters of a name in a message


def class_names_for(count: int) -> tuple[str, ...]:
    """Names for `count` classes that have none: the digits for ten, otherwise "0", "1", …"""
    return tuple(map(str, range(count)))


def checked_class_names(names: Any) -> tuple[str, ...]:
    """A tuple or list of class names as a tuple; UsageError unless each is a str, none is empty, and all differ."""
    if not isinstance(names, tuple | list):
        raise UsageError(f'class names must be a tuple of texts such as ("A", "B"), not {shortened(repr(names))}')
    wrong = [name for name in names if not isinstance(name, str) or not name.strip()]
    if wrong:
        raise UsageError(
            f"class names must be texts that are not empty, not {shortened(repr(wrong[0]))}: give each class a name"
        )
    hidden = [name for name in names if not name.isprintable()]
    if hidden:
        raise UsageError(
            f"class names are texts that can be printed, not {shortened(repr(hidden[0]))}: leave control codes out"
        )
    if not names:
        raise UsageError("class names must be at least one, found none: name the classes, or leave class_names out")
    if len(set(names)) < len(names):
        twice = next(name for name in names if list(names).count(name) > 1)
        raise UsageError(f"class names must be different, and {shortened(twice)} is there more than once")
    return tuple(map(str, names))


def require_digits(class_names: Sequence[str], what: str) -> None:
    """UsageError unless the classes are the digits 0 to 9; `what` begins the sentence: "adapt takes a model"."""
    if tuple(class_names) != DIGITS:
        raise UsageError(f"{what} of the digits 0 to 9, not of {listed(class_names)}")


def listed(class_names: Sequence[str], most: int = 5) -> str:
    """The first names, for a message: "26 classes (A, B, C, D, E, …)"."""
    shown = ", ".join(shortened(each, MOST_SHOWN) for each in class_names[:most])
    shown += ", …" if len(class_names) > most else ""
    return f"{len(class_names)} class{'' if len(class_names) == 1 else 'es'} ({shown})"


def natural_order(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, sorted as people count: "class 2" before "class 10", capital before small letter."""

    def key(name: str) -> list[tuple[bool, int, str, str]]:
        pieces = (piece for piece in re.split(r"(\d+)", name) if piece)
        return [
            (not piece.isdecimal(), int(piece) if piece.isdecimal() else 0, piece.casefold(), piece) for piece in pieces
        ]

    return tuple(sorted(set(names), key=key))


def are_characters(class_names: Iterable[str]) -> bool:
    """Whether every class is a single letter or figure, so that images of them show handwriting."""
    return all(len(name) == 1 and name.isalnum() for name in class_names)
