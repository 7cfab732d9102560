"""Floating-point operations of a network: multiplications and additions of its convolutions and linear layers.

All else (pooling, normalisation, activations, biases, the optimizer) is left out: it is little, and no two libraries
need the same number for it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from inkling.nn import Conv2d, Layer, Linear, Network, chain
from inkling.nn.layer import Shape


def inference_flops(network: Network) -> int:
    """Of one image forward."""
    return _flops(network.layers, network.input_shape, forward_only=True)


def training_flops(network: Network) -> int:
    """Of one image forward and backward: layers cost their product again for the gradient of their weights, and once
    more for that of their input, which nobody asks of the first layer with parameters."""
    return _flops(network.layers, network.input_shape, forward_only=False)


def _flops(layers: Sequence[Layer], shape: Shape, *, forward_only: bool, asked: bool = False) -> int:
    """Sum over a chain of layers; `asked` is whether somebody asks for the gradient of its input."""
    total = 0
    for layer, x, y in zip(layers, *_neighbours(chain.shapes_of(layers, shape)), strict=True):
        times = 1 if forward_only else 3 if asked else 2
        total += times * _product(layer, x, y)
        total += sum(_flops(branch, x, forward_only=forward_only, asked=asked) for branch in layer.branches)
        asked = asked or bool(layer.parameters(x))
    return total


def _neighbours(shapes: Sequence[Shape]) -> tuple[Sequence[Shape], Sequence[Shape]]:
    return shapes[:-1], shapes[1:]


def _product(layer: Layer, x: Shape, y: Shape) -> int:
    """Of the matrix product that a layer is, from images of shape x to those of shape y: a sum of n products is 2 n."""
    match layer:
        case Linear():
            return 2 * math.prod(x) * math.prod(y)
        case Conv2d():
            return 2 * layer.kernel_size**2 * x[-1] * math.prod(y)
    return 0
