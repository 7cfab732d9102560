"""Weights as levels: whole numbers of few bits, times one scale for each output channel."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from inkling.export.c.program import Step
from inkling.nn.layer import Array
from inkling.quantization import bits_of, levels_of, quantized

_SMALLEST = 2.0**-16  # of the largest scale of a layer: all have one shift, so a multiplier keeps 15 bits and more
_NOTHING = 2.0**-30  # of the largest weight of a layer: such a channel has no level but 0
_LEAST = 1e-30  # Smaller weights are 0, too.
_LARGEST_BIAS = 2.0**29  # as a sum, which has 31 bits


class Weight(NamedTuple):
    """Levels int8 in the order of the step's weight, their scales float64 (O,), and the bits of a level."""

    levels: Array
    scales: Array
    bits: int


def on_grid(step: Step, x_scale: float) -> Weight:
    """The weight on a grid of as few bits as it is on, or else of 8, with scales in which the biases fit.

    Parameters
    ----------
    x_scale : of the bytes that the step reads; a bias is a whole number of x_scale times the scale of its channel.
    """
    weight = step.arrays["weight"]
    turned = step.kind != "depthwise_conv2d"  # (O, …), while a grid is for the last axis
    weight = np.moveaxis(weight, 0, -1) if turned else weight
    peak = np.abs(weight.reshape(-1, weight.shape[-1])).max(axis=0)
    lives = peak > max(_NOTHING * float(peak.max()), _LEAST)
    weight = np.where(lives, weight, np.float32(0))
    bits = bits_of(weight)
    levels, own = levels_of(weight if bits else quantized(weight, 8), bits or 8)
    scales = _raised(own.astype(np.float64), lives, step.arrays["bias"] / x_scale)
    levels = np.rint(levels * (own / scales)).astype(np.int8)
    return Weight(np.ascontiguousarray(np.moveaxis(levels, -1, 0) if turned else levels), scales, bits or 8)


def _raised(scales: Array, lives: Array, bias: Array) -> Array:
    """Scales (O,) of which none is so small that its bias does not fit.

    A channel without weights takes the smallest scale of the others, so that its bias is as exact as theirs.
    """
    least = np.abs(bias) / _LARGEST_BIAS
    if not lives.any():
        return np.full(len(scales), float(least.max()) or 1.0)
    scales = np.where(lives, scales, scales[lives].min())
    scales = np.maximum(scales, least)
    return np.maximum(scales, _SMALLEST * scales.max())
