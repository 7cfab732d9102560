"""The double of CuPy has CuPy's rules: they are stated here, and hold for CuPy itself where it is installed.

Names and arguments can be compared with CuPy on any machine, what its arrays do on one with a GPU.
"""

from __future__ import annotations

import importlib
import inspect
from types import ModuleType

import numpy as np
import pytest

import cupy_double
from cupy_double import FUNCTIONS, LEDGER, UFUNC_ARGUMENTS, UFUNCS
from inkling.errors import InklingError
from inkling.training.devices import device_named
from needs import needs_cupy, needs_gpu

same_names = needs_cupy("the double of CuPy knows the functions and arguments that CuPy has")
ON_A_GPU = pytest.param("cupy", marks=needs_gpu("arrays of CuPy follow the rules of their double"))


@pytest.fixture(params=["double", ON_A_GPU])
def xp(request: pytest.FixtureRequest) -> ModuleType:
    """The module under test."""
    return cupy_double.module() if request.param == "double" else importlib.import_module("cupy")


def test_the_functions_are_numpys() -> None:
    for name, parameters in FUNCTIONS.items():
        module, _, function = name.rpartition(".")
        found = getattr(importlib.import_module(module), function)
        assert f"{found.__module__}.{found.__name__}" == name, "by these two, CuPy looks for its own"
        if name != "numpy.einsum":
            known = set(inspect.signature(found).parameters)
            assert set(parameters.split(", ")) <= known
    assert {name for name in UFUNCS if isinstance(getattr(np, name), np.ufunc)} == UFUNCS


@same_names
def test_cupy_has_these_functions_with_these_arguments() -> None:
    cupy = importlib.import_module("cupy")
    assert {"__array_ufunc__", "__array_function__"} <= set(dir(cupy.ndarray))
    for name in UFUNCS:
        function = getattr(cupy, name)
        assert type(function).__name__ in ("ufunc", "_GUFunc"), name
        if name != "matmul":  # each has a loop for float32
            assert any(loop.startswith("f" * function.nin + "->") for loop in function.types), name
    assert set(inspect.signature(type(cupy.matmul).__call__).parameters) >= UFUNC_ARGUMENTS
    for name, parameters in FUNCTIONS.items():
        module, _, function_name = name.replace("numpy", "cupy").rpartition(".")
        function = getattr(importlib.import_module(module), function_name)
        if name == "numpy.einsum":
            assert "``out``, ``order``, and ``casting`` options are not supported" in function.__doc__
        else:
            assert set(inspect.signature(function).parameters) == set(parameters.split(", "))
    for name in vars(cupy_double.ndarray):
        if not name.startswith("_"):
            assert hasattr(cupy.ndarray, name), name


@same_names
def test_cupy_without_a_gpu_ends_in_a_sentence() -> None:
    if needs_gpu.is_met():
        device_named("cuda")
        return
    with pytest.raises(InklingError, match="--device cuda needs a GPU of NVIDIA, its driver and the libraries of CUDA"):
        device_named("cuda")


def test_numpys_functions_are_the_arrays_own(xp: ModuleType) -> None:
    a, b, out = xp.zeros((2, 3), np.float32), xp.zeros((3, 2), np.float32) + 2, xp.zeros((2, 2), np.float32)
    a += 1
    assert np.matmul(a, b, out=out) is out
    assert out.get().tolist() == [[6, 6], [6, 6]]
    assert np.add.reduce(out, axis=0).get().tolist() == [12, 12]
    assert np.add.reduce(out, axis=1, keepdims=True).shape == (2, 1)
    assert np.add.reduce(out, axis=1, out=b[0]).get().tolist() == [12, 12]
    assert np.greater(out, 0, out=a[:, :2]).get().tolist() == [[1, 1], [1, 1]]
    assert np.einsum("ij->j", out).get().tolist() == [12, 12]
    made = np.full_like(out, 3, shape=(4,)), np.zeros_like(out, shape=(1, 2, 3)), np.empty_like(out, shape=(5,))
    assert [(type(each), each.shape, each.dtype) for each in made] == [
        (xp.ndarray, (4,), np.float32), (xp.ndarray, (1, 2, 3), np.float32), (xp.ndarray, (5,), np.float32)
    ]  # fmt: skip
    assert float(np.linalg.norm(out)) == 12
    assert (out * np.float32(2)).dtype == (1 / out).dtype == np.float32


