"""Strided views, in which numbers come again and again, and sums over them. Here NumPy and CuPy are called differently.

All other functions that layers call are NumPy's own, which hand arrays of CuPy over to CuPy (device.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from inkling.nn.layer import Array, Shape


def strided(x: Array, shape: Shape, strides: tuple[int, ...]) -> Array:
    """A view of x from its first number on, with this shape and these steps in bytes.

    `np.lib.stride_tricks.as_strided` does the same, takes ten times as long, and refuses arrays of CuPy.
    """
    if isinstance(x, np.ndarray):
        return np.ndarray(shape, x.dtype, x, 0, strides)
    make: Any = type(x)  # of CuPy: its constructor takes the place in memory
    view: Array = make(shape, x.dtype, x.data, strides)
    return view


def einsum_into(out: Array, subscripts: str, *operands: Array) -> None:
    """Write `np.einsum` of the operands into `out`. CuPy's has no `out=`."""
    if isinstance(out, np.ndarray):
        np.einsum(subscripts, *operands, out=out)
    else:
        out[...] = np.einsum(subscripts, *operands)
