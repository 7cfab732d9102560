"""The state of a training between two epochs: all that is needed to go on to the same bits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from inkling.nn import Parameters
from inkling.optim import OptimizerState
from inkling.training.recipe import Recipe
from inkling.training.streams import Purpose, stream


@dataclass
class TrainingState:
    """Parameters, optimizer memory, the history, and the best parameters so far.

    Attributes
    ----------
    history : one record an epoch, as `EpochReport.to_dict` gives it.
    best : the parameters to keep where the recipe keeps the best, and None before the first epoch.
    best_epoch : the epoch they are from, counted from 1.
    """

    params: Parameters
    optimizer: OptimizerState
    history: list[dict[str, Any]] = field(default_factory=list)
    best: Parameters | None = None
    best_epoch: int = 0

    @classmethod
    def start(cls, recipe: Recipe) -> TrainingState:
        params = recipe.network.init(stream(recipe.seed, Purpose.INIT))
        return cls(params, recipe.optimizer.init(params.flat))

    @property
    def epoch(self) -> int:
        """Epochs done."""
        return len(self.history)

    @contextmanager
    def whole_epochs_only(self) -> Iterator[None]:
        """Whatever interrupts the epoch inside leaves the state as it was at its start."""
        vectors = [self.params.flat, self.params.statistics, *self.optimizer.moments]
        before, steps = [vector.copy() for vector in vectors], self.optimizer.steps
        try:
            yield
        except BaseException:
            for vector, value in zip(vectors, before, strict=True):
                vector[...] = value
            self.optimizer.steps = steps
            raise

    def keep_if_best(self) -> None:
        """Remember the parameters if the latest epoch is the best: highest validation accuracy, then lowest loss."""

        def score(record: Mapping[str, Any]) -> tuple[float, float]:
            return record["validation_accuracy"], -record["validation_loss"]

        if self.best is None or score(self.history[-1]) > score(self.history[self.best_epoch - 1]):
            self.best, self.best_epoch = self.params.copy(), self.epoch

    def chosen(self, recipe: Recipe) -> tuple[Parameters, int]:
        """The parameters that the recipe keeps, and the epoch they are from."""
        if recipe.keep == "best" and self.best is not None:
            return self.best, self.best_epoch
        return self.params, self.epoch

    def pack(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Vectors and JSON-ready facts that `unpack` makes the same state of."""
        vectors = {"parameters": self.params.flat, "statistics": self.params.statistics}
        vectors |= {f"moment.{i}": moment for i, moment in enumerate(self.optimizer.moments)}
        if self.best is not None:
            vectors |= {"best.parameters": self.best.flat, "best.statistics": self.best.statistics}
        return vectors, {
            "steps": self.optimizer.steps,
            "history": self.history,
            "best_epoch": self.best_epoch,
        }

    @classmethod
    def unpack(cls, recipe: Recipe, vectors: Mapping[str, np.ndarray], facts: Mapping[str, Any]) -> TrainingState:
        state = cls.start(recipe)
        layout = recipe.network.layout
        state.params = Parameters(layout, vectors["parameters"].copy(), vectors["statistics"].copy())
        moments = tuple(vectors[f"moment.{i}"].copy() for i in range(len(state.optimizer.moments)))
        state.optimizer = OptimizerState(moments, facts["steps"])
        state.history = list(facts["history"])
        if "best.parameters" in vectors:
            state.best = Parameters(layout, vectors["best.parameters"].copy(), vectors["best.statistics"].copy())
        state.best_epoch = facts["best_epoch"]
        return state
