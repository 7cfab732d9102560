"""Floating-point operations of a network: multiplications and additions of its convolutions and linear layers.

Pooling, normalisation, activations, biases and the optimizer are left out: they need few operations, and no two
libraries need the same number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from inkling.nn import Conv2d, DepthwiseConv2d, Layer, Linear, Network, chain
from inkling.nn.layer import Shape


def inference_flops(network: Network) -> int:
    """Operations per image, forward."""
    return _flops(network.layers, network.input_shape, forward_only=True)


def training_flops(network: Network) -> int:
    """Operations per image, forward and backward.

    A layer computes its product again for the gradient of its weights, and once more for the gradient of its input.
    The first layer with parameters needs no gradient of its input.
    """
    return _flops(network.layers, network.input_shape, forward_only=False)


def _flops(layers: Sequence[Layer], shape: Shape, *, forward_only: bool, needs_dx: bool = False) -> int:
    """Sum over a chain of layers; `needs_dx` is whether the gradient of the input of the chain is needed."""
    total = 0
    for layer, x, y in zip(layers, *_neighbours(chain.shapes_of(layers, shape)), strict=True):
        times = 1 if forward_only else 3 if needs_dx else 2
        total += times * _product(layer, x, y)
        total += sum(_flops(branch, x, forward_only=forward_only, needs_dx=needs_dx) for branch in layer.branches)
        needs_dx = needs_dx or bool(layer.parameters(x))
    return total


def _neighbours(shapes: Sequence[Shape]) -> tuple[Sequence[Shape], Sequence[Shape]]:
    return shapes[:-1], shapes[1:]


def _product(layer: Layer, x: Shape, y: Shape) -> int:
    """Operations per image of a layer's products, from shape x to shape y: a sum of n products counts 2 n."""
    match layer:
        case Linear():
            return 2 * math.prod(x) * math.prod(y)
        case Conv2d():
            return 2 * layer.kernel_size**2 * x[-1] * math.prod(y)
        case DepthwiseConv2d():
            return 2 * layer.kernel_size**2 * math.prod(y)
    return 0
