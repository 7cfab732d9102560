"""PyTorch's side: the same network in torch.nn, in the variant that is fastest on this machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from inkling.nn import Dropout, Flatten, Layer, LeakyReLU, Linear, ReLU
from inkling.optim import SGD, Adam, Optimizer
from mlp_work import THREADS, Side, Work, first_arrays, trial


@dataclass(frozen=True)
class Variant:
    """A way to run PyTorch."""

    compiled: bool
    fused: bool
    threads: int

    def __str__(self) -> str:
        optimizer = "fused" if self.fused else "default"
        return f"{'compiled' if self.compiled else 'eager'}, {optimizer} optimizer, {self.threads} threads"


class PyTorch(Side):
    """Float32 images in memory, batches gathered by a permutation, the loss read once an epoch."""

    def __init__(self, work: Work, variant: Variant) -> None:
        super().__init__(work)
        torch.set_num_threads(variant.threads)
        self.variant, self.epoch = variant, 0
        self.x, self.y = torch.from_numpy(work.x), torch.from_numpy(work.training.labels)
        self.module = _module(work)
        self.optimizer = _optimizer(work.recipe.optimizer, self.module, variant.fused)
        self.loss_of = torch.compile(self._loss_of, dynamic=False) if variant.compiled else self._loss_of

    def _loss_of(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return functional.cross_entropy(self.module(x), y)

    def run(self) -> float:
        torch.set_num_threads(self.variant.threads)
        started = time.perf_counter()
        for _ in range(self.work.epochs):
            for group in self.optimizer.param_groups:
                group["lr"] = self.work.recipe.schedule(self.epoch, self.work.recipe.epochs)
            for x, y in self._batches():
                loss = self.loss_of(x, y)
                loss.backward()
                self.optimizer.step()
                self.optimizer.zero_grad()
            self.loss = loss.item()
            self.epoch += 1
        return time.perf_counter() - started

    def _batches(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        if self.work.recipe.batch_size == "full":
            yield self.x, self.y
            return
        for rows in torch.randperm(len(self.x)).split(self.work.batch_size):
            yield self.x.index_select(0, rows), self.y.index_select(0, rows)

    def arrays(self) -> list[tuple[np.ndarray, np.ndarray]]:
        return [(m.weight.detach().numpy().T, m.bias.detach().numpy()) for m in _linear_modules(self.module)]


def try_variants(work: Work, *, compiled: bool) -> tuple[dict[Variant, float], str]:
    """Images a second of each variant in a short trial, and why there is no compiled one, if there is none.

    The compiled ones take the optimizer that was better in the fastest eager one.
    """
    work = work.shortened()
    torch.compiler.reset()
    eager = [Variant(False, fused, threads) for fused in (False, True) for threads in THREADS]
    speeds = trial({variant: PyTorch(work, variant) for variant in eager})
    if not compiled:
        return speeds, "torch.compile not tried"
    fused = max(speeds, key=speeds.__getitem__).fused
    variants = [Variant(True, fused, threads) for threads in THREADS]
    try:
        return speeds | trial({variant: PyTorch(work, variant) for variant in variants}), ""
    except Exception as error:  # whatever the compilers of this machine come up with is a result, not an accident
        return speeds, f"torch.compile failed: {type(error).__name__}: {str(error).splitlines()[0]}"


def _module(work: Work) -> torch.nn.Sequential:
    """The recipe's network with the first weights that Inkling starts from."""
    network = work.recipe.network
    module = torch.nn.Sequential(
        *(_layer(layer, shape) for layer, shape in zip(network.layers, network.shapes, strict=False))
    )
    with torch.no_grad():
        for linear, (weight, bias) in zip(_linear_modules(module), first_arrays(work), strict=True):
            linear.weight.copy_(torch.from_numpy(weight.T))
            linear.bias.copy_(torch.from_numpy(bias))
    return module


def _layer(layer: Layer, shape: tuple[int, ...]) -> torch.nn.Module:
    match layer:
        case Flatten():
            return torch.nn.Identity()  # the rows are flat already
        case Linear():
            return torch.nn.Linear(*shape, layer.out_features)
        case ReLU():
            return torch.nn.ReLU(inplace=True)
        case LeakyReLU():
            return torch.nn.LeakyReLU(layer.negative_slope, inplace=True)
        case Dropout():
            return torch.nn.Dropout(layer.p)
    raise NotImplementedError(f"no twin of {layer}")


def _linear_modules(module: torch.nn.Sequential) -> list[torch.nn.Linear]:
    return [part for part in module if isinstance(part, torch.nn.Linear)]


def _optimizer(rule: Optimizer, module: torch.nn.Module, fused: bool) -> torch.optim.Optimizer:
    """The twin of a rule; the learning rate is set before every epoch.

    Weight decay reaches the biases too, as its users have it: sparing them takes a second group and costs time.
    """
    match rule:
        case SGD():
            extra = {"momentum": rule.momentum, "nesterov": rule.nesterov}
            return torch.optim.SGD(module.parameters(), weight_decay=rule.weight_decay, fused=fused, **extra)
        case Adam():
            extra = {"betas": rule.betas, "eps": rule.eps}
            return torch.optim.Adam(module.parameters(), weight_decay=rule.weight_decay, fused=fused, **extra)
    raise NotImplementedError(f"no twin of {rule}")
