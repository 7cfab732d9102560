"""The twin of an integer program in NumPy: the very integers that the C code computes, for batches of images.

A sum times multiplier / 2**shift is rounded to the nearest whole number, halves upwards: floor((sum · multiplier +
2**(shift - 1)) / 2**shift), in 64 bits. TensorFlow Lite rounds so where TFLITE_SINGLE_ROUNDING is set.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from inkling.export.c.execution import cropped, pieces, sums, windows
from inkling.export.c.integers import KERNELS, IntegerProgram, IntegerStep
from inkling.export.c.program import IMAGE
from inkling.nn.layer import Array


def scores(integers: IntegerProgram, images: Array) -> Array:
    """What the last step writes, int32 (N, O), for images uint8 (N, …)."""
    images = images.reshape(len(images), *integers.program.input_shape)
    found = [_scores(integers, images[piece]) for piece in pieces(integers.program, len(images))]
    return np.concatenate([np.zeros((0, len(integers.scales)), np.int32), *found])


def _scores(integers: IntegerProgram, images: Array) -> Array:
    *_, (_, y) = integer_values_of(integers, images)
    return y.reshape(len(images), -1).astype(np.int32)


def integer_values_of(integers: IntegerProgram, images: Array) -> Iterator[tuple[IntegerStep, Array]]:
    """Each step and what it writes, (N, *output shape): bytes, or the sums of the last, for images uint8."""
    values: dict[int, Array] = {IMAGE: images}
    for number, each in enumerate(integers.steps):
        step = each.step
        shapes = [step.output_shape if step.kind == "mean" else step.shape] * len(step.reads)
        read = [values[value].reshape(len(images), *shape) for value, shape in zip(step.reads, shapes, strict=True)]
        values[step.writes] = _executed(each, read)
        yield each, values[step.writes]
        for value in step.reads:
            if integers.program.readers(value)[-1] == number:
                values.pop(value, None)  # a step may read a value twice


def _executed(each: IntegerStep, read: Sequence[Array]) -> Array:
    """Bytes, or the sums of the last step."""
    step, x = each.step, read[0]
    if step.kind == "max_pool2d":
        return windows(x, *step.kernel).max(axis=(4, 5))
    if step.kind == "center_crop":
        return cropped(step, x)
    if step.kind == "relu":
        return np.maximum(x, np.uint8(each.zero))
    numbers = [one.astype(np.int64) - zero for one, zero in zip(read, each.zeros, strict=True)]
    if step.kind in KERNELS:
        found = sums(step, numbers[0].astype(np.float64), step.arrays["weight"].astype(np.float64))
        found = found.astype(np.int64) + step.arrays["bias"]
        return _bytes(found * each.multipliers, each) if len(each.multipliers) else found
    if step.kind == "scores":
        return numbers[0]
    if step.kind == "mean":
        products = [n * int(m) for n, m in zip(numbers, each.multipliers, strict=True)]
        return _bytes(np.sum(products, axis=0), each)
    if step.kind == "leaky_relu":
        above, below = map(int, each.multipliers)
        return _bytes(np.where(numbers[0] < 0, numbers[0] * below, numbers[0] * above), each)
    found = windows(numbers[0], *step.kernel).sum(axis=(4, 5)) if step.kind == "avg_pool2d" else numbers[0].sum((1, 2))
    return _bytes(found * int(each.multipliers[0]), each)


def _bytes(products: Array, each: IntegerStep) -> Array:
    rounded = ((products + (1 << (each.shift - 1))) >> each.shift) + each.zero
    lowest = each.zero if each.step.relu else 0
    return rounded.clip(lowest, 255).astype(np.uint8)
