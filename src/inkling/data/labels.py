"""Labels become classes: numbers counted from 0, with a name for each.

Without names, labels from 0 to 9 are digits. Other numbers are accepted where every one from 0 or 1 to the largest
occurs at least twice: a single 10 or 77 among digits is a damaged row and no class of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inkling.classes import DIGITS, checked_class_names, listed, natural_order
from inkling.data.raw import RawPart, RawSource
from inkling.data.values import Where
from inkling.errors import DataError, UsageError

MOST_CLASSES = 10_000
_WHOLE_NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True)
class Classes:
    """The name of each class, and the label that the first of them has where labels are numbers."""

    names: tuple[str, ...] = DIGITS
    first: int = 0

    def __post_init__(self) -> None:
        if not 2 <= len(self.names) <= MOST_CLASSES or len(set(self.names)) < len(self.names):
            raise DataError(
                f"from 2 to {MOST_CLASSES:,} classes of different names were expected, found {listed(self.names)}"
            )
        try:
            checked_class_names(self.names)
        except UsageError as error:
            raise DataError(str(error)) from None

    def encode(self, labels: np.ndarray, where: Where) -> np.ndarray:
        """Classes int64 (N,) of labels (N,), texts or numbers; DataError names the first row that has none of them."""
        if labels.dtype.kind == "U":
            places = {name: place for place, name in enumerate(self.names)}
            texts = labels.tolist()
            for row, text in enumerate(texts):
                if text not in places:
                    raise DataError(f"{where(row)}: a label out of {listed(self.names)} was expected, found {text!r}")
            return np.array([places[text] for text in texts], np.int64)
        bad = ~is_whole(labels, self.first, self.first + len(self.names) - 1)
        if bad.any():
            self._refuse(labels, int(np.argmax(bad)), where)
        return labels.astype(np.int64) - self.first

    def _refuse(self, labels: np.ndarray, row: int, where: Where) -> None:
        found = labels[row]
        expected = f"a label from {self.first} to {self.first + len(self.names) - 1} was expected, found"
        if np.isnan(found):
            raise DataError(f"{where(row)}: {expected} none (NaN)")
        remedy = "leave the row out"
        if self.names == DIGITS:
            remedy = (
                "classes other than the digits need every label from 0 or 1 to the largest at least twice, or names in "
                "classes.txt"
            )
        raise DataError(f"{where(row)}: {expected} {found:g}; {remedy}")


def is_whole(labels: np.ndarray, least: int, most: int) -> np.ndarray:
    """Which labels (N,) are whole numbers from `least` to `most`."""
    return (labels >= least) & (labels <= most) & (labels == np.trunc(labels))


def classes_of(raw: RawSource) -> tuple[Classes, dict[str, np.ndarray]]:
    """The classes of a source, and the labels of each part that has some: all texts (U), or all numbers.

    Names that files give come first: those of `classes.txt`, then those beside the labels. Numbers without names are
    interpreted by the part to train on alone, so that the part to test on cannot add classes. The labels of all
    parts decide whether numbers with names count from 0 or from 1.
    """
    labels = {name: _plain(part) for name, part in raw.parts.items() if part.labels is not None}
    names = raw.class_names or _given_names(raw)
    if names is None and all(map(_hold_numbers, labels.values())):
        labels = {name: _numbers(found) for name, found in labels.items()}
    kinds = {found.dtype.kind == "U" for found in labels.values()}
    if len(kinds) > 1:
        raise DataError(
            f"{raw.name}: labels of one kind were expected, found texts in one part and numbers in the other"
        )
    try:
        if names is None and True in kinds:
            names = natural_order(text for found in labels.values() for text in found.tolist())
        if True in kinds or not labels:
            return Classes(names or DIGITS), labels
        if names is None:
            return _of_numbers(next(iter(labels.values()))), labels
        from_0 = raw.class_names is None and any(part.counts_from_0 for part in raw.parts.values())
        return Classes(names, 0 if from_0 else _first_label(np.concatenate([*labels.values()]), names)), labels
    except DataError as error:
        raise DataError(f"{raw.name}: {error}") from None


def _plain(part: RawPart) -> np.ndarray:
    """Labels as numbers, or as texts in Unicode's composed form."""
    assert part.labels is not None
    if part.labels.dtype.kind in "buif":
        return part.labels
    texts = part.labels.tolist()
    for row, text in enumerate(texts):
        if not isinstance(text, str):
            raise DataError(f"{part.where(row)}: numbers or texts were expected as labels, found {_kind(text)}")
        if not text.strip():
            raise DataError(f"{part.where(row)}: a label was expected, found nothing")
    return np.array([unicodedata.normalize("NFC", text.strip()) for text in texts], str)


def _kind(value: object) -> str:
    return "none" if value is None else type(value).__name__


def _given_names(raw: RawSource) -> tuple[str, ...] | None:
    """The names that the files of a source give to its classes, which are the same in all of them; None without any."""
    given = [part.class_names for part in raw.parts.values() if part.class_names is not None]
    if any(names != given[0] for names in given):
        raise DataError(
            f"{raw.name}: the same classes were expected in both parts, found {listed(given[0])} to train on and "
            f"{listed(given[1])} to test on"
        )
    return given[0] if given else None


def _hold_numbers(labels: np.ndarray) -> bool:
    return labels.dtype.kind != "U" or all(map(_WHOLE_NUMBER.fullmatch, labels.tolist()))


def _numbers(labels: np.ndarray) -> np.ndarray:
    return labels.astype(np.int64) if labels.dtype.kind == "U" else labels


def _of_numbers(labels: np.ndarray) -> Classes:
    """The classes of numbers (N,) without names. Labels in none of these classes are refused by `Classes.encode`."""
    if not labels.size or not is_whole(labels, 0, MOST_CLASSES).all() or labels.max() < len(DIGITS):
        return Classes()
    first, last = int(labels.min()), int(labels.max())
    if first > 1 or np.bincount(labels.astype(np.int64))[first:].min() < 2:
        return Classes()
    return Classes(tuple(map(str, range(first, last + 1))), first)


def _first_label(labels: np.ndarray, names: Sequence[str]) -> int:
    """The label of the first of K names: 0 where a label is 0, otherwise 1 where a label is K; DataError for neither.

    Labels out of range decide nothing: `Classes.encode` refuses these labels with their row.
    """
    within = is_whole(labels, 0, len(names))
    if (labels == 0).any() or not within.all() or not labels.size:
        return int((labels == len(names)).any() and not (labels == 0).any())
    if labels.max() == len(names):
        return 1
    raise DataError(
        f"{listed(names)} are named, and labels from {labels.min():g} to {labels.max():g} do not show whether the "
        "first name has the label 0 or 1; name only classes that have images and count labels from 0, or write the "
        "names as labels"
    )
