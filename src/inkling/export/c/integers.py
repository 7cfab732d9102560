"""A program in integers: what each step multiplies, adds and shifts. `quantize.py` says where the numbers come from."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from inkling.export.c.program import Program, Step
from inkling.nn.layer import Array

KERNELS = ("linear", "conv2d", "depthwise_conv2d")  # steps with weights


@dataclass(frozen=True)
class Scale:
    """Bytes q stand for scale · (q - zero)."""

    scale: float
    zero: int


@dataclass(frozen=True, eq=False)
class IntegerStep:
    """A step on bytes.

    Attributes
    ----------
    step : what it computes; its weights are levels, int8, and its biases int32.
    zeros : of the values that it reads.
    zero : of the value that it writes.
    multipliers, shift : what sums are multiplied by, multiplier / 2**shift; int32 (O,), or one for each value of a
        mean, or two for a LeakyReLU, above and below 0. Empty where numbers are copied.
    bits : of a weight.
    """

    step: Step
    zeros: tuple[int, ...]
    zero: int = 0
    multipliers: Array = field(default_factory=lambda: np.zeros(0, np.int32))
    shift: int = 0
    bits: int = 8


@dataclass(frozen=True, eq=False)
class IntegerProgram:
    """Steps on bytes; the last writes integers, int32, that are logits once multiplied by `scales` (O,)."""

    program: Program
    steps: tuple[IntegerStep, ...]
    scales: Array
