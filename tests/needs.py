"""What tests need beyond the package: data, libraries, properties of the system.

`@needs_mnist("MNIST's files are read as published")` skips a test where MNIST is missing. The reason of the skip is the
need, a colon and the claim that the test would have proved; `conftest.py` lists both at the end of a run.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import pytest

ROOT = Path(__file__).parents[1]
DATA, HANDWRITING = (os.environ.get(name, "") for name in ("INKLING_DATA", "INKLING_HANDWRITING"))


@dataclass(frozen=True)
class Need:
    """`missing` is the reason of a skip; `is_met` tells whether the need is met on this machine."""

    missing: str
    is_met: Callable[[], bool]

    def __call__(self, claim: str) -> pytest.MarkDecorator:
        """A mark that skips a test, a class or a module (as `pytestmark`) where the need is not met."""
        return pytest.mark.skipif(not self.is_met(), reason=self.reason(claim))

    def or_skip(self, claim: str) -> None:
        """Skip the test or fixture that calls this, where the need is not met."""
        if not self.is_met():
            pytest.skip(self.reason(claim))

    def reason(self, claim: str) -> str:
        return f"{self.missing}: {claim}"


def _package(name: str, title: str) -> Need:
    return Need(f"{title} is not installed", lambda: find_spec(name) is not None)


def _folder(path: str) -> Need:
    return Need(f"{path} is not beside the tests", lambda: (ROOT / path).exists())


def _gpu_computes() -> bool:
    from inkling.errors import InklingError
    from inkling.training.devices import device_named

    try:
        device_named("cuda")
    except InklingError:
        return False
    return True


def _is_no_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() != 0


needs_mnist = Need("INKLING_DATA names no folder with mnist/", lambda: bool(DATA) and Path(DATA, "mnist").is_dir())
needs_kaggle = Need(
    "INKLING_DATA names no folder with kaggle/digit-recognizer.zip",
    lambda: bool(DATA) and Path(DATA, "kaggle", "digit-recognizer.zip").is_file(),
)
needs_handwriting = Need("INKLING_HANDWRITING is not set", lambda: bool(HANDWRITING))
needs_torch = _package("torch", "PyTorch")
needs_keras = _package("keras", "Keras")
needs_sklearn = _package("sklearn", "scikit-learn")
needs_pandas = _package("pandas", "pandas")
needs_polars = _package("polars", "polars")
needs_pyarrow = _package("pyarrow", "pyarrow")
needs_distributed = _package("distributed", "Dask")
needs_optuna = _package("optuna", "Optuna")
needs_moto = _package("moto", "moto")
needs_cupy = _package("cupy", "CuPy")
needs_hatchling = _package("hatchling", "hatchling")
needs_schemathesis = _package("schemathesis", "Schemathesis")
needs_onnx = _package("onnxruntime", "ONNX Runtime")
needs_tritonclient = _package("tritonclient", "tritonclient")
needs_gpu = Need("there is no GPU that CuPy computes on", _gpu_computes)
needs_sphinx = Need(
    "Sphinx and what docs/conf.py names are not installed",
    lambda: all(map(find_spec, ("sphinx", "myst_nb", "furo", "sphinx_design", "sphinx_copybutton"))),
)
needs_gcc = Need("gcc is not installed", lambda: which("gcc") is not None)
needs_gxx = Need("g++ is not installed", lambda: which("g++") is not None)
needs_source = _folder("src/inkling")
needs_benchmarks = _folder("benchmarks")
needs_tools = _folder("tools")
needs_repository = _folder(".git")
needs_proc = Need("this system has no /proc", lambda: Path("/proc/self/fd").is_dir())
needs_dev_fd = Need("this system has no /dev/fd", lambda: Path("/dev/fd").is_dir())
needs_dev_full = Need("this system has no /dev/full", lambda: Path("/dev/full").exists())
needs_file_permissions = Need("the tests run as a user who may read every file", _is_no_root)
