"""Quantisation-aware training: descent moves float32 weights by the gradient at weights of a few bits.

With Q, which moves each weight to its grid (`inkling.quantization`), a step is

    θ ← θ − lr · ∇L(Q(θ))

in place of ∇(L ∘ Q)(θ) = Q′(θ) ∇L(Q(θ)), which is of no use: Q is constant but for jumps, so that Q′ is 0. Taking Q′
for the identity is the straight-through estimator: Bengio, Léonard and Courville 2013, arXiv:1308.3432; Courbariaux,
Bengio and David 2015, "BinaryConnect", who keep the float32 weights. Small steps add up in θ until a weight changes its
level.

∇L(Q(θ)) is the exact gradient of the quantised network, so that layers, loss and gradient check know nothing of Q. But
it is not the gradient of the loss as a function of θ: no small step of θ needs to lower the loss, and weights near the
middle of two levels go back and forth between them. So the learning rate should fall to about 0 by the last epoch.

Whatever is measured, kept and saved is Q(θ), or Q of the averaged θ. θ itself is in the checkpoints only.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkling.nn.parameters import Layout, Parameters
from inkling.quantization import quantized

WeightBits = int | Sequence[int] | None  # of all weights, of each weight in the order of the layers, or float32


def bits_of_each(layout: Layout, weight_bits: int | Sequence[int]) -> Sequence[int]:
    """The bits of each of `layout.weights`."""
    return [weight_bits] * len(layout.weights) if isinstance(weight_bits, int) else weight_bits


def quantize(params: Parameters, weight_bits: int | Sequence[int], out: np.ndarray) -> None:
    """Write the parameters, with the weights on their grids, into a vector `out` as long as `params.flat`."""
    out[...] = params.flat
    with np.errstate(over="ignore", invalid="ignore"):  # the loop checks the loss
        for place, bits in zip(params.layout.weights, bits_of_each(params.layout, weight_bits), strict=True):
            place.view(out)[...] = quantized(place.view(params.flat), bits)


def quantized_parameters(params: Parameters, weight_bits: WeightBits) -> Parameters:
    """Q(θ), with the same array of statistics; `params` itself where the weights stay float32."""
    if weight_bits is None:
        return params
    flat = np.empty_like(params.flat)
    quantize(params, weight_bits, flat)
    return Parameters(params.layout, flat, params.statistics)
