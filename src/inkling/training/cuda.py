"""A GPU of NVIDIA through CuPy, whose arrays NumPy's functions hand over to CuPy (`inkling.nn.device`).

Nothing of a step is computed twice: the layers, the optimizers and the average are those of the processor. The
processor draws all random numbers, gathers and augments images, and computes the loss of the logits, so that a training
differs from one on the processor by the rounding of its sums alone. What is moved in a step, for each shard of a batch:
its images, the numbers that each Dropout draws, and the gradient of its logits to the GPU; its logits to the processor.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from inkling.errors import InklingError, MissingExtraError, reason
from inkling.nn.layer import Array, Shape


class Cuda:
    """The GPU that CuPy uses, by default the first.

    Raises
    ------
    MissingExtraError : CuPy is not installed.
    InklingError : CuPy cannot be loaded, or finds no GPU that it can compute on.
    """

    name = "cuda"
    whole_batches = True

    def __init__(self) -> None:
        self._cupy = _cupy()

    def zeros(self, shape: Shape, dtype: type) -> Array:
        array: Array = self._cupy.zeros(shape, dtype)
        return array

    def put(self, host: np.ndarray, out: Array | None = None) -> Array:
        on_device: Any = self._cupy.empty(host.shape, host.dtype) if out is None else out
        on_device.set(host)
        array: Array = on_device
        return array

    def get(self, array: Array, out: np.ndarray | None = None) -> np.ndarray:
        on_device: Any = array
        host: np.ndarray = on_device.get(out=out)
        return host

    def host_array(self, array: Array) -> np.ndarray:
        return np.empty(array.shape, array.dtype)

    def generator(self, rng: np.random.Generator) -> DrawnByProcessor:
        return DrawnByProcessor(rng)


class DrawnByProcessor:
    """The numbers of a generator of NumPy, written into arrays of the GPU."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def random(self, *, dtype: type, out: Array) -> Array:
        """Fill `out` with numbers from 0 to below 1, as `numpy.random.Generator.random` does."""
        on_device: Any = out
        on_device.set(self._rng.random(out.shape, dtype))
        return out


def _cupy() -> Any:
    """The module, once it has computed something; the libraries that it needs are loaded only then."""
    try:
        import cupy
    except ModuleNotFoundError as error:
        if error.name != "cupy":
            raise
        raise MissingExtraError("cupy-cuda12x[ctk]", "cuda") from None
    except ImportError as error:
        raise InklingError(f"CuPy is installed, but cannot be loaded: {reason(error)}") from error
    try:
        matrix = cupy.zeros((2, 2), np.float32)
        np.matmul(matrix, matrix + 1).get()
    except Exception as error:  # of CUDA's driver, its compiler or its BLAS, each with exceptions of its own
        raise InklingError(
            f"--device cuda needs a GPU of NVIDIA, its driver and the libraries of CUDA 12: {reason(error)}; "
            "without them, train on the cpu"
        ) from error
    return cupy
