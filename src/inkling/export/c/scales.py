"""Scales of values: the bytes of each value of a program stand for numbers that are measured on images."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inkling.export.c.execution import pieces, values_of
from inkling.export.c.integers import Scale
from inkling.export.c.program import IMAGE, Program, Step
from inkling.nn.layer import Array

KEEP_SCALE = ("max_pool2d", "center_crop", "relu")
_AVERAGES = ("mean", "avg_pool2d", "global_avg_pool")
_CLIPPED = np.linspace(1, 0.5, 21)  # A scale may leave out the largest numbers: so much of them is tried.
_SPARE = 1.25  # Scores are never cut: so much larger ones than any that was measured still fit.
_SAMPLE = 100_000  # numbers of a value that its scale is measured on


def measured(program: Program, images: Array) -> dict[int, Scale]:
    """The scale of each value of bytes of a program that ends in sums, or in `scores`, for images (N, H, W, 1), 0-1."""
    program = replace(program, steps=tuple(step for step in program.steps if step.kind != "scores"))
    samples, largest = _samples(program, images)
    scores = _scores(program)
    scales = {IMAGE: Scale(1 / 255, 0)}
    for step in program.steps:
        if step.kind in KEEP_SCALE:
            scales[step.writes] = scales[step.reads[0]]
        else:
            averages = step.kind in _AVERAGES and all(scales[value].zero == 0 for value in step.reads)
            zero = 0 if step.relu or averages else 128
            sample, most = samples[step.writes], largest[step.writes]
            scales[step.writes] = _whole(most, zero) if step.writes in scores else _best(sample, most, zero)
    return scales


def _samples(program: Program, images: Array) -> tuple[dict[int, Array], dict[int, float]]:
    """Numbers of each value, drawn at random, always the same, and the largest magnitude of all its numbers.

    Every so many numbers would not do: where that is a multiple of the channels, they are all of one channel.
    """
    rng = np.random.default_rng(0)
    found: dict[int, list[Array]] = {step.writes: [] for step in program.steps}
    largest = dict.fromkeys(found, 0.0)
    for piece in pieces(program, len(images)):
        for step, y in values_of(program, images[piece]):
            numbers, wanted = y.ravel(), -(-_SAMPLE * len(y) // len(images))
            chosen = numbers if len(numbers) <= wanted else numbers[rng.integers(0, len(numbers), wanted)]
            found[step.writes].append(chosen.copy())
            largest[step.writes] = max(largest[step.writes], float(np.abs(y).max()))
    return {value: np.concatenate(each) for value, each in found.items()}, largest


def _scores(program: Program) -> set[int]:
    """The last value, and those that it only is a mean of: to cut them could make equal the scores of two classes."""
    makers = {step.writes: step for step in program.steps}
    found, left = set(), [program.result]
    while left:
        value = left.pop()
        found.add(value)
        step: Step | None = makers.get(value)
        if step is not None and step.kind in ("mean", *KEEP_SCALE):
            left += [each for each in step.reads if each != IMAGE]
    return found


def _levels(zero: int) -> int:
    return 127 if zero else 255


def _whole(largest: float, zero: int) -> Scale:
    return Scale(largest * _SPARE / _levels(zero) or 1.0, zero)


def _best(sample: Array, largest: float, zero: int) -> Scale:
    """The scale with the least mean squared error."""
    if largest == 0:
        return Scale(1.0, zero)

    def error(scale: float) -> float:
        bytes_ = np.clip(np.floor(sample / scale + 0.5) + zero, 0, 255)
        return float(((scale * (bytes_ - zero) - sample) ** 2).mean())

    return Scale(min((largest * part / _levels(zero) for part in _CLIPPED), key=error), zero)
