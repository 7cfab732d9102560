"""Early stopping: rules that end a training by its history.

A rule is a pure function of the history, so a resumed training stops where an uninterrupted one does.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inkling.errors import UsageError
from inkling.notation import Notated, vocabulary

History = Sequence[dict[str, Any]]


class StoppingRule(Notated, ABC):
    """When a training ends early."""

    @abstractmethod
    def should_stop(self, history: History) -> bool:
        """Whether training ends now.

        Parameters
        ----------
        history : one record per epoch so far, each with a "validation_loss" in nats.
        """


@dataclass(frozen=True, repr=False)
class Patience(StoppingRule):
    """Stop when the validation loss has had no new minimum for `epochs` epochs (Prechelt 1998, "Early stopping")."""

    epochs: int = 10

    def __post_init__(self) -> None:
        if self.epochs < 1:
            raise UsageError(f"Patience needs at least 1 epoch, not {self.epochs}")

    def should_stop(self, history: History) -> bool:
        losses = [epoch["validation_loss"] for epoch in history]
        return len(losses) - 1 - int(np.argmin(losses)) >= self.epochs if losses else False


@dataclass(frozen=True, repr=False)
class LossVariance(StoppingRule):
    """Stop when the validation loss is flat: its variance over the last `epochs` is below `threshold` (nats²)."""

    epochs: int = 10
    threshold: float = 1e-5

    def __post_init__(self) -> None:
        if self.epochs < 2 or self.threshold <= 0:
            raise UsageError(f"LossVariance needs at least 2 epochs and a threshold above 0, not {self!r}")

    def should_stop(self, history: History) -> bool:
        recent = [epoch["validation_loss"] for epoch in history[-self.epochs :]]
        return len(recent) == self.epochs and float(np.var(recent)) < self.threshold


STOPPING = vocabulary(Patience, LossVariance)
