"""The result of an adaptation: the model, and how it and its predecessor read the writer's digits and others'."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from inkling.data import Dataset
from inkling.evaluation import Evaluation
from inkling.model import Model

# A fraction: the accuracy on the digits of other writers may fall by this much.
MAX_ACCURACY_LOSS = 0.002


@dataclass(frozen=True, eq=False)
class Fold:
    """One fold of the cross-validation, n digits of the writer that were held out of the fold's training.

    Attributes
    ----------
    rows : int array (n,), places of the digits in the writer's dataset.
    before : float32 array (n, 10), the probabilities by the model before it was adapted.
    after : float32 array (n, 10), the probabilities by the model that was adapted to the other folds.
    """

    rows: np.ndarray
    before: np.ndarray
    after: np.ndarray


@dataclass(frozen=True, eq=False)
class Comparison:
    """Evaluations of the same labelled digits by a model before and after it was adapted."""

    name: str
    before: Evaluation
    after: Evaluation

    @classmethod
    def of(cls, dataset: Dataset, before: np.ndarray, after: np.ndarray) -> Comparison:
        """The comparison for N labelled digits and the probabilities (N, 10) of both models."""
        assert dataset.labels is not None
        return cls(dataset.name, *(Evaluation(dataset.labels, proba) for proba in (before, after)))

    @property
    def gain(self) -> float:
        """The accuracy after minus the accuracy before, a fraction."""
        return self.after.accuracy - self.before.accuracy

    def to_dict(self) -> dict[str, Any]:
        times = {"before": self.before, "after": self.after}
        return {"data": self.name, "images": self.before.n_images} | {
            time: {"accuracy": each.accuracy, "cross_entropy": each.cross_entropy} for time, each in times.items()
        }


@dataclass(frozen=True, eq=False)
class Adapted:
    """An adapted model.

    Attributes
    ----------
    model : the model.
    share : how far its parameters went from the old to the fine-tuned ones, from 0 to 1.
    writer : how well the writer's digits are read, by cross-validation.
    others : how well digits of other writers are read.
    """

    model: Model
    share: float
    writer: Comparison
    others: Comparison

    @property
    def keeps_others(self) -> bool:
        """Whether the accuracy on other writers fell by at most MAX_ACCURACY_LOSS."""
        return self.others.after.errors - self.others.before.errors <= MAX_ACCURACY_LOSS * self.others.before.n_images

    def to_dict(self) -> dict[str, Any]:
        return {"share": self.share, "writer": self.writer.to_dict(), "others": self.others.to_dict()}