def test_an_output_may_be_larger_than_its_inputs_and_not_smaller(xp: ModuleType) -> None:
    small, large = xp.zeros((2, 1), np.float32) + 1, xp.zeros((2, 3), np.float32)
    assert np.multiply(small, 2, out=large).get().tolist() == [[2, 2, 2], [2, 2, 2]]
    with pytest.raises(ValueError, match="Out shape is mismatched"):
        np.multiply(large, 2, out=small)


def test_arrays_of_numpy_are_refused(xp: ModuleType) -> None:
    a, host = xp.zeros((2, 3), np.float32), np.zeros((2, 3), np.float32)
    for mixed in (
        lambda: a + host,
        lambda: host + a,
        lambda: np.multiply(a, host),
        lambda: np.add(a, a, out=host),
        lambda: a.__iadd__(host),
    ):
        with pytest.raises(TypeError):
            mixed()
    for conversion in (np.asarray, np.ascontiguousarray, lambda each: host.__setitem__(..., each)):
        with pytest.raises(TypeError, match="Implicit conversion to a NumPy array is not allowed"):
            conversion(a)
    with pytest.raises(ValueError, match=r"non-scalar numpy\.ndarray cannot be used for fill"):
        a[...] = host
    with pytest.raises(ValueError, match=r"non-scalar numpy\.ndarray cannot be used for copyto"):
        np.copyto(a, host)


@pytest.mark.parametrize(
    "call",
    [
        lambda a: np.add(a, 1, where=True),
        lambda a: np.maximum.reduce(a),
        lambda a: np.einsum("ij->j", a, out=a[0]),
        lambda a: np.lib.stride_tricks.as_strided(a, (1,), (4,)),
    ],
)
def test_what_cupy_lacks_is_refused(call, xp: ModuleType) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises((TypeError, NotImplementedError, AttributeError)):
        call(xp.zeros((2, 3), np.float32))


def test_a_view_by_strides_lies_in_the_same_memory(xp: ModuleType) -> None:
    a = xp.zeros((6,), np.float32)
    a.set(np.arange(6, dtype=np.float32))
    windows = xp.ndarray((4, 3), a.dtype, a.data, (4, 4))
    assert windows.get().tolist() == [[0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5]]
    inner = a[2:]
    assert xp.ndarray((2,), a.dtype, inner.data, (8,)).get().tolist() == [2, 4]


def test_an_operation_reads_its_inputs_before_it_writes(xp: ModuleType) -> None:
    a = xp.zeros((4,), np.float32)
    a.set(np.arange(4, dtype=np.float32))
    np.add(a[:-1], a[1:], out=a[1:])
    assert a.get().tolist() == [0, 1, 3, 5]


def test_the_ledger_counts() -> None:
    xp = cupy_double.module()
    a = xp.zeros((2, 3), np.float32)
    LEDGER.clear()
    np.add(a, a, out=a)
    a[:1] *= 2
    assert vars(LEDGER) == {"made": [], "copied_inside": [], "to_device": [], "to_host": []}
    np.add(a, 1)
    a.T.reshape(6)
    np.add(a[:], 1, out=a)
    np.matmul(a[:, :2], a[:, :2], out=xp.ndarray((2, 2), np.float32, a.data, (12, 4)))
    a.set(a.get())
    assert LEDGER.made == [(2, 3), (6,)]
    assert LEDGER.copied_inside[:1] == [(2, 3)]
    assert LEDGER.copied_inside[1:] == [(2, 2)] * len(LEDGER.copied_inside[1:])
    assert (LEDGER.to_device, LEDGER.to_host) == ([24], [24])
    LEDGER.clear()
