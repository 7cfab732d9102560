"""PyTorch's side: the same network in torch.nn, in the variant that is fastest on this machine."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch.nn import functional

from inkling.nn import Conv2d, Flatten, Parameters
from pytorch_average import Average
from pytorch_twin import OPTIMIZERS, give, optimizer, take, twin
from work import THREADS, Side, Work, trial


@dataclass(frozen=True)
class Variant:
    """A way to run PyTorch."""

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


class PyTorch(Side):
    """Float32 images in memory, batches gathered by Inkling's permutations, the loss read once an epoch.

    Augmented images are ready when the clock starts.
    """

    def __init__(self, work: Work, variant: Variant) -> None:
        super().__init__(work)
        torch.set_num_threads(variant.threads)
        self.variant, self.epoch = variant, 0
        if variant.channels_last:  # its batch norm adds up without care, which turns some ReLUs and maxima
            self.tolerance = 0.05
        network = work.recipe.network
        self.shape = (-1, 784) if isinstance(network.layers[0], Flatten) else (-1, 1, 28, 28)
        self.x, self.y = torch.from_numpy(work.x).view(self.shape), torch.from_numpy(work.training.labels)
        self.module = twin(network).to(memory_format=variant.memory_format)
        give(network, work.first_parameters(), self.module)
        self.optimizer = optimizer(work.recipe.optimizer, network, self.module, variant.optimizer)
        self.average = None if work.recipe.ema is None else Average(self.module, work.recipe.ema)
        self.loss_of = torch.compile(self._loss_of, dynamic=False) if variant.compiled else self._loss_of

    def _loss_of(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return functional.cross_entropy(self.module(x), y)

    def run(self) -> float:
        torch.set_num_threads(self.variant.threads)
        seconds = 0.0
        for _ in range(self.work.epochs):
            x = torch.from_numpy(self.work.shown(self.epoch)).view(self.shape)
            started = time.perf_counter()
            self._train(x)
            seconds += time.perf_counter() - started
            self.epoch += 1
        return seconds

    def _train(self, images: torch.Tensor) -> None:
        """An epoch."""
        for passed, x, y in self._batches(images):
            for group in self.optimizer.param_groups:
                group["lr"] = self.work.recipe.schedule(self.epoch + passed, self.work.recipe.epochs)
            loss = self.loss_of(x, y)
            loss.backward()
            self.optimizer.step()
            self.optimizer.zero_grad()
            if self.average is not None:
                self.average.fold_in()
        self.loss = loss.item()
        if self.average is not None:
            rows = torch.from_numpy(self.work.statistics_rows(self.epoch))
            self.average.reestimate(self.x.index_select(0, rows), self.work.batch_size)

    def _batches(self, images: torch.Tensor) -> Iterator[tuple[float, torch.Tensor, torch.Tensor]]:
        """The part of the epoch that has passed, images, labels."""
        if self.work.recipe.batch_size == "full":
            yield 0.0, images, self.y
            return
        order, size = torch.from_numpy(self.work.order(self.epoch)), self.work.batch_size
        for i, rows in enumerate(order.split(size)):
            yield i * size / len(order), images.index_select(0, rows), self.y.index_select(0, rows)

    @property
    def parameters(self) -> Parameters:
        return take(self.work.recipe.network, self.module if self.average is None else self.average.module)


def try_variants(work: Work, images: int, *, compiled: bool) -> tuple[dict[Variant, float], str]:
    """Images a second of each variant in a short trial, and why there is no compiled one, if there is none.

    First memory formats, where there are convolutions, then optimizers with the better format, each with every number
    of threads; the compiled ones take the format and optimizer of the fastest eager one.
    """
    work = work.shortened(images)
    torch.compiler.reset()
    formats = (False, True) if any(isinstance(layer, Conv2d) for layer in work.recipe.network.layers) else (False,)
    speeds = _try(work, [Variant(channels_last=each) for each in formats])
    best = _fastest(speeds)
    speeds |= _try(work, [replace(best, optimizer=kind) for kind in OPTIMIZERS if kind != best.optimizer])
    if not compiled:
        return speeds, "torch.compile not tried"
    try:
        return speeds | _try(work, [replace(_fastest(speeds), compiled=True)]), ""
    except Exception as error:  # whatever the compilers of this machine come up with is a result, not an accident
        return speeds, f"torch.compile failed: {type(error).__name__}: {str(error).splitlines()[0]}"


def _try(work: Work, variants: Sequence[Variant]) -> dict[Variant, float]:
    each = [replace(variant, threads=threads) for variant in variants for threads in THREADS]
    return trial({variant: PyTorch(work, variant) for variant in each})


def _fastest(speeds: dict[Variant, float]) -> Variant:
    return max(speeds, key=speeds.__getitem__)
