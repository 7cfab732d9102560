"""A model as one C99 header without dependencies: float32, or integers with weights of 8 bits or fewer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inkling.export.c.code import Code
from inkling.export.c.float32 import Float32Code
from inkling.export.c.fusion import fuse
from inkling.export.c.header import TEST_VECTORS, header_text
from inkling.export.c.int8 import Int8Code
from inkling.export.c.layers import program_of
from inkling.export.c.quantize import quantized_program
from inkling.export.c.text import check_prefix
from inkling.inference import PIXEL_SCALE
from inkling.model import Model
from inkling.nn import fold

__all__ = ["CHeader", "export_c"]


@dataclass(frozen=True, eq=False)
class CHeader:
    """The text of a header, and what it was made of."""

    text: str
    code: Code


def export_c(
    model: Model, images: np.ndarray, *, int8: bool = False, prefix: str = "inkling", name: str = "model"
) -> CHeader:
    """A model as a C99 header.

    Parameters
    ----------
    images : uint8 (N, H, W), as the model takes them. Ten, evenly spread, become test vectors; with `int8`, the scales
        of all values are measured on them, for which some hundred are enough.
    prefix : of all names in C.
    name : of the model, in the comment at the top.

    Raises
    ------
    UsageError
        A layer has no C code, or no form in integers.
    """
    check_prefix(prefix)
    images = images.reshape(len(images), *model.network.input_shape)
    program = fuse(program_of(*fold(model.network, model.params)))
    code: Code
    if int8:
        code = Int8Code(quantized_program(program, images * PIXEL_SCALE), model.temperature)
    else:
        code = Float32Code(program, model.temperature)
    vectors = images[np.linspace(0, len(images) - 1, min(TEST_VECTORS, len(images))).astype(int)]
    return CHeader(header_text(model, code, vectors, name, prefix), code)
