"""A piece of work and its sides: the same training, done by Inkling and by others from the same first weights."""

from __future__ import annotations

import dataclasses
import itertools
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from inkling.data import Dataset
from inkling.nn import Dropout, Flatten, Linear, Network, Parameters, ReLU
from inkling.optim import Adam
from inkling.training import Recipe, TrainingState, load_recipe, train

NAMES = ("gd-64-32", "sgd-10", "adam-256-128-64", "sgd-64-64", "leaky-20", "adam-512-512")
THREADS = (1, 2)  # that the other sides are tried with
TRIAL_IMAGES = 2_560
ENDLESS = 100_000  # epochs: the benchmark stops when it has measured enough


@dataclass(frozen=True)
class Work:
    """A recipe's network, optimizer, schedule and batch size on given images; a round is `epochs` epochs."""

    recipe: Recipe
    training: Dataset
    test: Dataset
    epochs: int

    @classmethod
    def of(cls, name: str, training: Dataset, test: Dataset) -> Work:
        recipe = _wide() if name == "adam-512-512" else load_recipe(name)
        recipe = dataclasses.replace(recipe, epochs=ENDLESS, stopping=None, keep="last")
        return cls(recipe, training, test, epochs=10 if recipe.batch_size == "full" else 1)

    @property
    def images(self) -> int:
        """Images trained on in a round."""
        return self.epochs * len(self.training)

    @property
    def batch_size(self) -> int:
        return len(self.training) if self.recipe.batch_size == "full" else self.recipe.batch_size

    @cached_property
    def x(self) -> np.ndarray:
        """Training images as the other sides want them: (N, 784) float32 in 0-1."""
        return self.training.images.reshape(len(self.training), -1) * np.float32(1 / 255)

    def shortened(self) -> Work:
        """A round over a few images, to try things out; full batches stay what they are."""
        if self.recipe.batch_size == "full":
            return self
        return dataclasses.replace(self, training=self.training[:TRIAL_IMAGES])

    def single_step(self, images: int = 512) -> Work:
        """One step on the first images, without dropout, whose masks no two libraries draw alike."""
        layers = (layer for layer in self.recipe.network.layers if not isinstance(layer, Dropout))
        recipe = dataclasses.replace(self.recipe, network=Network(*layers), batch_size="full")
        return Work(recipe, self.training[:images], self.test, epochs=1)

    def first_parameters(self) -> Parameters:
        return TrainingState.start(self.recipe).params

    def accuracy(self, params: Parameters) -> float:
        """Share of the test images read right; the parameters of every side are judged by the same code."""
        x = self.test.images[..., None] * np.float32(1 / 255)
        return float(np.mean(self.recipe.network.logits(params, x).argmax(axis=1) == self.test.labels))


def _wide() -> Recipe:
    network = Network(Flatten(), Linear(512), ReLU(), Linear(512), ReLU(), Linear(10))
    return Recipe(network, Adam(), batch_size=128, shards=2, name="adam-512-512")


class Side(ABC):
    """One library at the work. `loss` is that of the latest step, or the mean of its epoch."""

    loss: float

    def __init__(self, work: Work) -> None:
        self.work = work

    @abstractmethod
    def run(self) -> float:
        """Train one round; its seconds."""

    @abstractmethod
    def arrays(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Weight (F, O) and bias (O,) of each linear layer."""

    @property
    def parameters(self) -> Parameters:
        network = self.work.recipe.network
        params = Parameters(network.layout)
        for i, (weight, bias) in zip(linear_layers(network), self.arrays(), strict=True):
            params[i].weight[...], params[i].bias[...] = weight, bias
        return params


def linear_layers(network: Network) -> list[int]:
    return [i for i, layer in enumerate(network.layers) if isinstance(layer, Linear)]


def first_arrays(work: Work) -> list[tuple[np.ndarray, np.ndarray]]:
    """The first weights (F, O) and biases (O,), the same for all sides."""
    params = work.first_parameters()
    return [(params[i].weight, params[i].bias) for i in linear_layers(work.recipe.network)]


class Inkling(Side):
    """The public loop, with as many processes as it chooses; they live until `close`."""

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self.state = TrainingState.start(work.recipe)
        self.reports = train(work.recipe, work.training, state=self.state)
        self.seconds = 0.0  # up to here

    def run(self) -> float:
        *_, report = itertools.islice(self.reports, self.work.epochs)
        seconds, self.seconds = report.seconds - self.seconds, report.seconds
        self.loss = report.training_loss
        return seconds

    def close(self) -> None:
        self.reports.close()

    def arrays(self) -> list[tuple[np.ndarray, np.ndarray]]:
        params = self.state.params
        return [(params[i].weight, params[i].bias) for i in linear_layers(self.work.recipe.network)]


Key = TypeVar("Key")


def trial(sides: Mapping[Key, Side], times: int = 3) -> dict[Key, float]:
    """Images a second of each side in its best round, the sides taking turns after one round to get warm."""
    for side in sides.values():
        side.run()
    seconds: dict[Key, list[float]] = {key: [] for key in sides}
    for _ in range(times):
        for key, side in sides.items():
            seconds[key].append(side.run())
    return {key: sides[key].work.images / min(times) for key, times in seconds.items()}
