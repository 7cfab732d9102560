"""What adapting came to: the same digits read by the model as it was and as it became, and in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from inkling.data import Dataset
from inkling.evaluation import Evaluation
from inkling.model import Model

PROMISE = 0.002  # of the digits of others, which may be lost


@dataclass(frozen=True, eq=False)
class Fold:
    """A part of the hand: which digits (n,) were held out, how the model had read them, and how it then did.

    Both are probabilities (n, 10).
    """

    rows: np.ndarray
    before: np.ndarray
    after: np.ndarray


@dataclass(frozen=True, eq=False)
class Comparison:
    """The same digits, read by the model as it was and as it became."""

    name: str
    before: Evaluation
    after: Evaluation

    @classmethod
    def of(cls, dataset: Dataset, before: np.ndarray, after: np.ndarray) -> Comparison:
        """Of labelled digits and the probabilities (N, 10) that each of the two gave."""
        assert dataset.labels is not None
        return cls(dataset.name, *(Evaluation(dataset.labels, proba) for proba in (before, after)))

    @property
    def gain(self) -> float:
        """By how much the accuracy is higher, a fraction."""
        return self.after.accuracy - self.before.accuracy

    def to_dict(self) -> dict[str, Any]:
        times = {"before": self.before, "after": self.after}
        return {"data": self.name, "images": self.before.n_images} | {
            at: {"accuracy": each.accuracy, "cross_entropy": each.cross_entropy} for at, each in times.items()
        }


@dataclass(frozen=True, eq=False)
class Adapted:
    """A model that has learnt a hand, how far it went, and what that did to reading the hand and the others."""

    model: Model
    share: float
    hand: Comparison
    others: Comparison

    @property
    def keeps_its_promise(self) -> bool:
        """Whether no more of the others' digits were lost than may be."""
        return self.others.after.errors - self.others.before.errors <= PROMISE * self.others.before.n_images

    def to_dict(self) -> dict[str, Any]:
        return {"share": self.share, "hand": self.hand.to_dict(), "others": self.others.to_dict()}
