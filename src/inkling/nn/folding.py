"""Folding: for prediction, a batch normalisation becomes part of the layer before it.

With its running statistics it is s x + t for each channel, s = γ / √(σ² + ε) and t = β − μ s, and
s (x W + b) + t = x (s W) + (s b + t): other weights, another bias, and a layer less.

Nothing here knows a kind of layer. Each layer declares whether it is such an s x + t (`as_affine`), whether it can take
into its own arrays one that follows (`absorb`), and whether one may move from behind it to its front (`passes_affine`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkling.nn import chain
from inkling.nn.composite import Composite
from inkling.nn.layer import Array, Arrays, Layer
from inkling.nn.network import Network
from inkling.nn.parameters import Parameters


def fold(network: Network, params: Parameters) -> tuple[Network, Parameters]:
    """A network without the batch normalisations behind a layer that absorbs them, and its parameters: copies.

    One that follows a pool joins the layer before the pool: a mean of s x + t is that of x, times s, plus t, and so is
    a maximum where s > 0. The network predicts the same, up to rounding; it is not for training.
    """
    layers, arrays = _fold(network.layers, params.named)
    folded = network.with_layers(layers)
    dtype = params.flat.dtype
    new = Parameters(folded.layout, np.empty(folded.layout.size, dtype), np.empty(folded.layout.statistics_size, dtype))
    for views, values in zip(new.named, arrays, strict=True):
        for name, view in views.items():
            view[...] = values[name]
    return folded, new


def _fold(layers: Sequence[Layer], arrays: Sequence[Arrays]) -> tuple[list[Layer], list[Arrays]]:
    """The layers that remain of a chain, and their arrays."""
    new_layers: list[Layer] = []
    new_arrays: list[Arrays] = []
    for layer, named in zip(layers, arrays, strict=True):
        affine = layer.as_affine(named)
        if affine is not None and _absorb(new_layers, new_arrays, *affine):
            continue
        if isinstance(layer, Composite):
            layer, named = _fold_inside(layer, named)
        new_layers.append(layer)
        new_arrays.append(named)
    return new_layers, new_arrays


def _fold_inside(layer: Composite, named: Arrays) -> tuple[Layer, Arrays]:
    inside = chain.by_number(named, len(layer.inner))
    folded = [_fold(branch, part) for branch, part in chain.by_branch(layer, inside)]
    arrays = chain.numbered([each for _, arrays in folded for each in arrays])
    return layer.with_layers([each for layers, _ in folded for each in layers]), arrays


def _absorb(layers: list[Layer], arrays: list[Arrays], scale: Array, shift: Array) -> bool:
    """Let a layer of the chain take in s x + t behind its end; False, and nothing is changed, where none can."""
    at = len(layers) - 1
    while at > 0 and layers[at].passes_affine(scale):
        at -= 1
    absorbed = layers[at].absorb(arrays[at], scale, shift) if at >= 0 else None
    if absorbed is None:
        return False
    layers[at], arrays[at] = absorbed
    return True
