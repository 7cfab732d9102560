"""Device: where arrays lie. Who computes on them is decided by the arrays themselves.

`np.matmul(a, b, out=c)` on arrays of CuPy is CuPy's `matmul` on the GPU, and so are all other functions and operators
that layers use, since arrays of CuPy implement NumPy's protocols `__array_ufunc__` and `__array_function__`. So a layer
is the same lines on every device, and a device only makes arrays, moves them, and says how long a block is.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from inkling.nn.blocks import aligned
from inkling.nn.layer import Array, Shape


class Device(Protocol):
    """Where a network computes.

    Attributes
    ----------
    name : what `--device` calls it.
    whole_batches : whether a layer takes a batch as one block (`blocks.py`).
    """

    name: str
    whole_batches: bool

    def zeros(self, shape: Shape, dtype: type) -> Array:
        """A new array of zeros on the device."""

    def put(self, host: np.ndarray, out: Array | None = None) -> Array:
        """The values of an array of NumPy on the device.

        They are written into `out`, which an earlier call has returned for the same array, or into a new array.
        """

    def get(self, array: Array, out: np.ndarray | None = None) -> np.ndarray:
        """The values of an array of the device as an array of NumPy: in `out`, for which `put` has returned `array`."""

    def host_array(self, array: Array) -> np.ndarray:
        """An array of NumPy to fill, whose values `put` then writes into `array`."""

    def generator(self, rng: np.random.Generator) -> Any:
        """What fills arrays of the device with the numbers that `rng` draws."""


class Processor:
    """The processor's own memory, in which NumPy computes: nothing is ever moved."""

    name = "cpu"
    whole_batches = False

    def zeros(self, shape: Shape, dtype: type) -> Array:
        return aligned(shape, dtype)

    def put(self, host: np.ndarray, out: Array | None = None) -> Array:
        return host

    def get(self, array: Array, out: np.ndarray | None = None) -> np.ndarray:
        return array

    def host_array(self, array: Array) -> np.ndarray:
        return array

    def generator(self, rng: np.random.Generator) -> np.random.Generator:
        return rng


CPU = Processor()
