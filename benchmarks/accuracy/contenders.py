"""The contenders of time to accuracy: each trains on all images from a seed, and is evaluated on the test images."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import time
from abc import ABC, abstractmethod
from functools import cached_property
from typing import ClassVar

from benchmarks.accuracy.training_log import Measurement
from benchmarks.harness.cnn_networks import NETWORKS
from benchmarks.harness.comparison import check_same_step
from benchmarks.harness.flops import training_flops
from benchmarks.harness.task import TrainingTask
from benchmarks.harness.trainer import InklingTrainer
from benchmarks.peers.pytorch_example import Example, fastest_variant
from benchmarks.peers.pytorch_trainer import PyTorchTrainer, Variant, try_variants
from inkling.data import Dataset
from inkling.nn import Network
from inkling.recipes import Recipe

TRIAL_IMAGES = 640


class Contender(ABC):
    """A library and the training that it performs."""

    side: ClassVar[str]
    work: str
    network: Network

    def __init__(self, training: Dataset, test: Dataset) -> None:
        self.training, self.test = training, test

    @property
    def flops_per_image(self) -> int:
        return training_flops(self.network)

    @property
    def digest(self) -> str:
        """A hash of the training and its images."""
        return hashlib.sha256(f"{self.description}{self.training.sha256}".encode()).hexdigest()[:16]

    @property
    @abstractmethod
    def description(self) -> str:
        """Everything that decides the training except the seed, as a text."""

    @abstractmethod
    def train(self, seed: int) -> tuple[str, tuple[Measurement, ...]]:
        """The variant of the library, and the measurements."""


class RecipeContender(Contender, ABC):
    """Trains a recipe to its last epoch, on all images."""

    def __init__(self, recipe: Recipe, training: Dataset, test: Dataset) -> None:
        super().__init__(training, test)
        self.recipe = dataclasses.replace(recipe, stopping=None, keep="last", seed=0)
        self.work, self.network = recipe.name, recipe.network

    @property
    def description(self) -> str:
        return self.recipe.to_toml()

    def _task(self, seed: int) -> TrainingTask:
        return TrainingTask(self.recipe.override(seed=seed), self.training, self.test, self.recipe.epochs)


class InklingTraining(RecipeContender):
    """The public loop; the time is from the first draw of parameters to the last report."""

    side = "inkling"

    def train(self, seed: int) -> tuple[str, tuple[Measurement, ...]]:
        started = time.perf_counter()
        with contextlib.closing(InklingTrainer(self._task(seed))) as trainer:
            trainer.run()
            seconds = time.perf_counter() - started
            return "", (Measurement(self.recipe.epochs, seconds, trainer.task.accuracy(trainer.parameters)),)


class PyTorchTraining(RecipeContender):
    """The same network, first parameters, order and schedule; its images are ready when the clock starts."""

    side = "pytorch"

    @cached_property
    def variant(self) -> Variant:
        """The fastest variant, after a proof that PyTorch makes the same step."""
        task = TrainingTask.unlimited(self.recipe, self.training, self.test)
        try:
            check_same_step(task, lambda step: [PyTorchTrainer(step, Variant())])
        except NotImplementedError as error:
            raise SystemExit(f"{self.work}: {error} in PyTorch; leave it out with --sides inkling example") from None
        speeds, _ = try_variants(task, TRIAL_IMAGES, compiled=False)
        return max(speeds, key=speeds.__getitem__)

    def train(self, seed: int) -> tuple[str, tuple[Measurement, ...]]:
        trainer = PyTorchTrainer(self._task(seed), self.variant)
        seconds = trainer.run()
        accuracy = trainer.task.accuracy(trainer.parameters)
        return str(self.variant), (Measurement(self.recipe.epochs, seconds, accuracy),)


class ExampleTraining(Contender):
    """PyTorch's own example, evaluated after every epoch, as the example does."""

    side = "example"
    work = "pytorch-example"
    network = NETWORKS["pytorch-example"]

    def __init__(self, training: Dataset, test: Dataset, epochs: int) -> None:
        super().__init__(training, test)
        self.epochs = epochs

    @property
    def description(self) -> str:
        return f"{self.work} {self.epochs}"

    @cached_property
    def variant(self) -> Variant:
        return fastest_variant(self.training)

    def train(self, seed: int) -> tuple[str, tuple[Measurement, ...]]:
        example, seconds, measurements = Example(self.training, seed, self.variant), 0.0, []
        for epoch in range(1, self.epochs + 1):
            seconds += example.run()
            measurements.append(Measurement(epoch, seconds, example.accuracy(self.test)))
        return str(self.variant), tuple(measurements)
