"""A program: a folded network as a list of steps, each of which reads some values and writes one.

A value is the output of a layer, a flat array of numbers in the order of H, W and C. Value 0 is the image. Layers that
compute nothing when they predict, such as Flatten, make no step: the value behind them is the one before them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from inkling.nn.layer import Array, Shape

IMAGE = 0  # the value that a network reads, which is the caller's


@dataclass(frozen=True, eq=False)
class Step:
    """One operation on values.

    Attributes
    ----------
    kind : what it computes: the name of a function in `fragments/`.
    reads, writes : values.
    shape, output_shape : of one image in the first value that is read, and in the one that is written.
    arrays : weights and biases: those of kernels are (O, …), one row per output.
    options : numbers such as the stride.
    relu : whether max(y, 0) is written in place of y.
    """

    kind: str
    reads: tuple[int, ...]
    writes: int
    shape: Shape
    output_shape: Shape
    arrays: Mapping[str, Array] = field(default_factory=dict)
    options: Mapping[str, float] = field(default_factory=dict)
    relu: bool = False

    @property
    def size(self) -> int:
        """How many numbers it writes."""
        return math.prod(self.output_shape)

    @property
    def kernel(self) -> tuple[int, int, int]:
        """Kernel size, stride and padding of a kernel that moves over an image."""
        return int(self.options["kernel"]), int(self.options["stride"]), int(self.options.get("padding", 0))


@dataclass(frozen=True, eq=False)
class Program:
    """Steps in the order in which they run; the last writes the logits, which nothing reads."""

    steps: tuple[Step, ...]
    input_shape: Shape

    @property
    def result(self) -> int:
        """The value that holds the logits."""
        return self.steps[-1].writes

    @property
    def sizes(self) -> dict[int, int]:
        """How many numbers each value has."""
        return {IMAGE: math.prod(self.input_shape)} | {step.writes: step.size for step in self.steps}

    def readers(self, value: int) -> list[int]:
        """The numbers of the steps that read a value."""
        return [number for number, step in enumerate(self.steps) if value in step.reads]


def base_kind(step: Step) -> str:
    """What a step computes, whether it reads the image as numbers or as bytes ("conv2d_of_bytes")."""
    return step.kind.removesuffix("_of_bytes")
