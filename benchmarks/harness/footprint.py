"""What a network of quantised weights takes on a microcontroller: bytes of flash for constants, of RAM for values.

Both are those of the C header that `inkling export c --int8` writes: weights at their bits, and a bias, a multiplier or
a scale for each output channel; and the buffer as it is planned. Code, and what the program needs for itself, are not
counted. They depend on the network and its bits, not on what it has learnt.
"""

from __future__ import annotations

import numpy as np

from inkling.export.c import export_c
from inkling.export.c.integers import KERNELS
from inkling.model import Model
from inkling.recipes import Recipe
from inkling.training.quantized_weights import quantized_parameters

_IMAGES = 10  # of noise; the export measures scales on them


def footprint(recipe: Recipe) -> dict[str, int]:
    """`weights`, and `flash_bytes` and `ram_bytes`; nothing for a recipe of float32 weights."""
    if recipe.weight_bits is None:
        return {}
    rng, network = np.random.default_rng(0), recipe.network
    params = quantized_parameters(network.init(rng), recipe.weight_bits)
    names = tuple(map(str, range(network.shapes[-1][0])))
    images = rng.integers(0, 256, (_IMAGES, *network.input_shape), np.uint8)
    code = export_c(Model(network, params, class_names=names), images, int8=True).code
    kernels = [step for step in code.program.steps if step.kind in KERNELS]
    return {
        "weights": sum(step.arrays["weight"].size for step in kernels),
        "flash_bytes": code.constant_bytes,
        "ram_bytes": code.buffer_bytes,
    }
