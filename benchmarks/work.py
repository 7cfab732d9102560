"""A piece of work and its sides: the same training, done by Inkling and by others from the same first weights."""

from __future__ import annotations

import dataclasses
import itertools
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

import numpy as np

from inkling.augmentation import Augmenter
from inkling.data import Dataset, load
from inkling.nn import INPUT_SHAPE, Parameters
from inkling.optim import SGD, ConstantLR, Muon
from inkling.recipes import Recipe
from inkling.rng import Purpose, make_rng
from inkling.training import TrainingState, train
from inkling.training.batch_statistics import INPUT_SHAPE as STATISTICS_IMAGES
from inkling.training.batch_statistics import without_dropout

THREADS = (1, 2)  # that the other sides are tried with
TEST_IMAGES = 10_000  # of the training file too: the test file is for releases
ENDLESS = 100_000  # epochs: the benchmark stops when it has measured enough


@dataclass(frozen=True)
class Work:
    """A recipe's network, optimizer, schedule and batch size on given images; a round is `epochs` epochs."""

    recipe: Recipe
    training: Dataset
    test: Dataset
    epochs: int

    @classmethod
    def endless(cls, recipe: Recipe, training: Dataset, test: Dataset) -> Work:
        """Round after round of an epoch, or of ten where an epoch is one step."""
        recipe = dataclasses.replace(recipe, epochs=ENDLESS, stopping=None, keep="last")
        return cls(recipe, training, test, epochs=10 if recipe.batch_size == "full" else 1)

    @property
    def images(self) -> int:
        """Images trained on in a round."""
        return self.epochs * len(self.training)

    @property
    def batch_size(self) -> int:
        return len(self.training) if self.recipe.batch_size == "full" else self.recipe.batch_size

    @property
    def steps(self) -> int:
        """Steps in a round."""
        return self.epochs * -(-len(self.training) // self.batch_size)

    @cached_property
    def x(self) -> np.ndarray:
        """Training images as the other sides want them: (N, 784) float32 in 0-1."""
        return self.training.images.reshape(len(self.training), -1) * np.float32(1 / 255)

    def order(self, epoch: int) -> np.ndarray:
        """Rows of the training images in the order of Inkling's loop."""
        return make_rng(self.recipe.seed, Purpose.SHUFFLE, epoch).permutation(len(self.training))

    def shown(self, epoch: int) -> np.ndarray:
        """Training images (N, 784) as augmented in an epoch, by Inkling's code but with draws other than its loop's."""
        if not self.recipe.augment:
            return self.x
        x = self.x.copy()
        Augmenter(self.recipe.augment)(x.reshape(-1, *INPUT_SHAPE), make_rng(self.recipe.seed, Purpose.AUGMENT, epoch))
        return x

    def statistics_rows(self, epoch: int) -> np.ndarray:
        """Rows of the training images that batch statistics of averaged parameters are estimated from."""
        rows = make_rng(self.recipe.seed, Purpose.STATISTICS, epoch).permutation(len(self.training))
        return rows[:STATISTICS_IMAGES]

    def shortened(self, images: int) -> Work:
        """A round over a few images, to try things out; full batches stay what they are."""
        if self.recipe.batch_size == "full":
            return self
        return dataclasses.replace(self, training=self.training[:images], epochs=1)

    def single_step(self, images: int = 128) -> Work:
        """One step on the first images in one shard, whose statistics are the batch's, as all other sides have them.

        Without dropout and augmentation, which no two sides draw alike, at the peak of the schedule. Where batches are
        normalised, by plain descent if the rule is adaptive: the biases in front have a gradient of 0, and Adam would
        make whole steps of what rounding leaves of it.
        """
        calm = without_dropout(self.recipe.network)
        recipe = dataclasses.replace(self.recipe, network=calm, batch_size="full", shards=1, augment=())
        recipe = dataclasses.replace(recipe, schedule=ConstantLR(recipe.schedule.lr))  # some start from 0
        if calm.layout.statistics and not isinstance(recipe.optimizer, SGD | Muon):
            recipe = dataclasses.replace(recipe, optimizer=SGD())
        return Work(recipe, self.training[:images], self.test, epochs=1)

    def first_parameters(self) -> Parameters:
        return TrainingState.start(self.recipe).params

    def accuracy(self, params: Parameters) -> float:
        """Share of the test images read right; the parameters of every side are judged by the same code."""
        x = self.test.images[..., None] * np.float32(1 / 255)
        return float(np.mean(self.recipe.network.logits(params, x).argmax(axis=1) == self.test.labels))


def mnist(images: int) -> tuple[Dataset, Dataset]:
    """So many training images, and others of the training file to test on."""
    source = load("mnist")
    assert source.train is not None
    return source.train[:images], source.train[-TEST_IMAGES:]


class Side(ABC):
    """One library at the work. `loss` is that of the latest step, or the mean of its epoch."""

    loss: float
    tolerance: float = 1e-3  # step lengths by which rounding may move the end of a step

    def __init__(self, work: Work) -> None:
        self.work = work

    @property
    def images(self) -> int:
        return self.work.images

    @abstractmethod
    def run(self) -> float:
        """Train one round; its seconds."""

    @property
    @abstractmethod
    def parameters(self) -> Parameters:
        """What was learnt so far."""


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

    @property
    def parameters(self) -> Parameters:
        return self.state.eval_parameters


class Timed(Protocol):
    @property
    def images(self) -> int:
        """Images trained on in a round."""

    def run(self) -> float:
        """Train one round; its seconds."""


Key = TypeVar("Key")


def trial(sides: Mapping[Key, Timed], times: int = 3) -> dict[Key, float]:
    """Images a second of each side in its best round, the sides taking turns after one round to get warm."""
    for side in sides.values():
        side.run()
    seconds: dict[Key, list[float]] = {key: [] for key in sides}
    for _ in range(times):
        for key, side in sides.items():
            seconds[key].append(side.run())
    return {key: sides[key].images / min(times) for key, times in seconds.items()}
