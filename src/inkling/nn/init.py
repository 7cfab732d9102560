"""Initializers: how the first values of a parameter are drawn.

A weight's last axis is its output; the product of the others is its fan-in.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from inkling.errors import UsageError
from inkling.notation import Notated


class Initializer(Notated, ABC):
    @abstractmethod
    def fill(self, weight: np.ndarray, rng: np.random.Generator) -> None:
        """Overwrite `weight` (…, O) with fresh values."""


@dataclass(frozen=True, repr=False)
class KaimingNormal(Initializer):
    """N(0, gain² / fan_in), gain² = 2 / (1 + negative_slope²): keeps the variance through (leaky) ReLUs.

    He et al. 2015, "Delving Deep into Rectifiers", equations 10 and 15; also known as He initialisation.
    """

    negative_slope: float = 0.0

    def fill(self, weight: np.ndarray, rng: np.random.Generator) -> None:
        fan_in = math.prod(weight.shape[:-1])
        weight[...] = rng.normal(0.0, math.sqrt(2.0 / (1.0 + self.negative_slope**2) / fan_in), weight.shape)


@dataclass(frozen=True, repr=False)
class XavierNormal(Initializer):
    """N(0, 2 / (fan_in + fan_out)): between the variances that forward and backward pass ask for.

    Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", eq. 12.
    """

    def fill(self, weight: np.ndarray, rng: np.random.Generator) -> None:
        *taps, fan_in, fan_out = weight.shape
        fans = math.prod(taps) * (fan_in + fan_out)
        weight[...] = rng.normal(0.0, math.sqrt(2.0 / fans), weight.shape)


@dataclass(frozen=True, repr=False)
class Normal(Initializer):
    """N(mean, std²), whatever the shape."""

    std: float
    mean: float = 0.0

    def __post_init__(self) -> None:
        if self.std < 0:
            raise UsageError(f"Normal needs a standard deviation of at least 0, not {self.std}")

    def fill(self, weight: np.ndarray, rng: np.random.Generator) -> None:
        weight[...] = rng.normal(self.mean, self.std, weight.shape)


@dataclass(frozen=True, repr=False)
class Constant(Initializer):
    """The same value everywhere."""

    value: float

    def fill(self, weight: np.ndarray, rng: np.random.Generator) -> None:
        weight[...] = self.value
