"""The sides of the race for accuracy: each trains on all images from a seed, and is judged on the test images."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import time
from abc import ABC, abstractmethod
from functools import cached_property
from typing import ClassVar

from accuracy_runs import Mark
from cnn_networks import NETWORKS
from contest import check_one_step
from flops import training_flops
from inkling.data import Dataset
from inkling.nn import Network
from inkling.recipes import Recipe
from pytorch_example import Example, fastest_variant
from pytorch_side import PyTorch, Variant, try_variants
from work import Inkling, Work

TRIAL_IMAGES = 640


class Contender(ABC):
    """A side with what it trains."""

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
        """Of what is trained and on which images."""
        return hashlib.sha256(f"{self.what}{self.training.sha256}".encode()).hexdigest()[:16]

    @property
    @abstractmethod
    def what(self) -> str:
        """All that decides the training but the seed, as a text."""

    @abstractmethod
    def train(self, seed: int) -> tuple[str, tuple[Mark, ...]]:
        """The variant of the library, and what the training came to."""


class OfRecipe(Contender, ABC):
    """Trains a recipe to its last epoch, on all images: there is nothing left to choose."""

    def __init__(self, recipe: Recipe, training: Dataset, test: Dataset) -> None:
        super().__init__(training, test)
        self.recipe = dataclasses.replace(recipe, stopping=None, keep="last", seed=0)
        self.work, self.network = recipe.name, recipe.network

    @property
    def what(self) -> str:
        return self.recipe.to_toml()

    def _work(self, seed: int) -> Work:
        return Work(self.recipe.override(seed=seed), self.training, self.test, self.recipe.epochs)


class InklingTraining(OfRecipe):
    """The public loop, from the first draw of parameters to its last report."""

    side = "inkling"

    def train(self, seed: int) -> tuple[str, tuple[Mark, ...]]:
        started = time.perf_counter()
        with contextlib.closing(Inkling(self._work(seed))) as side:
            side.run()
            seconds = time.perf_counter() - started
            return "", (Mark(self.recipe.epochs, seconds, side.work.accuracy(side.parameters)),)


class PyTorchTraining(OfRecipe):
    """The same network, first parameters, order and schedule; all of them are ready when the clock starts."""

    side = "pytorch"

    @cached_property
    def variant(self) -> Variant:
        """The fastest one, after a proof that the twin does the same work."""
        work = Work.endless(self.recipe, self.training, self.test)
        try:
            check_one_step(work, lambda step: [PyTorch(step, Variant())])
        except NotImplementedError as error:
            raise SystemExit(f"{self.work}: {error} in PyTorch; leave it out with --sides inkling example") from None
        speeds, _ = try_variants(work, TRIAL_IMAGES, compiled=False)
        return max(speeds, key=speeds.__getitem__)

    def train(self, seed: int) -> tuple[str, tuple[Mark, ...]]:
        side = PyTorch(self._work(seed), self.variant)
        seconds = side.run()
        accuracy = side.work.accuracy(side.parameters)
        return str(self.variant), (Mark(self.recipe.epochs, seconds, accuracy),)


class ExampleTraining(Contender):
    """PyTorch's own example, judged after every epoch, as it judges itself."""

    side = "example"
    work = "pytorch-example"
    network = NETWORKS["pytorch-example"]

    def __init__(self, training: Dataset, test: Dataset, epochs: int) -> None:
        super().__init__(training, test)
        self.epochs = epochs

    @property
    def what(self) -> str:
        return f"{self.work} {self.epochs}"

    @cached_property
    def variant(self) -> Variant:
        return fastest_variant(self.training)

    def train(self, seed: int) -> tuple[str, tuple[Mark, ...]]:
        example, seconds, marks = Example(self.training, seed, self.variant), 0.0, []
        for epoch in range(1, self.epochs + 1):
            seconds += example.run()
            marks.append(Mark(epoch, seconds, example.accuracy(self.test)))
        return str(self.variant), tuple(marks)
