"""Standardization: a network that learnt from (x − mean) / std becomes one that takes the pixels x themselves.

The first layer with weights is affine, and (x − m) / s W + b = x (W / s) + (b − m/s Σ W): other numbers, the same
answers. A layer that pads its input with zeros pads it with m then, which is no grey level, and is refused.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from inkling.errors import UsageError
from inkling.nn import CenterCrop, Conv2d, DepthwiseConv2d, Flatten, Linear, Network

Arrays = dict[str, np.ndarray]  # of a network: "0.weight"


class Standardization(NamedTuple):
    """The network learnt from (x − mean) / std, with x the pixels as fractions of 0-1."""

    mean: float
    std: float


def undone(by: Standardization, network: Network, arrays: Mapping[str, np.ndarray]) -> tuple[Network, Arrays]:
    """A network that takes x of 0-1, and its arrays; UsageError where its first layers cannot take that in."""
    if not (math.isfinite(by.mean) and math.isfinite(by.std) and by.std > 0):
        raise UsageError(f"a standardization is a mean and a std above 0, such as 0.1307 and 0.3081, not {tuple(by)}")
    first = next(i for i, layer in enumerate(network.layers) if not isinstance(layer, Flatten | CenterCrop))
    layer = network.layers[first]
    if not isinstance(layer, Linear | Conv2d | DepthwiseConv2d) or _pads(layer):
        raise UsageError(
            f"the standardization of pixels becomes part of a first layer Linear, or of a convolution without padding, "
            f"not of {layer}: train the network on pixels of 0-1, or without padding there"
        )
    weight = arrays[f"{first}.weight"].astype(np.float64) / by.std
    places = 1 if isinstance(layer, Linear) else 3 if isinstance(layer, Conv2d) else 2  # axes that are summed over
    bias = arrays.get(f"{first}.bias", 0.0) - by.mean * weight.sum(axis=tuple(range(places)))
    new = {f"{first}.weight": weight.astype(np.float32), f"{first}.bias": bias.astype(np.float32)}
    if isinstance(layer, Conv2d | DepthwiseConv2d):
        layer = dataclasses.replace(layer, bias=True)
    return network.with_layers([*network.layers[:first], layer, *network.layers[first + 1 :]]), {**arrays, **new}


def _pads(layer: Linear | Conv2d | DepthwiseConv2d) -> bool:
    return not isinstance(layer, Linear) and layer.padding > 0
