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
from inkling.nn.residual import Residual

Arrays = dict[str, Array]  # the parameters and statistics of a layer by name


def fold(network: Network, params: Parameters) -> tuple[Network, Parameters]:
    """A network without the batch normalisations that follow Linear or Conv2d, and its parameters.

    It predicts the same, up to rounding; it is not for training.
    """
    arrays: list[Arrays] = [{} for _ in network.layers]
    for vector, places in _places(params):
        for place in places:
            arrays[place.layer][place.name] = place.view(vector)
    layers, arrays = _fold(network.layers, arrays)
    folded = Network(*layers, input_shape=network.input_shape)
    dtype = params.flat.dtype
    new = Parameters(folded.layout, np.empty(folded.layout.size, dtype), np.empty(folded.layout.statistics_size, dtype))
    for vector, places in _places(new):
        for place in places:
            place.view(vector)[...] = arrays[place.layer][place.name]
    return folded, new


def _places(params: Parameters) -> tuple:
    return (params.flat, params.layout.parameters), (params.statistics, params.layout.statistics)


def _fold(layers: Sequence[Layer], arrays: Sequence[Arrays]) -> tuple[list[Layer], list[Arrays]]:
    new_layers: list[Layer] = []
    new_arrays: list[Arrays] = []
    for layer, named in zip(layers, arrays, strict=True):
        if isinstance(layer, BatchNorm) and new_layers and isinstance(new_layers[-1], Linear | Conv2d):
            new_layers[-1], new_arrays[-1] = _absorb(new_layers[-1], new_arrays[-1], layer, named)
            continue
        if isinstance(layer, Residual):
            inner, inner_arrays = _fold(layer.layers, chain.by_number(named, len(layer.layers)))
            layer, named = Residual(*inner), chain.numbered(inner_arrays)
        new_layers.append(layer)
        new_arrays.append(named)
    return new_layers, new_arrays


def _absorb(layer: Linear | Conv2d, named: Arrays, norm: BatchNorm, norm_named: Arrays) -> tuple[Layer, Arrays]:
    scale, shift = norm.scale_and_shift(
        norm_named["weight"], norm_named["bias"], norm_named["running_mean"], norm_named["running_var"]
    )
    bias = named["bias"] * scale + shift if "bias" in named else shift
    if isinstance(layer, Conv2d):
        layer = dataclasses.replace(layer, bias=True)
    return layer, {"weight": named["weight"] * scale, "bias": bias}
