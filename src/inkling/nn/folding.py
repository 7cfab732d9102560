"""Folding: for prediction, a batch normalisation becomes part of the layer before it.

With its running statistics it is one factor and one addend for each channel, s = γ / √(σ² + ε) and t = β − μ s, and
s (x W + b) + t = x (s W) + (s b + t): other weights, another bias, and a layer less.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from inkling.nn import chain
from inkling.nn.conv2d import Conv2d
from inkling.nn.layer import Array, Layer
from inkling.nn.linear import Linear
from inkling.nn.network import Network
from inkling.nn.normalization import BatchNorm
from inkling.nn.parameters import Parameters
from inkling.nn.pooling import AvgPool2d, MaxPool2d

Arrays = dict[str, Array]  # the parameters and statistics of a layer by name


def fold(network: Network, params: Parameters) -> tuple[Network, Parameters]:
    """A network without the batch normalisations that follow Linear or Conv2d, and its parameters: copies.

    One that follows a pool joins the layer before the pool: a mean of s x + t is that of x, times s, plus t, and so is
    a maximum where s > 0. It predicts the same, up to rounding; it is not for training.
    """
    layers, arrays = _fold(network.layers, params.named)
    folded = Network(*layers, input_shape=network.input_shape)
    dtype = params.flat.dtype
    new = Parameters(folded.layout, np.empty(folded.layout.size, dtype), np.empty(folded.layout.statistics_size, dtype))
    for views, values in zip(new.named, arrays, strict=True):
        for name, view in views.items():
            view[...] = values[name]
    return folded, new


def _fold(layers: Sequence[Layer], arrays: Sequence[Arrays]) -> tuple[list[Layer], list[Arrays]]:
    new_layers: list[Layer] = []
    new_arrays: list[Arrays] = []
    for layer, named in zip(layers, arrays, strict=True):
        if isinstance(layer, BatchNorm):
            scale, shift = layer.scale_and_shift(
                named["weight"], named["bias"], named["running_mean"], named["running_var"]
            )
            at = _absorbing(new_layers, scale)
            if at is not None:
                new_layers[at], new_arrays[at] = _absorb(new_layers[at], new_arrays[at], scale, shift)
                continue
        if layer.inner:
            inside = chain.by_number(named, len(layer.inner))
            folded = [_fold(branch, part) for branch, part in chain.by_branch(layer, inside)]
            layer = type(layer)(*(each for layers, _ in folded for each in layers))
            named = chain.numbered([each for _, arrays in folded for each in arrays])
        new_layers.append(layer)
        new_arrays.append(named)
    return new_layers, new_arrays


def _absorbing(layers: Sequence[Layer], scale: Array) -> int | None:
    """Which of the layers so far can take the factors and addends of a batch normalisation behind them all."""
    at = len(layers) - 1
    if at > 0 and (isinstance(layers[at], AvgPool2d) or (isinstance(layers[at], MaxPool2d) and (scale > 0).all())):
        at -= 1
    return at if at >= 0 and isinstance(layers[at], Linear | Conv2d) else None


def _absorb(layer: Layer, named: Arrays, scale: Array, shift: Array) -> tuple[Layer, Arrays]:
    bias = named["bias"] * scale + shift if "bias" in named else shift
    if isinstance(layer, Conv2d):
        layer = dataclasses.replace(layer, bias=True)
    return layer, {"weight": named["weight"] * scale, "bias": bias}
