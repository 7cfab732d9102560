"""PyTorch as a trainer: the same network in torch.nn, in the variant that is fastest on this machine."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch.nn import functional

from benchmarks.harness.task import TrainingTask
from benchmarks.harness.trainer import THREADS, Trainer, try_settings
from benchmarks.peers.pytorch_ema import AveragedModule
from benchmarks.peers.pytorch_network import OPTIMIZERS, copy_from_torch, copy_to_torch, optimizer, to_torch
from inkling.nn import Conv2d, Flatten, Parameters
from inkling.optim import Muon


@dataclass(frozen=True)
class Variant:
    """A setting of PyTorch."""

    threads: int = 1
    optimizer: str = "default"
    channels_last: bool = False
    compiled: bool = False

    def __str__(self) -> str:
        mode = "compiled" if self.compiled else "eager"
        layout = ", channels last" if self.channels_last else ""
        return f"{mode}{layout}, {self.optimizer} optimizer, {self.threads} threads"

    @property
    def memory_format(self) -> torch.memory_format:
        return torch.channels_last if self.channels_last else torch.contiguous_format


class PyTorchTrainer(Trainer):
    """Float32 images in memory, batches gathered by Inkling's permutations, the loss read once per epoch.

    Augmented images are ready when the clock starts.
    """

    def __init__(self, task: TrainingTask, variant: Variant) -> None:
        super().__init__(task)
        torch.set_num_threads(variant.threads)
        self.variant, self.epoch = variant, 0
        # The sums of PyTorch's channels-last batch norm are less exact, which changes some ReLUs and maxima. Muon's
        # iteration enlarges the rounding of small singular values: up to 3.4 times in each of its five steps.
        if variant.channels_last or isinstance(task.recipe.optimizer, Muon):
            self.tolerance = 0.05
        network = task.recipe.network
        self.shape = (-1, 784) if isinstance(network.layers[0], Flatten) else (-1, 1, 28, 28)
        self.x, self.y = torch.from_numpy(task.x).view(self.shape), torch.from_numpy(task.training.labels)
        self.module = to_torch(network).to(memory_format=variant.memory_format)
        copy_to_torch(network, task.first_parameters(), self.module)
        self.optimizer = optimizer(task.recipe.optimizer, network, self.module, variant.optimizer)
        self.average = None if task.recipe.ema is None else AveragedModule(self.module, task.recipe.ema)
        self.loss_of = torch.compile(self._loss_of, dynamic=False) if variant.compiled else self._loss_of

    def _loss_of(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return functional.cross_entropy(self.module(x), y)

    def run(self) -> float:
        torch.set_num_threads(self.variant.threads)
        seconds = 0.0
        for _ in range(self.task.epochs):
            x = torch.from_numpy(self.task.augmented(self.epoch)).view(self.shape)
            started = time.perf_counter()
            self._train(x)
            seconds += time.perf_counter() - started
            self.epoch += 1
        return seconds

    def _train(self, images: torch.Tensor) -> None:
        """Train for one epoch."""
        for passed, x, y in self._batches(images):
            for group in self.optimizer.param_groups:
                group["lr"] = self.task.recipe.schedule(self.epoch + passed, self.task.recipe.epochs)
            loss = self.loss_of(x, y)
            loss.backward()
            self.optimizer.step()
            self.optimizer.zero_grad()
            if self.average is not None:
                self.average.ema_update()
        self.loss = loss.item()
        if self.average is not None:
            rows = torch.from_numpy(self.task.statistics_rows(self.epoch))
            self.average.reestimate(self.x.index_select(0, rows), self.task.batch_size)

    def _batches(self, images: torch.Tensor) -> Iterator[tuple[float, torch.Tensor, torch.Tensor]]:
        """The fraction of the epoch that has passed, images and labels of each batch."""
        if self.task.recipe.batch_size == "full":
            yield 0.0, images, self.y
            return
        order, size = torch.from_numpy(self.task.order(self.epoch)), self.task.batch_size
        for i, rows in enumerate(order.split(size)):
            yield i * size / len(order), images.index_select(0, rows), self.y.index_select(0, rows)

    @property
    def parameters(self) -> Parameters:
        return copy_from_torch(self.task.recipe.network, self.module if self.average is None else self.average.module)


def try_variants(task: TrainingTask, images: int, *, compiled: bool) -> tuple[dict[Variant, float], str]:
    """Images per second of each variant in a short trial, and a remark if there is no compiled variant.

    Memory formats come first, if the network has convolutions, then optimizers with the faster format, each with every
    number of threads. The compiled variants take format and optimizer of the fastest eager one.
    """
    task = task.shortened(images)
    torch.compiler.reset()
    formats = (False, True) if any(isinstance(layer, Conv2d) for layer in task.recipe.network.layers) else (False,)
    speeds = _try(task, [Variant(channels_last=each) for each in formats])
    best = _fastest(speeds)
    speeds |= _try(task, [replace(best, optimizer=kind) for kind in OPTIMIZERS if kind != best.optimizer])
    if not compiled:
        return speeds, "torch.compile not tried"
    try:
        return speeds | _try(task, [replace(_fastest(speeds), compiled=True)]), ""
    except Exception as error:  # whatever the compilers of this machine raise is a result of the trial
        return speeds, f"torch.compile failed: {type(error).__name__}: {str(error).splitlines()[0]}"


def _try(task: TrainingTask, variants: Sequence[Variant]) -> dict[Variant, float]:
    each = [replace(variant, threads=threads) for variant in variants for threads in THREADS]
    return try_settings({variant: PyTorchTrainer(task, variant) for variant in each})


def _fastest(speeds: dict[Variant, float]) -> Variant:
    return max(speeds, key=speeds.__getitem__)
