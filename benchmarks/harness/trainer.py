"""A trainer: one library that performs a training task, and the trial that finds its fastest setting."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Protocol, TypeVar

from benchmarks.harness.task import TrainingTask
from inkling.nn import Parameters
from inkling.training import TrainingState, train

THREADS = (1, 2)  # numbers of threads that peers are tried with


class Trainer(ABC):
    """One library at a task. `loss` is that of the latest step, or the mean of its epoch."""

    loss: float
    tolerance: float = 1e-3  # share of a step's length by which rounding may move its end

    def __init__(self, task: TrainingTask) -> None:
        self.task = task

    @property
    def images(self) -> int:
        return self.task.images

    @abstractmethod
    def run(self) -> float:
        """Train for one round and return its seconds."""

    @property
    @abstractmethod
    def parameters(self) -> Parameters:
        """The parameters after the rounds so far."""


class InklingTrainer(Trainer):
    """The public loop, with as many processes as it chooses; they live until `close`."""

    def __init__(self, task: TrainingTask) -> None:
        super().__init__(task)
        self.state = TrainingState.start(task.recipe)
        self.reports = train(task.recipe, task.training, state=self.state)
        self.seconds = 0.0  # of all rounds so far

    def run(self) -> float:
        *_, report = itertools.islice(self.reports, self.task.epochs)
        seconds, self.seconds = report.seconds - self.seconds, report.seconds
        self.loss = report.training_loss
        return seconds

    def close(self) -> None:
        self.reports.close()

    @property
    def parameters(self) -> Parameters:
        return self.state.eval_parameters


class Timed(Protocol):
    @property
    def images(self) -> int:
        """Images trained on in a round."""

    def run(self) -> float:
        """Train for one round and return its seconds."""


Setting = TypeVar("Setting")


def try_settings(trainers: Mapping[Setting, Timed], times: int = 3) -> dict[Setting, float]:
    """Images per second of each setting in its best round, in interleaved rounds after one warm-up round."""
    for trainer in trainers.values():
        trainer.run()
    seconds: dict[Setting, list[float]] = {setting: [] for setting in trainers}
    for _ in range(times):
        for setting, trainer in trainers.items():
            seconds[setting].append(trainer.run())
    return {setting: trainers[setting].images / min(times) for setting, times in seconds.items()}
