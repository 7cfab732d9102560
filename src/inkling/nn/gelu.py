"""GELU: each number times the probability that a standard normal one is smaller. A smooth ReLU."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from inkling.nn.blocks import Block, block_slices, images_per_block
from inkling.nn.layer import Array, ArraySpec, Cache, Layer, Rng, Shape

A = math.sqrt(2 / math.pi)
B = 0.044715


@dataclass(frozen=True, repr=False)
class GELU(Layer):
    """Gaussian error linear unit, in its tanh form: y ≈ x Φ(x), where Φ is the distribution function of N(0, 1).

    forward     y  = x h              h  = (1 + tanh u) / 2            u  = A (x + B x³)
    backward    dx = dy · y′          y′ = h (1 + 2 u′ x (1 − h))      u′ = A (1 + 3 B x²)

    A = √(2/π) and B = 0.044715. y′ is h + x h′, where h′ = 2 u′ h (1 − h). `forward` keeps y′, for which `backward`
    would need x and tanh u again; so the layer is in place.

    y differs from x Φ(x), PyTorch's default, by less than 0.0005, and equals `torch.nn.GELU(approximate="tanh")`.
    Hendrycks and Gimpel 2016, "Gaussian error linear units (GELUs)", section 2.
    """

    in_place: ClassVar[bool] = True

    def cache_arrays(self, shape: Shape) -> Mapping[str, ArraySpec]:
        return {"slope": ArraySpec(shape)}

    def scratch_arrays(self, shape: Shape, *, training: bool) -> Mapping[str, Block]:
        block = Block(images_per_block(shape), shape)
        return {"h": block} | ({"rest": block} if training else {})

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        for block in block_slices(len(x), len(cache.scratch.h)):
            part = x[block]
            h = _factor(part, cache.scratch.h[: len(part)])
            if training:
                _slope(part, h, cache.scratch.rest[: len(part)], out=cache.slope[block])
            np.multiply(part, h, out=cache.y[block])
        return cache.y

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        np.multiply(dy, cache.slope, out=cache.dx)


def _factor(x: Array, out: Array) -> Array:
    """h = (1 + tanh(A x (1 + B x²))) / 2."""
    h = np.multiply(x, x, out=out)
    h *= A * B
    h += A
    h *= x
    np.tanh(h, out=h)
    h += 1
    h *= 0.5
    return h


def _slope(x: Array, h: Array, rest: Array, out: Array) -> None:
    """y′ = h (1 + 2 u′ x (1 − h)), with 2 u′ = 2 A + 6 A B x²."""
    np.multiply(x, x, out=out)
    out *= 6 * A * B
    out += 2 * A
    out *= x
    out *= np.subtract(1, h, out=rest)
    out += 1
    out *= h
