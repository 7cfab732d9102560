"""A double of CuPy, for machines without a GPU: its arrays lie in NumPy's memory, and refuse what CuPy's refuse.

What it takes is written down from the sources of CuPy 14.2 (`cupy/_core/core.pyx`, `_kernel.pyx`, `_routines_*.pyx`,
`_creation/basic.py`, `linalg/_einsum.py`); `test_cupy_double.py` compares it with CuPy where that is installed. It is
stricter than CuPy in one respect: indices are slices and whole numbers alone.

`LEDGER` counts arrays that are made, arrays that CuPy makes inside an operation, and what is moved between memories.
"""

from __future__ import annotations

import types
from dataclasses import dataclass, field

import numpy as np

# Functions that CuPy computes when NumPy's are given arrays of CuPy, and the arguments that it takes: fewer than NumPy.
UFUNCS = {
    "absolute", "add", "divide", "equal", "exp", "greater", "greater_equal", "isfinite", "less", "log", "matmul",
    "maximum", "minimum", "multiply", "negative", "rint", "sqrt", "square", "subtract", "tanh",
}  # fmt: skip
UFUNC_ARGUMENTS = {"out", "dtype", "casting"}
REDUCTIONS = {"add", "multiply"}
REDUCTION_ARGUMENTS = {"axis", "dtype", "out", "keepdims"}
FUNCTIONS = {
    "numpy.copyto": "dst, src, casting, where",
    "numpy.einsum": "subscripts, *operands, dtype, optimize",
    "numpy.empty_like": "prototype, dtype, order, subok, shape",
    "numpy.full_like": "a, fill_value, dtype, order, subok, shape",
    "numpy.zeros_like": "a, dtype, order, subok, shape",
    "numpy.linalg.norm": "x, ord, axis, keepdims",
}


@dataclass
class Ledger:
    """What was done since `clear`: shapes of arrays made, shapes copied inside operations, bytes of each transfer."""

    made: list[tuple[int, ...]] = field(default_factory=list)
    copied_inside: list[tuple[int, ...]] = field(default_factory=list)
    to_device: list[int] = field(default_factory=list)
    to_host: list[int] = field(default_factory=list)

    def clear(self) -> None:
        for entries in vars(self).values():
            entries.clear()


LEDGER = Ledger()


class Pointer:
    """The place in memory at which an array begins, `ndarray.data`."""

    def __init__(self, content: np.ndarray) -> None:
        self.content = content


class ndarray:  # its name in CuPy
    def __init__(self, shape, dtype=float, memptr=None, strides=None, order="C"):
        if memptr is None:
            assert strides is None, "the double makes contiguous arrays alone"
            self._content = np.empty(shape, dtype, order)
            LEDGER.made.append(self.shape)
        else:
            self._content = np.lib.stride_tricks.as_strided(memptr.content.view(), shape, strides)
            assert self._content.dtype == dtype

    # --- what an array is ------------------------------------------------------------------------------------------

    shape, dtype, strides, size, ndim, nbytes, itemsize, flags = (
        property(lambda self, name=name: getattr(self._content, name))
        for name in ("shape", "dtype", "strides", "size", "ndim", "nbytes", "itemsize", "flags")
    )

    def __len__(self):
        return len(self._content)

    @property
    def data(self):
        return Pointer(self._content)

    # --- the ways to the processor's memory ------------------------------------------------------------------------

    def __array__(self, dtype=None, copy=None):
        raise TypeError(
            "Implicit conversion to a NumPy array is not allowed. "
            "Please use `.get()` to construct a NumPy array explicitly."
        )

    def get(self, stream=None, order="C", out=None, blocking=True):
        LEDGER.to_host.append(self.nbytes)
        if out is None:
            return self._content.copy(order)
        if type(out) is not np.ndarray or self.dtype != out.dtype or self.shape != out.shape:
            raise TypeError("only a numpy.ndarray of the same shape and dtype can be obtained")
        out[...] = self._content
        return out

    def set(self, arr, stream=None):
        if type(arr) is not np.ndarray:
            raise TypeError("Only numpy.ndarray can be set to cupy.ndarray")
        if self.dtype != arr.dtype:
            raise TypeError(f"{arr.dtype} array cannot be set to {self.dtype} array")
        if self.shape != arr.shape:
            raise ValueError(f"Shape mismatch. Old shape: {self.shape}, new shape: {arr.shape}")
        if not self.flags.c_contiguous:
            raise RuntimeError("Cannot set to non-contiguous array")
        LEDGER.to_device.append(self.nbytes)
        self._content[...] = arr

    def item(self):
        return self.get().item()

    __float__ = __int__ = __bool__ = lambda self: self.get().item()

    # --- views and copies ------------------------------------------------------------------------------------------

    def __getitem__(self, index):
        return _view(self._content[_basic(index)])

    def __setitem__(self, index, value):
        target = self._content[_basic(index)]
        if isinstance(value, ndarray):
            target[...] = value._content
        elif isinstance(value, np.ndarray):
            raise ValueError("non-scalar numpy.ndarray cannot be used for fill")
        else:
            target[...] = value

    def _reshaped(self, content):
        if not np.shares_memory(content, self._content):
            LEDGER.made.append(content.shape)
        return _view(content)

    def reshape(self, *shape):
        return self._reshaped(self._content.reshape(*shape))

    def swapaxes(self, one, other):
        return _view(self._content.swapaxes(one, other))

    def transpose(self, *axes):
        return _view(self._content.transpose(*axes))

    T = property(transpose)

    def copy(self, order="C"):
        return _made(self._content.copy(order))

    def astype(self, dtype, order="K", casting=None, subok=None, copy=True):
        return _made(self._content.astype(dtype, order))

    def repeat(self, repeats, axis=None):
        return _made(self._content.repeat(repeats, axis))

    def fill(self, value):
        if isinstance(value, np.ndarray):
            raise ValueError("non-scalar numpy.ndarray cannot be used for fill")
        self._content.fill(value)

    # --- NumPy's protocols -----------------------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc, method, *inputs, **arguments):
        if ufunc.__name__ not in UFUNCS:
            return NotImplemented
        if "out" in arguments:
            (arguments["out"],) = arguments["out"]
        if method == "__call__":
            return _call(ufunc, inputs, arguments)
        if method == "reduce" and ufunc.__name__ in REDUCTIONS:
            _require_known(arguments, REDUCTION_ARGUMENTS)
            return _call(ufunc.reduce, inputs, arguments)
        raise NotImplementedError(f"`cupy_{ufunc.__name__}.{method}` is not supported yet")

    def __array_function__(self, func, types, args, kwargs):
        taken = FUNCTIONS.get(f"{func.__module__}.{func.__name__}")
        if taken is None or not all(issubclass(each, ndarray | np.ndarray) for each in types):
            return NotImplemented
        _require_known(kwargs, set(taken.split(", ")))
        if func is np.copyto:
            return _copyto(*args, **kwargs)
        result = func(*map(_host, args), **kwargs)
        return _made(np.asarray(result))


