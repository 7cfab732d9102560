"""The losses that a recipe can name: what training minimises, what counts as correct, and which labels both take."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from inkling.errors import UsageError
from inkling.nn.ctc import ctc_loss
from inkling.nn.layer import Shape
from inkling.nn.loss import softmax_cross_entropy
from inkling.nn.trellis import PADDING, columns_needed, require_labels
from inkling.notation import Notated, vocabulary


class Loss(Notated, ABC):
    """What training minimises. N rows of logits come from a network whose output for one of them has the shape `end`.

    Attributes
    ----------
    classifies : whether a label is one class. Only then is there a probability for each class of an image, which label
        smoothing, a teacher, a temperature and "not a digit" are about.
    """

    classifies: ClassVar[bool]

    @abstractmethod
    def __call__(
        self,
        logits: np.ndarray,
        labels: np.ndarray,
        dlogits: np.ndarray | None = None,
        *,
        label_smoothing: float = 0.0,
        count: int | None = None,
        weights: np.ndarray | None = None,
    ) -> float:
        """The loss in nats of logits (N, *end); its gradient goes into `dlogits`, as in `softmax_cross_entropy`."""

    @abstractmethod
    def correct(self, logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Whether each row of logits (N, *end) answers with its label: (N,) bool."""

    @abstractmethod
    def n_classes(self, end: Shape) -> int:
        """How many classes or symbols a network with this output tells apart; UsageError where it cannot be trained."""

    @abstractmethod
    def require_labels(self, labels: np.ndarray, end: Shape) -> None:
        """UsageError where these are not labels for a network with this output."""


@dataclass(frozen=True, repr=False)
class CrossEntropyLoss(Loss):
    """`softmax_cross_entropy` of logits (N, O) with labels (N,): one class for each row."""

    classifies: ClassVar[bool] = True

    def __call__(
        self,
        logits: np.ndarray,
        labels: np.ndarray,
        dlogits: np.ndarray | None = None,
        *,
        label_smoothing: float = 0.0,
        count: int | None = None,
        weights: np.ndarray | None = None,
    ) -> float:
        return softmax_cross_entropy(
            logits, labels, dlogits, label_smoothing=label_smoothing, count=count, weights=weights
        )

    def correct(self, logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Whether the likeliest class is the label."""
        return logits.argmax(axis=1) == labels

    def n_classes(self, end: Shape) -> int:
        if len(end) != 1 or end[0] < 2:
            raise UsageError(f"the network ends in {end} instead of a logit for each class: end it with Linear(10)")
        return end[0]

    def require_labels(self, labels: np.ndarray, end: Shape) -> None:
        if labels.ndim != 1:
            raise UsageError(
                f"CrossEntropyLoss() takes one class for each input, labels of the shape (N,), not {labels.shape}"
            )
        if not 0 <= labels.min() <= labels.max() < end[0]:
            raise UsageError(f"the network has {end[0]} logits: labels are from 0 to {end[0] - 1}")


@dataclass(frozen=True, repr=False)
class CTCLoss(Loss):
    """`ctc_loss` of logits (N, T, C) or (N, 1, T, C) with labels (N, L): the symbols of each row, padded with −1.

    The last of the C logits is the blank.
    """

    classifies: ClassVar[bool] = False
    elsewhere: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "blank": "the blank is the last of the logits",
            "reduction": "the loss is the mean over the rows",
            "zero_infinity": "labels that the columns cannot show are refused before training starts",
        }
    )

    def __call__(
        self,
        logits: np.ndarray,
        labels: np.ndarray,
        dlogits: np.ndarray | None = None,
        *,
        label_smoothing: float = 0.0,
        count: int | None = None,
        weights: np.ndarray | None = None,
    ) -> float:
        if label_smoothing:
            raise UsageError("CTCLoss() has no class for each column that label_smoothing could be about: take 0")
        dlogits = None if dlogits is None else _columns(dlogits)
        return ctc_loss(_columns(logits), labels, dlogits, count=count, weights=weights)

    def correct(self, logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Whether the best path is an alignment of the label: likeliest symbols, equal neighbours as one, no blanks."""
        columns = _columns(logits)
        best, blank = columns.argmax(axis=2), columns.shape[2] - 1
        shown = best != blank
        shown[:, 1:] &= best[:, 1:] != best[:, :-1]
        place = shown.cumsum(axis=1)  # of each symbol in the text, from 1
        width = max(columns.shape[1], labels.shape[1])
        texts = np.full((len(best), width + 1), PADDING)
        np.put_along_axis(texts, np.where(shown, place - 1, width), best, axis=1)  # the last place is for the others
        padded = np.full((len(labels), width), PADDING)
        padded[:, : labels.shape[1]] = labels
        return (texts[:, :width] == padded).all(axis=1)

    def n_classes(self, end: Shape) -> int:
        if not (len(end) == 2 or (len(end) == 3 and end[0] == 1)) or end[-1] < 2:
            raise UsageError(
                f"the network ends in {end}, but CTCLoss() needs logits (1, columns, symbols and the blank): end it "
                "with layers that make one row of pixels, such as Conv2d(11, 1) behind pooling"
            )
        return end[-1] - 1

    def require_labels(self, labels: np.ndarray, end: Shape) -> None:
        require_labels(labels, end[-1])
        needed = columns_needed(labels)
        if (needed > end[-2]).any():
            row = int(needed.argmax())
            raise UsageError(
                f"label {row} needs {needed[row]} columns, one for each symbol and a blank between two that are equal, "
                f"but the network has {end[-2]}: leave it out, or let the network have more columns"
            )


def _columns(logits: np.ndarray) -> np.ndarray:
    """Logits (N, T, C) of (N, 1, T, C) or (N, T, C), as a view."""
    return logits.reshape(len(logits), *logits.shape[-2:])


LOSSES = vocabulary(CrossEntropyLoss, CTCLoss)
