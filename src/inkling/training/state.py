"""The state of a training between two epochs: all that is needed to go on to the same bits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import numpy as np

from inkling.errors import InklingError
from inkling.nn import Parameters
from inkling.optim import OptimizerState
from inkling.recipes.recipe import Recipe
from inkling.rng import Purpose, make_rng
from inkling.training.interrupts import deferred_signals
from inkling.training.quantized_weights import WeightBits, quantized_parameters

T = TypeVar("T")


class _Snapshot(NamedTuple):
    """A state at the end of an epoch. `best` is kept as it is, since it is replaced and never written to."""

    vectors: list[np.ndarray]
    steps: int
    epochs: int
    best: Parameters | None
    best_epoch: int


@dataclass
class TrainingState:
    """Parameters, memory of the optimizer, history, average of the parameters, and the best parameters so far.

    Attributes
    ----------
    average : the average of θ over the steps, with batch statistics of its own; None where the recipe has no `ema`.
    history : one record per epoch, as `EpochReport.to_dict` gives it.
    best : the parameters of the best epoch; None before the first epoch, or where the recipe keeps the last.
    best_epoch : the number of that epoch, from 1; 0 where there is none.
    weight_bits : those of the recipe. `params` and `average` are float32 all the same.
    """

    params: Parameters
    optimizer: OptimizerState
    average: Parameters | None = None
    history: list[dict[str, Any]] = field(default_factory=list)
    best: Parameters | None = None
    best_epoch: int = 0
    weight_bits: WeightBits = None
    _undo: Callable[[], None] | None = field(default=None, init=False, repr=False, compare=False)

    @classmethod
    def start(cls, recipe: Recipe, params: Parameters | None = None) -> TrainingState:
        """The state before the first epoch: from a copy of these parameters, by default from initial ones."""
        params = recipe.network.init(make_rng(recipe.seed, Purpose.INIT)) if params is None else params.copy()
        average = None if recipe.ema is None else params.copy()
        return cls(params, recipe.optimizer.init(params.flat), average, weight_bits=recipe.weight_bits)

    @property
    def epoch(self) -> int:
        """Epochs done."""
        return len(self.history)

    @property
    def eval_parameters(self) -> Parameters:
        """The parameters to measure, keep and save: averaged where the recipe has `ema`, quantised by `weight_bits`."""
        return quantized_parameters(self.params if self.average is None else self.average, self.weight_bits)

    def run_whole(self, epoch: Callable[[], T], stop: Callable[[], None]) -> T:
        """Run an epoch, which changes this state; whatever ends it early leaves the state as it was before.

        Parameters
        ----------
        epoch : what to run. Its result is returned.
        stop : returns when no other process writes to the vectors any more. It is called before they are restored.
        """
        before = self._snapshot()

        def undo() -> None:
            stop()
            self._restore(before)

        try:
            self._undo = undo
            result = epoch()
            self._undo = None
        except BaseException:
            self.undo_epoch()
            raise
        return result

    def undo_epoch(self) -> None:
        """Undo what an epoch that was interrupted has changed; nothing where that is done already.

        `train` does it by itself. It can be called again where another exception interrupts it.
        """
        with deferred_signals():
            if self._undo is not None:
                self._undo()
                self._undo = None

    @property
    def whole(self) -> bool:
        """Whether the state is that of the end of an epoch. Only then can it be saved."""
        return self._undo is None

    def require_whole(self) -> None:
        """InklingError in the middle of an epoch, or where nobody has undone one that was interrupted."""
        if not self.whole:
            raise InklingError("the training state is in the middle of an epoch: go on from the latest checkpoint")

    def __getstate__(self) -> dict[str, Any]:
        self.require_whole()
        return self.__dict__

    def vectors(self) -> list[np.ndarray]:
        """Whatever a step writes to."""
        average = [] if self.average is None else [self.average.flat, self.average.statistics]
        return [self.params.flat, self.params.statistics, *self.optimizer.moments, *average]

    def _snapshot(self) -> _Snapshot:
        vectors = [vector.copy() for vector in self.vectors()]
        return _Snapshot(vectors, self.optimizer.steps, len(self.history), self.best, self.best_epoch)

    def _restore(self, before: _Snapshot) -> None:
        for vector, value in zip(self.vectors(), before.vectors, strict=True):
            vector[...] = value
        self.optimizer.steps, self.best, self.best_epoch = before.steps, before.best, before.best_epoch
        del self.history[before.epochs :]

    def keep_if_best(self) -> None:
        """Remember the parameters if the latest epoch is the best: highest validation accuracy, then lowest loss."""

        if self.best is None or score(self.history[-1]) > score(self.history[self.best_epoch - 1]):
            self.best, self.best_epoch = self.eval_parameters.copy(), self.epoch

    def chosen(self, recipe: Recipe) -> tuple[Parameters, int]:
        """The parameters that the recipe keeps, and the number of their epoch; InklingError in the middle of one."""
        self.require_whole()
        if recipe.keep == "best" and self.best is not None:
            return self.best, self.best_epoch
        return self.eval_parameters, self.epoch

    def pack(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Vectors and JSON-ready metadata that `unpack` takes; InklingError in the middle of an epoch."""
        self.require_whole()
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
            weight_bits=recipe.weight_bits,
        )


def score(record: Mapping[str, Any]) -> tuple[float, float]:
    """The key by which the best epoch is the largest: its validation accuracy, then its negative validation loss."""
    return record["validation_accuracy"], -record["validation_loss"]
