"""The job of a training: the tasks of its steps, and the arrays that these read and write."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np

from inkling.nn import CPU, Device, Parameters
from inkling.optim import Matrix, OptimizerState
from inkling.recipes.recipe import Recipe
from inkling.rng import Purpose, make_rng
from inkling.training.average import ema_update
from inkling.training.batch_statistics import measure_statistics, without_dropout
from inkling.training.executor import Executor
from inkling.training.quantized_weights import quantize
from inkling.training.shard import Objective, Shard, ShardScratch, loss_and_gradient
from inkling.training.state import TrainingState

SHARED_UPDATE_PARAMETERS = 100_000  # parameters from which several workers share an update; fewer move faster in one
ROW_PARAMETERS = 16  # the gradients of the shards begin at multiples of these, which are cache lines of 64 bytes


class Task(IntEnum):
    """What part k of each task does is the docstring of the method with the task's name."""

    GRADIENT = 0
    UPDATE = 1
    STATISTICS = 2


class StepJob:
    """Arrays of a training, in the memory of an executor, and the tasks that work on them.

    The vectors of `state` are exchanged for those that the executor allocates. On another device than the processor the
    job has vectors of its own: those of the state are moved there by `load`, and back by `store`.
    """

    def __init__(
        self,
        recipe: Recipe,
        state: TrainingState,
        objective: Objective,
        executor: Executor,
        device: Device = CPU,
    ) -> None:
        self.recipe, self.objective, self.device, allocate = recipe, objective, device, executor.allocate
        images = len(objective.images)
        self.batch_size = images if recipe.batch_size == "full" else min(recipe.batch_size, images)
        state.params = allocated(state.params, executor)
        state.optimizer = OptimizerState(tuple(map(allocate, state.optimizer.moments)), state.optimizer.steps)
        state.average = None if state.average is None else allocated(state.average, executor)
        self.params = state.params.on(device)
        self.moments = tuple(map(device.put, state.optimizer.moments))
        self.average = None if state.average is None else state.average.on(device)
        self.weights = self._evaluated(self.params, executor)
        self.average_weights = None if self.average is None else self._evaluated(self.average, executor)
        self.gradients = self._allocate_gradients(executor)
        self.batch_rows = allocate(np.zeros(self.batch_size, np.int64))
        self.learning_rate = allocate(np.zeros(1))
        self.counters = allocate(np.zeros(3, np.int64))  # images of this batch, number of the step, epoch
        self.losses, self.correct = allocate(np.zeros(recipe.shards)), allocate(np.zeros(recipe.shards, np.int64))
        size = self.params.layout.size
        shared = executor.shares_memory and size >= SHARED_UPDATE_PARAMETERS and recipe.optimizer.elementwise
        pieces = executor.size if shared else 1
        self.spans = [part(size, pieces, k) for k in range(pieces)]
        self._make_scratch()

    def _evaluated(self, params: Parameters, executor: Executor) -> Parameters:
        """The parameters that images pass through: the quantised ones, or these where weights stay float32."""
        if self.recipe.weight_bits is None:
            return params
        evaluated = Parameters(params.layout, executor.allocate(params.flat), params.statistics)
        quantize(params, self.recipe.weight_bits, evaluated.flat)
        return evaluated

    def _allocate_gradients(self, executor: Executor) -> list[Parameters]:
        """The gradient of each shard: a row of one array, as each allocation may cost a file handle."""
        layout, shards = self.params.layout, self.recipe.shards
        flat, statistics = (
            self.device.put(
                executor.allocate(np.zeros((shards, -(-n // ROW_PARAMETERS) * ROW_PARAMETERS), np.float32))
            )[:, :n]
            for n in (layout.size, layout.statistics_size)
        )
        return [Parameters(layout, flat[k], statistics[k]) for k in range(shards)]

    def _make_scratch(self) -> None:
        """What each process has for itself."""
        network = self.recipe.network
        counts = (self.batch_size, min(self.batch_size, 3))  # of three images, a shard that needs two may get all
        capacity = max(-(-count // self.shards(count)) for count in counts)
        augment, device = self.objective.augment, self.device
        self.scratch = ShardScratch(network, capacity, training=True, augment=augment, device=device)
        self.without_dropout = without_dropout(network)
        self.matrices = [Matrix(*place) for place in network.hidden_matrices]
        self.generators: list[tuple[np.random.Generator, np.random.Generator]] = []
        self.generators_epoch = -1

    def __getstate__(self) -> dict[str, Any]:
        own = ("scratch", "without_dropout", "matrices", "generators", "generators_epoch")
        return {name: value for name, value in self.__dict__.items() if name not in own}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._make_scratch()

    def run(self, task: int, k: int) -> None:
        (self.gradient, self.update, self.statistics)[task](k)

    def inputs(self, task: int) -> list[np.ndarray]:
        averaged = task == Task.STATISTICS and self.average_weights is not None
        read = self.average_weights if averaged else self.weights
        assert read is not None
        return [read.flat, read.statistics, self.batch_rows, self.counters]

    def outputs(self, task: int, k: int) -> list[np.ndarray]:
        gradient = self.gradients[k]
        if task == Task.STATISTICS:
            return [gradient.statistics]
        return [gradient.flat, gradient.statistics, self.losses[k : k + 1], self.correct[k : k + 1]]

    def gradient(self, k: int) -> None:
        """The loss and the gradient of shard k of the batch."""
        batch_size, _, epoch = self.counters.tolist()
        shard = Shard(self._rows(k), batch_size, *self._generators(epoch, k))
        self.losses[k], self.correct[k] = loss_and_gradient(
            self.objective, self.weights, shard, self.gradients[k], self.scratch
        )

    def update(self, k: int) -> None:
        """Add the shards' gradients in span k of θ, in order, and move that span."""
        span, (batch_size, step, _) = self.spans[k], self.counters.tolist()
        here = slice(*span)
        total, *others = [gradient.flat for gradient in self.gradients[: self.shards(batch_size)]]
        for other in others:
            total[here] += other[here]
        self.recipe.optimizer.update(
            self.params.flat,
            total,
            OptimizerState(self.moments, step),
            lr=float(self.learning_rate[0]),
            decayed=self.params.layout.decayed,
            span=span,
            matrices=self.matrices,
        )
        if self.average is not None and self.recipe.ema is not None:
            ema_update(self.average.flat[here], self.params.flat[here], total[here], decay=self.recipe.ema, t=step)

    def statistics(self, k: int) -> None:
        """The batch statistics of shard k under the averaged parameters."""
        assert self.average_weights is not None
        x = self.scratch.on_device(self.scratch.gather(self.objective.images, self._rows(k)))
        workspace, gradient = self.scratch.workspace, self.gradients[k]
        measure_statistics(self.without_dropout, self.average_weights, x, workspace, gradient, self.device)

    def load(self, state: TrainingState) -> None:
        """Move the vectors of the state to the device."""
        for host, own in zip(state.vectors(), self._vectors(), strict=True):
            self.device.put(host, out=own)

    def store(self, state: TrainingState) -> None:
        """Move them back, as the steps have left them."""
        for host, own in zip(state.vectors(), self._vectors(), strict=True):
            self.device.get(own, out=host)

    def _vectors(self) -> list[np.ndarray]:
        """The vectors on the device, in the order of `TrainingState.vectors`."""
        average = [] if self.average is None else [self.average.flat, self.average.statistics]
        return [self.params.flat, self.params.statistics, *self.moments, *average]

    def quantize(self) -> None:
        """Quantise the parameters as they are now; no task, since it takes whole weights, and little time."""
        if self.recipe.weight_bits is not None:
            quantize(self.params, self.recipe.weight_bits, self.weights.flat)

    def quantize_average(self) -> None:
        if self.recipe.weight_bits is not None and self.average is not None and self.average_weights is not None:
            quantize(self.average, self.recipe.weight_bits, self.average_weights.flat)

    def shards(self, count: int) -> int:
        """How many shards a batch of `count` images is cut into: batch statistics need two images in each."""
        return max(1, min(self.recipe.shards, count // 2 if self.params.layout.statistics else count))

    def batch_statistics(self, count: int) -> Parameters:
        """The gradient whose `statistics` are those of the batch: the mean over its shards, weighted by their size."""
        shards, total = self.shards(count), self.gradients[0]
        for k in range(shards):
            start, stop = part(count, shards, k)
            weighted = self.gradients[k].statistics
            weighted *= np.float32((stop - start) / count)
            if k > 0:
                total.statistics += weighted
        return total

    def _rows(self, k: int) -> np.ndarray:
        """The rows of the images of shard k of the batch."""
        count = int(self.counters[0])
        return self.batch_rows[slice(*part(count, self.shards(count), k))]

    def _generators(self, epoch: int, k: int) -> tuple[np.random.Generator, np.random.Generator]:
        """The generators of shard k for augmentation and for layers; both go on from batch to batch of an epoch."""
        if self.generators_epoch != epoch:
            seed, shards = self.recipe.seed, range(self.recipe.shards)
            self.generators = [
                (make_rng(seed, Purpose.AUGMENT, epoch, shard), make_rng(seed, Purpose.LAYERS, epoch, shard))
                for shard in shards
            ]
            self.generators_epoch = epoch
        return self.generators[k]


def allocated(params: Parameters, executor: Executor) -> Parameters:
    """The same parameters in memory of the executor."""
    return Parameters(params.layout, executor.allocate(params.flat), executor.allocate(params.statistics))


def part(count: int, parts: int, k: int) -> tuple[int, int]:
    """Where part k of `count` things begins and ends; sizes differ by one at most."""
    return count * k // parts, count * (k + 1) // parts