def _operator(ufunc, *, swapped=False, inplace=False):
    def operate(self, other):
        arguments = {"out": self} if inplace else {}
        return _call(ufunc, (other, self) if swapped else (self, other), arguments)

    return operate


for _name, _ufunc in (
    ("add", np.add), ("sub", np.subtract), ("mul", np.multiply), ("truediv", np.divide), ("matmul", np.matmul)
):  # fmt: skip
    setattr(ndarray, f"__{_name}__", _operator(_ufunc))
    setattr(ndarray, f"__r{_name}__", _operator(_ufunc, swapped=True))
    if _ufunc is not np.matmul:
        setattr(ndarray, f"__i{_name}__", _operator(_ufunc, inplace=True))


def _call(function, inputs, arguments):
    """A function of NumPy on the memory of the arrays, by CuPy's rules for what it is given."""
    out = arguments.pop("out", None)
    _require_known(arguments, UFUNC_ARGUMENTS | REDUCTION_ARGUMENTS)
    for each in (*inputs, *([] if out is None else [out])):
        if not isinstance(each, ndarray | bool | int | float | np.generic):
            raise TypeError(f"Unsupported type {type(each)}")
    result = np.asarray(function(*map(_host, inputs), **arguments))
    if function is np.matmul:
        _count_copies_of_matmul(inputs, out)
    if out is None:
        return _made(result)
    if not isinstance(out, ndarray):
        raise TypeError("Output arguments type must be cupy.ndarray")
    elementwise = (
        isinstance(function, np.ufunc) and function is not np.matmul
    )  # then `out` is broadcast with the inputs
    if out.shape != (np.broadcast_shapes(result.shape, out.shape) if elementwise else result.shape):
        raise ValueError("Out shape is mismatched")
    if not np.can_cast(result.dtype, out.dtype, arguments.get("casting", "same_kind")):
        raise TypeError(f"Cannot cast output operand from {result.dtype} to {out.dtype}")
    for each in inputs:
        if isinstance(each, ndarray) and each is not out and np.may_share_memory(each._content, out._content):
            LEDGER.copied_inside.append(each.shape)
    out._content[...] = result
    return out


def _count_copies_of_matmul(inputs, out):
    """Products of many matrices are of contiguous ones; a single matrix may also be transposed."""
    many = max(each.ndim for each in inputs) > 2
    for each in (*inputs, *([] if out is None else [out])):
        fits = each.flags.c_contiguous or (not many and each is not out and each.flags.f_contiguous)
        if not fits:
            LEDGER.copied_inside.append(each.shape)


def _copyto(dst, src, casting="same_kind", where=None):
    if isinstance(src, np.ndarray) or not isinstance(dst, ndarray):
        raise ValueError("non-scalar numpy.ndarray cannot be used for copyto")
    np.copyto(dst._content, _host(src), casting, True if where is None else _host(where))


def _require_known(arguments, known):
    if unknown := set(arguments) - known:
        raise TypeError(f"Wrong arguments {unknown}")


def _basic(index):
    """An index of whole numbers and slices, which gives a view also of a single number."""
    parts = index if isinstance(index, tuple) else (index,)
    if not all(part is None or part is Ellipsis or isinstance(part, int | np.integer | slice) for part in parts):
        raise TypeError(f"the double takes whole numbers and slices as indices, not {index!r}")
    return parts if Ellipsis in parts else (*parts, Ellipsis)


def _host(value):
    if isinstance(value, np.ndarray):
        raise TypeError(f"Unsupported type {type(value)}")
    return value._content if isinstance(value, ndarray) else value


def _view(content):
    array = object.__new__(ndarray)
    array._content = content
    return array


def _made(content):
    LEDGER.made.append(content.shape)
    return _view(content)


def module() -> types.ModuleType:
    """What `import cupy` gives: the few names that Inkling calls itself."""
    double = types.ModuleType("cupy")

    def zeros(shape, dtype=float, order="C"):
        array = ndarray(shape, dtype, order=order)
        array.fill(0)
        return array

    def empty(shape, dtype=float, order="C"):
        array = ndarray(shape, dtype, order=order)
        if np.issubdtype(array.dtype, np.floating):
            array.fill(np.nan)  # what is read before it is written shows
        return array

    double.ndarray, double.zeros, double.empty = ndarray, zeros, empty
    return double
