"""Initializers: how the first values of a parameter are drawn."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from inkling.errors import UsageError
from inkling.notation import Notated


class Fans(NamedTuple):
    """How many numbers each output of a weight is a sum over, and how many outputs each input goes into.

    A matrix (F, O) has the fans F and O; a kernel (K, K, C, O) has K·K·C and K·K·O; a kernel for each channel by itself
    has K·K and K·K. The layer declares them, since a shape alone does not tell.
    """

    fan_in: int
    fan_out: int


class Initializer(Notated, ABC):
    @abstractmethod
    def fill(self, weight: np.ndarray, rng: np.random.Generator, fans: Fans | None = None) -> None:
        """Overwrite `weight` with fresh values. ValueError where they depend on fans and the layer declares none."""


@dataclass(frozen=True, repr=False)
class KaimingNormal(Initializer):
    """N(0, gain² / fan_in), gain² = 2 / (1 + negative_slope²): keeps the variance through (leaky) ReLUs.

    He et al. 2015, "Delving Deep into Rectifiers", equations 10 and 15; also known as He initialisation.
    """

    negative_slope: float = 0.0

    def fill(self, weight: np.ndarray, rng: np.random.Generator, fans: Fans | None = None) -> None:
        fan_in = _declared(self, fans).fan_in
        weight[...] = rng.normal(0.0, math.sqrt(2.0 / (1.0 + self.negative_slope**2) / fan_in), weight.shape)


@dataclass(frozen=True, repr=False)
class XavierNormal(Initializer):
    """N(0, 2 / (fan_in + fan_out)): between the variances that forward and backward pass ask for.

    Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", eq. 12.
    """

    def fill(self, weight: np.ndarray, rng: np.random.Generator, fans: Fans | None = None) -> None:
        weight[...] = rng.normal(0.0, math.sqrt(2.0 / sum(_declared(self, fans))), weight.shape)


@dataclass(frozen=True, repr=False)
class Normal(Initializer):
    """N(mean, std²), whatever the fans."""

    std: float
    mean: float = 0.0

    def __post_init__(self) -> None:
        if self.std < 0:
            raise UsageError(f"Normal needs a standard deviation of at least 0, not {self.std}")

    def fill(self, weight: np.ndarray, rng: np.random.Generator, fans: Fans | None = None) -> None:
        weight[...] = rng.normal(self.mean, self.std, weight.shape)


@dataclass(frozen=True, repr=False)
class Constant(Initializer):
    """The same value everywhere."""

    value: float

    def fill(self, weight: np.ndarray, rng: np.random.Generator, fans: Fans | None = None) -> None:
        weight[...] = self.value


def _declared(init: Initializer, fans: Fans | None) -> Fans:
    if fans is None:
        raise ValueError(f"{init} scales with fans: the layer must declare them in its ParameterSpec, fans=Fans(F, O)")
    return fans
