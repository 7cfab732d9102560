"""Memory: where each value lies in the one buffer, so that the buffer is small.

A value lives from the step that writes it to the last that reads it; values that live at the same time lie apart. But a
step that reads a value for the last time may write over it as far as it has read: the input then lies `gap` numbers
or more behind the beginning of the output. Blacker, Bridges and Hadfield 2020, "Diagonal memory optimisation for
machine learning on micro-controllers" (arXiv:2010.01668).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from itertools import permutations
from typing import NamedTuple

import numpy as np

from inkling.export.c.program import IMAGE, Program, Step, base_kind

_ALL_ORDERS = 6  # Of so many values, every order of placing them is tried.
_RANDOM_ORDERS = 300  # Of more values, so many random orders are tried, and some good ones.
_KERNELS = ("conv2d", "depthwise_conv2d")


class Plan(NamedTuple):
    """The place of the first number of each value in the buffer, and how many numbers the buffer has."""

    offsets: dict[int, int]
    size: int


def plan(program: Program) -> Plan:
    """A plan with the smallest peak that is found. The image and the logits are the caller's and have no place."""
    lives = _lives(program)
    gaps = _gaps(program, lives)
    sizes = program.sizes
    best = None
    for order in _orders(list(lives), sizes):
        found = _place(order, lives, gaps, sizes)
        if best is None or found.size < best.size:
            best = found
    return best or Plan({}, 0)


def gap(step: Step) -> int:
    """How many numbers an input has to begin behind the output of a step that may write over it."""
    if base_kind(step) in _KERNELS:
        return _gap_of_kernel(step)
    if base_kind(step) == "linear":
        return step.size  # every output reads all inputs
    return 0  # The number at place i is written when all up to it are read.


def _gap_of_kernel(step: Step) -> int:
    """While pixel p of y is written, x is read from the upper left corner of its window on, until its last channel.

    Behind the last channel, x is read from the corners of later windows on.
    """
    height, width, channels = step.output_shape
    _, stride, padding = step.kernel
    rows = (stride * np.arange(height) - padding).clip(min=0)
    columns = (stride * np.arange(width) - padding).clip(min=0)
    corners = ((rows[:, None] * step.shape[1] + columns) * step.shape[2]).ravel()
    read_from = np.minimum.accumulate(corners[::-1])[::-1]
    written = channels * np.arange(1, height * width + 1)
    during = written - 1 - read_from if channels > 1 else np.zeros(1)
    return max(0, int(during.max()), int((written[:-1] - read_from[1:]).max(initial=0)))


def _lives(program: Program) -> dict[int, tuple[int, int]]:
    """The first and the last step of each value that lies in the buffer."""
    born = {step.writes: number for number, step in enumerate(program.steps) if step.writes != program.result}
    return {value: (number, max(program.readers(value), default=number)) for value, number in born.items()}


def _gaps(program: Program, lives: dict[int, tuple[int, int]]) -> dict[tuple[int, int], int]:
    """By input and output, the gap of each step at which an input dies."""
    return {
        (read, step.writes): gap(step)
        for number, step in enumerate(program.steps)
        for read in step.reads
        if read != IMAGE and step.writes in lives and lives[read][1] == number
    }


def _orders(values: list[int], sizes: dict[int, int]) -> Iterable[Sequence[int]]:
    if len(values) <= _ALL_ORDERS:
        return permutations(values)
    good = [values, values[::-1], sorted(values, key=lambda value: -sizes[value])]
    chance = random.Random(0)  # the same model gives the same header
    return [*good, *(chance.sample(values, len(values)) for _ in range(_RANDOM_ORDERS))]


def _place(
    order: Sequence[int],
    lives: dict[int, tuple[int, int]],
    gaps: dict[tuple[int, int], int],
    sizes: dict[int, int],
) -> Plan:
    """Each value in turn at the lowest place that is left to it."""
    offsets: dict[int, int] = {}
    for value in order:
        taken = []
        for other, start in offsets.items():
            if lives[value][0] <= lives[other][1] and lives[other][0] <= lives[value][1]:
                before, behind = sizes[value], sizes[other]
                if (value, other) in gaps:
                    behind = min(behind, gaps[value, other])
                if (other, value) in gaps:
                    before = min(before, gaps[other, value])
                taken.append((start - before, start + behind))
        offsets[value] = _lowest(taken)
    return Plan(offsets, max((start + sizes[value] for value, start in offsets.items()), default=0))


def _lowest(taken: list[tuple[int, int]]) -> int:
    """The lowest place from 0 on that is inside none of these open ranges."""
    place = 0
    for low, high in sorted(taken):
        if low < place < high:
            place = high
    return place
