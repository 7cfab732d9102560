"""A training task: a recipe's network, optimizer, schedule and batches on given images, for any library to train."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from inkling.augmentation import Augmenter
from inkling.data import Dataset, load
from inkling.nn import Parameters
from inkling.optim import SGD, ConstantLR, Muon
from inkling.recipes import Recipe
from inkling.rng import Purpose, make_rng
from inkling.training import TrainingState
from inkling.training.batch_statistics import IMAGES as STATISTICS_IMAGES
from inkling.training.batch_statistics import without_dropout

TEST_IMAGES = 10_000  # taken from the training file: the test file is for releases
UNLIMITED_EPOCHS = 100_000  # more than any benchmark runs: it stops when it has measured enough


@dataclass(frozen=True)
class TrainingTask:
    """A recipe to train on given images; a round of measurement is `epochs` epochs."""

    recipe: Recipe
    training: Dataset
    test: Dataset
    epochs: int

    @classmethod
    def unlimited(cls, recipe: Recipe, training: Dataset, test: Dataset) -> TrainingTask:
        """Any number of rounds of one epoch each, or of ten epochs where an epoch is a single step."""
        recipe = dataclasses.replace(recipe, epochs=UNLIMITED_EPOCHS, stopping=None, keep="last")
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
        """Training images in the form that peers take: (N, 784) float32 in 0-1."""
        return self.training.images.reshape(len(self.training), -1) * np.float32(1 / 255)

    def order(self, epoch: int) -> np.ndarray:
        """Rows of the training images in the order of Inkling's loop."""
        return make_rng(self.recipe.seed, Purpose.SHUFFLE, epoch).permutation(len(self.training))

    def augmented(self, epoch: int) -> np.ndarray:
        """Training images (N, 784) as augmented in an epoch, by Inkling's code but with draws other than its loop's."""
        if not self.recipe.augment:
            return self.x
        x = self.x.copy()
        rng = make_rng(self.recipe.seed, Purpose.AUGMENT, epoch)
        Augmenter(self.recipe.augment)(x.reshape(-1, *self.recipe.network.input_shape), rng)
        return x

    def statistics_rows(self, epoch: int) -> np.ndarray:
        """Rows of the training images that the batch statistics of averaged parameters are estimated from."""
        rows = make_rng(self.recipe.seed, Purpose.STATISTICS, epoch).permutation(len(self.training))
        return rows[:STATISTICS_IMAGES]

    def shortened(self, images: int) -> TrainingTask:
        """A round over fewer images, for a short trial; a task in full batches stays as it is."""
        if self.recipe.batch_size == "full":
            return self
        return dataclasses.replace(self, training=self.training[:images], epochs=1)

    def single_step(self, images: int = 128) -> TrainingTask:
        """One step on the first images in one shard, so that batch statistics are those of the batch in all libraries.

        The step is without dropout and augmentation, which no two libraries draw alike, and at the peak of the
        schedule. Where batches are normalised, it is one of plain SGD if the optimizer is adaptive: the biases before
        a batch norm have a gradient of 0, and Adam would make whole steps of the rounding error in it.
        """
        network = without_dropout(self.recipe.network)
        recipe = dataclasses.replace(self.recipe, network=network, batch_size="full", shards=1, augment=())
        recipe = dataclasses.replace(recipe, schedule=ConstantLR(recipe.schedule.lr))  # some schedules start from 0
        if network.layout.statistics and not isinstance(recipe.optimizer, SGD | Muon):
            recipe = dataclasses.replace(recipe, optimizer=SGD())
        return TrainingTask(recipe, self.training[:images], self.test, epochs=1)

    def first_parameters(self) -> Parameters:
        return TrainingState.start(self.recipe).params

    def accuracy(self, params: Parameters) -> float:
        """The share of the test images classified correctly; every library's parameters are judged by this code."""
        x = self.test.images[..., None] * np.float32(1 / 255)
        return float(np.mean(self.recipe.network.logits(params, x).argmax(axis=1) == self.test.labels))


def mnist(images: int) -> tuple[Dataset, Dataset]:
    """The first training images of MNIST, and the last TEST_IMAGES of the training file to test on."""
    source = load("mnist")
    assert source.train is not None
    return source.train[:images], source.train[-TEST_IMAGES:]
