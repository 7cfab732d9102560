"""Parameters in a byte per weight: weights on grids of 8 bits with a scale per output channel, all else in float32."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from inkling.nn.parameters import Layout, Parameters
from inkling.quantization import levels_of, quantized

_BITS = 8


def packed(params: Parameters) -> dict[str, np.ndarray]:
    """The arrays of a file: `levels` int8 and `scales` float32 of the weights, one after the other, and the `rest`."""
    levels, scales, rest = [], [], np.ones(len(params.flat), bool)
    for place in params.layout.weights:
        grid, scale = levels_of(quantized(place.view(params.flat), _BITS), _BITS)
        levels.append(grid.ravel())
        scales.append(scale)
        place.view(rest)[...] = False
    return {"levels": np.concatenate(levels), "scales": np.concatenate(scales), "rest": params.flat[rest]}


def unpacked(layout: Layout, arrays: Mapping[str, np.ndarray]) -> Parameters:
    """The parameters that `packed` took apart; ValueError where the arrays are not those of this layout."""
    levels, scales = arrays["levels"].astype(np.float32), arrays["scales"]
    flat, rest = np.zeros(layout.size, np.float32), np.ones(layout.size, bool)
    for place in layout.weights:
        view = place.view(flat)
        here, levels = np.split(levels, [view.size])
        scale, scales = np.split(scales, [view.shape[-1]])
        view[...] = here.reshape(view.shape) * scale
        place.view(rest)[...] = False
    if len(levels) or len(scales):
        raise ValueError("it has more weights than its network")
    flat[rest] = arrays["rest"]
    return Parameters(layout, flat)
