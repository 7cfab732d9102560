"""The job of a training: the tasks of its steps, and the arrays that these read and write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from inkling.nn import CPU, Device, Parameters
from inkling.optim import Matrix, OptimizerState
from inkling.recipes.recipe import Recipe
from inkling.training.average import ema_update
from inkling.training.batch_statistics import measure_statistics, without_dropout
from inkling.training.executor import Executor, run_parts
from inkling.training.generators import ShardGenerators
from inkling.training.order import Order, Task
from inkling.training.quantized_weights import quantize
from inkling.training.shard import Objective, Shard, ShardScratch, loss_and_gradient
from inkling.training.state import TrainingState
from inkling.training.vectors import allocated, evaluated, gradients

SHARED_UPDATE_PARAMETERS = 100_000  # parameters from which several workers share an update; fewer move faster in one


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
        self.weights = evaluated(self.params, recipe.weight_bits, executor)
        self.average_weights = None if self.average is None else evaluated(self.average, recipe.weight_bits, executor)
        self.gradients = gradients(self.params.layout, recipe.shards, executor, device)
        self.batch_rows = allocate(np.zeros(self.batch_size, np.int64))
        self.learning_rate = allocate(np.zeros(1))
        self.counters = allocate(np.zeros(3, np.int64))  # images of this batch, number of the step, epoch
        self.losses, self.correct = allocate(np.zeros(recipe.shards)), allocate(np.zeros(recipe.shards, np.int64))
        size = self.params.layout.size
        shared = executor.shares_memory and size >= SHARED_UPDATE_PARAMETERS and recipe.optimizer.elementwise
        pieces = executor.size if shared else 1
        self.spans = [part(size, pieces, k) for k in range(pieces)]
        self._make_scratch()

    def _make_scratch(self) -> None:
        """What each process has for itself."""
        network = self.recipe.network
        counts = (self.batch_size, min(self.batch_size, 3))  # of three images, a shard that needs two may get all
        capacity = max(-(-count // self.shards(count)) for count in counts)
        augment, device = self.objective.augment, self.device
        self.scratch = ShardScratch(network, capacity, training=True, augment=augment, device=device)
        self.without_dropout = without_dropout(network)
        self.matrices = [Matrix(*place) for place in network.hidden_matrices]
        self.generators = ShardGenerators(self.recipe.seed)

    def __getstate__(self) -> dict[str, Any]:
        own = ("scratch", "without_dropout", "matrices", "generators")
        return {name: value for name, value in self.__dict__.items() if name not in own}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._make_scratch()

    def run(self, task: int, k: int) -> None:
        (self.gradient, self.update, self.statistics)[task](k)

    def order(self, task: int, parts: Sequence[int]) -> Order:
        read, (count, _, epoch) = self._read(task), self.counters.tolist()
        generators = [self.generators.of(epoch, k) for k in parts] if task == Task.GRADIENT else []
        return Order(task, parts, read.flat, read.statistics, self.batch_rows[:count], self.counters, generators)

    def carry_out(self, order: Order) -> list[Any]:
        read = self._read(order.task)
        read.flat[...], read.statistics[...], self.counters[...] = order.flat, order.statistics, order.counters
        self.batch_rows[: len(order.rows)] = order.rows
        for k, generators in zip(order.parts, order.generators, strict=False):
            self.generators.replace(order.epoch, k, generators)
        run_parts(self, order.task, order.parts)
        return [self._written(order, k) for k in order.parts]

    def enter(self, order: Order, answer: list[Any]) -> None:
        for k, (statistics, *others) in zip(order.parts, answer, strict=True):
            self.gradients[k].statistics[...] = statistics
            if order.task == Task.GRADIENT:
                self.gradients[k].flat[...], self.losses[k], self.correct[k], generators = others
                self.generators.replace(order.epoch, k, generators)

    def _read(self, task: int) -> Parameters:
        """The parameters that a task reads."""
        averaged = task == Task.STATISTICS and self.average_weights is not None
        read = self.average_weights if averaged else self.weights
        assert read is not None
        return read

    def _written(self, order: Order, k: int) -> tuple[Any, ...]:
        gradient = self.gradients[k]
        if order.task == Task.STATISTICS:
            return (gradient.statistics,)
        generators = self.generators.of(order.epoch, k)
        return gradient.statistics, gradient.flat, self.losses[k], self.correct[k], generators

    def gradient(self, k: int) -> None:
        """The loss and the gradient of shard k of the batch."""
        batch_size, _, epoch = self.counters.tolist()
        shard = Shard(self._rows(k), batch_size, *self.generators.of(epoch, k))
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


def part(count: int, parts: int, k: int) -> tuple[int, int]:
    """Where part k of `count` things begins and ends; sizes differ by one at most."""
    return count * k // parts, count * (k + 1) // parts
