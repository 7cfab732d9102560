"""A program in NumPy, in float64: what each step makes of a batch of images, for scales and as a reference.

The sums of kernels are also those of the integer twin (`twin.py`): float64 holds integers up to 2**53 without rounding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from inkling.export.c.program import IMAGE, Program, Step, base_kind
from inkling.nn.gelu import A, B
from inkling.nn.layer import Array

_PIECE = 2**22  # numbers that the windows of a kernel hold for the images of a piece: 32 MiB


def pieces(program: Program, count: int) -> Iterator[slice]:
    """So many images, in pieces whose windows take little memory."""
    size = max(1, _PIECE // max(map(numbers_at_once, program.steps)))
    return (slice(start, start + size) for start in range(0, count, size))


def numbers_at_once(step: Step) -> int:
    """How many numbers lie side by side while a step is computed for one image."""
    kernel = step.kernel[0] if "kernel" in step.options else 1
    return max(math.prod(step.shape), math.prod(step.output_shape[:-1]) * kernel**2 * step.shape[-1], step.size)


def values_of(program: Program, images: Array) -> Iterator[tuple[Step, Array]]:
    """Each step and what it writes, (N, *output shape) float64, for images (N, H, W, 1) of numbers from 0 to 1."""
    values = {IMAGE: images.astype(np.float64)}
    for number, step in enumerate(program.steps):
        read = [values[value].reshape(len(images), *step.shape) for value in step.reads if step.kind != "mean"]
        read = read or [values[value] for value in step.reads]
        y = _EXECUTED[base_kind(step)](step, read)
        values[step.writes] = np.maximum(y, 0) if step.relu else y
        yield step, values[step.writes]
        for value in step.reads:
            if program.readers(value)[-1] == number:
                values.pop(value, None)  # a step may read a value twice


def sums(step: Step, x: Array, weight: Array) -> Array:
    """Σ x w for each output of a kernel or a matrix, (N, *output shape), without bias."""
    kind = base_kind(step)
    if kind == "linear":
        return x.reshape(len(x), -1) @ weight.reshape(len(weight), -1).T
    if kind == "affine":
        return x * weight
    seen = windows(x, *step.kernel)
    if kind == "depthwise_conv2d":
        return np.einsum("nhwcij,ijc->nhwc", seen, weight)
    rows = np.moveaxis(seen, 3, 5).reshape(*seen.shape[:3], -1)  # i, j, c as in the weight
    return rows @ weight.reshape(len(weight), -1).T


def windows(x: Array, kernel: int, stride: int, padding: int = 0) -> Array:
    """What a kernel sees at each place: (N, H', W', C, K, K), a view; zeros outside the image."""
    if padding:
        x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    return np.lib.stride_tricks.sliding_window_view(x, (kernel, kernel), axis=(1, 2))[:, ::stride, ::stride]


def cropped(step: Step, x: Array) -> Array:
    height, width, _ = step.output_shape
    top, left = (step.shape[0] - height) // 2, (step.shape[1] - width) // 2
    return x[:, top : top + height, left : left + width]


def _kernel(step: Step, read: Sequence[Array]) -> Array:
    x = read[0] * 255 if step.kind != base_kind(step) else read[0]
    return sums(step, x, step.arrays["weight"].astype(np.float64)) + step.arrays["bias"]


def _layer_norm(step: Step, read: Sequence[Array]) -> Array:
    x = read[0] - read[0].mean(axis=-1, keepdims=True)
    r = 1 / np.sqrt((x * x).mean(axis=-1, keepdims=True) + step.options["eps"])
    return x * r * step.arrays["weight"] + step.arrays["bias"]


def _gelu(step: Step, read: Sequence[Array]) -> Array:
    x = read[0]
    return x * 0.5 * (1 + np.tanh(A * x * (1 + B * x * x)))


def _mean(step: Step, read: Sequence[Array]) -> Array:
    return step.options["scale"] * np.sum([x.reshape(len(x), *step.output_shape) for x in read], axis=0)


_EXECUTED: Mapping[str, Callable[[Step, Sequence[Array]], Array]] = {
    "pixels": lambda step, read: read[0],
    "linear": _kernel,
    "conv2d": _kernel,
    "depthwise_conv2d": _kernel,
    "affine": _kernel,
    "max_pool2d": lambda step, read: windows(read[0], *step.kernel).max(axis=(4, 5)),
    "avg_pool2d": lambda step, read: windows(read[0], *step.kernel).mean(axis=(4, 5)),
    "global_avg_pool": lambda step, read: read[0].mean(axis=(1, 2)),
    "center_crop": lambda step, read: cropped(step, read[0]),
    "relu": lambda step, read: np.maximum(read[0], 0),
    "leaky_relu": lambda step, read: np.maximum(read[0], step.options["slope"] * read[0]),
    "gelu": _gelu,
    "layer_norm": _layer_norm,
    "mean": _mean,
}
