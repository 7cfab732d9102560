"""Schedules: how the learning rate changes while training goes on.

A schedule is called with the time passed and the length of the training, both in epochs (fractions count), and returns
the learning rate. `lr` is its peak in every schedule, so that one option of the command line overrides it.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

from inkling.errors import UsageError
from inkling.notation import Notated


@dataclass(frozen=True, repr=False)
class Schedule(Notated, ABC):
    lr: float

    def __post_init__(self) -> None:
        if not 0 < self.lr < math.inf:
            raise UsageError(f"a learning rate is a number above 0, not {self.lr}")
        for name, value in vars(self).items():
            if isinstance(value, Schedule):
                continue
            bound = "from" if name in ("eta_min", "warmup", "gamma", "pct_start") else "above"
            if not 0 <= value < math.inf or (value == 0 and bound == "above"):
                raise UsageError(f"{type(self).__name__} needs {name} {bound} 0, not {value}")

    @abstractmethod
    def __call__(self, epoch: float, epochs: float) -> float:
        """The learning rate when `epoch` of `epochs` have passed."""


@dataclass(frozen=True, repr=False)
class ConstantLR(Schedule):
    """lr, always."""

    def __call__(self, epoch: float, epochs: float) -> float:
        return self.lr


@dataclass(frozen=True, repr=False)
class ExponentialLR(Schedule):
    """lr · γ^⌊epoch⌋: multiplied by gamma after every epoch."""

    gamma: float = 0.95

    def __call__(self, epoch: float, epochs: float) -> float:
        return self.lr * self.gamma ** math.floor(epoch)


@dataclass(frozen=True, repr=False)
class StepLR(Schedule):
    """lr · γ^⌊epoch / step_size⌋: multiplied by gamma after every `step_size` epochs."""

    step_size: int = 10
    gamma: float = 0.1

    def __call__(self, epoch: float, epochs: float) -> float:
        return self.lr * self.gamma ** math.floor(epoch / self.step_size)


@dataclass(frozen=True, repr=False)
class CosineAnnealingLR(Schedule):
    """Half a cosine from lr down to eta_min, after a linear rise over `warmup` epochs.

    Loshchilov and Hutter 2017, "SGDR", equation 5, without restarts.
    """

    eta_min: float = 0.0
    warmup: float = 0.0

    def __call__(self, epoch: float, epochs: float) -> float:
        if epoch < self.warmup:
            return self.lr * epoch / self.warmup
        return _cosine(self.lr, self.eta_min, (epoch - self.warmup) / max(epochs - self.warmup, 1e-9))


@dataclass(frozen=True, repr=False)
class OneCycleLR(Schedule):
    """Up from lr / div_factor to lr in the first part `pct_start`, then down to almost nothing, both as cosines.

    Smith and Topin 2018, "Super-convergence"; the shape and names are PyTorch's.
    """

    pct_start: float = 0.3
    div_factor: float = 25.0
    final_div_factor: float = 1e4

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.pct_start >= 1:
            raise UsageError(f"OneCycleLR needs pct_start below 1, not {self.pct_start}")

    def __call__(self, epoch: float, epochs: float) -> float:
        start = self.lr / self.div_factor
        done = epoch / epochs
        if done < self.pct_start:
            return _cosine(start, self.lr, done / self.pct_start)
        return _cosine(self.lr, start / self.final_div_factor, (done - self.pct_start) / (1 - self.pct_start))


@dataclass(frozen=True, repr=False)
class ChangedLR(Schedule):
    """lr from `epoch` on; until then what `before` gives: a training whose learning rate was changed while it ran.

    Up to `epoch`, a training with `before` has the same bits.
    """

    before: Schedule
    epoch: int

    def __call__(self, epoch: float, epochs: float) -> float:
        return self.lr if epoch >= self.epoch else self.before(epoch, epochs)


def _cosine(start: float, end: float, part: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * min(part, 1.0))) / 2
