"""The state of a training between two epochs: all that is needed to go on to the same bits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from inkling.nn import Parameters
from inkling.optim import OptimizerState
from inkling.recipes.recipe import Recipe
from inkling.rng import Purpose, make_rng


@dataclass
class TrainingState:
    """Parameters, optimizer memory, the history, the average of the parameters, and the best so far.

    Attributes
    ----------
    average : where the recipe says `ema`, the average of θ over the steps, with batch statistics of its own.
    history : one record an epoch, as `EpochReport.to_dict` gives it.
    best : the parameters to keep where the recipe keeps the best, and None before the first epoch.
    best_epoch : the epoch they are from, counted from 1.
    """

    params: Parameters
    optimizer: OptimizerState
    average: Parameters | None = None
    history: list[dict[str, Any]] = field(default_factory=list)
    best: Parameters | None = None
    best_epoch: int = 0

    @classmethod
    def start(cls, recipe: Recipe) -> TrainingState:
        params = recipe.network.init(make_rng(recipe.seed, Purpose.INIT))
        return cls(params, recipe.optimizer.init(params.flat), None if recipe.ema is None else params.copy())

    @property
    def epoch(self) -> int:
        """Epochs done."""
        return len(self.history)

    @property
    def eval_parameters(self) -> Parameters:
        """The parameters to measure, keep and save: the averaged ones where there are such."""
        return self.params if self.average is None else self.average

    @contextmanager
    def whole_epochs_only(self) -> Iterator[None]:
        """Whatever interrupts the epoch inside leaves the state as it was at its start."""
        vectors = [self.params.flat, self.params.statistics, *self.optimizer.moments]
        if self.average is not None:
            vectors += [self.average.flat, self.average.statistics]
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
            self.best, self.best_epoch = self.eval_parameters.copy(), self.epoch

    def chosen(self, recipe: Recipe) -> tuple[Parameters, int]:
        """The parameters that the recipe keeps, and the epoch they are from."""
        if recipe.keep == "best" and self.best is not None:
            return self.best, self.best_epoch
        return self.eval_parameters, self.epoch

    def pack(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Vectors and JSON-ready facts that `unpack` makes the same state of."""
        vectors = {f"moment.{i}": moment for i, moment in enumerate(self.optimizer.moments)}
        for prefix, params in (("", self.params), ("average.", self.average), ("best.", self.best)):
            if params is not None:
                vectors |= {f"{prefix}parameters": params.flat, f"{prefix}statistics": params.statistics}
        return vectors, {
            "steps": self.optimizer.steps,
            "history": self.history,
            "best_epoch": self.best_epoch,
        }

    @classmethod
    def unpack(cls, recipe: Recipe, vectors: Mapping[str, np.ndarray], metadata: Mapping[str, Any]) -> TrainingState:
        def params(prefix: str) -> Parameters:
            flat, statistics = vectors[f"{prefix}parameters"], vectors[f"{prefix}statistics"]
            return Parameters(recipe.network.layout, flat.copy(), statistics.copy())

        moments = tuple(vectors[f"moment.{i}"].copy() for i in range(recipe.optimizer.moments))
        return cls(
            params(""),
            OptimizerState(moments, metadata["steps"]),
            average=None if recipe.ema is None else params("average."),
            history=list(metadata["history"]),
            best=params("best.") if "best.parameters" in vectors else None,
            best_epoch=metadata["best_epoch"],
        )
