"""A safetensors file of weights: arrays by module and name, as PyTorch's `state_dict` or Keras' paths tell them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inkling.counterparts import KERAS_NAMES, Library
from inkling.errors import DataError, printable, refuse_address, shortened
from inkling.foreign import what_it_is
from inkling.importing.exported import Exported, read_exported
from inkling.own_files import EXPORTED, FIRST_BYTES, MODEL, STATE_DICT, own_file

MOST_ARRAYS = 10_000
_INKLING = "inkling"  # an entry of the metadata: of a model file
_FLOATS = ("F16", "F32", "F64")
_COUNTERS = ("num_batches_tracked", "seed_generator_state")  # no part of what a network computes
_KERAS = {"kernel", "depthwise_kernel", *KERAS_NAMES.values()}
_AS_SAFETENSORS = "write the weights as safetensors, as docs/export.md shows in two lines"
_BEGINNINGS = {
    b"PK\x03\x04": "a zip, as PyTorch, Keras and NumPy write",
    b"\x80": "a pickle, which may run code and is never read",
    b"\x89HDF": "an HDF5 file",
}

Modules = Mapping[str, Mapping[str, np.ndarray]]


@dataclass(frozen=True)
class Weights:
    """The arrays of a file, float32, by the name of their module and their own: `modules["conv1"]["weight"]`.

    Attributes
    ----------
    exported : of a file that `inkling export torch` wrote, what it tells of its model.
    """

    modules: Modules
    library: Library
    exported: Exported | None


def read_weights(path: Path) -> Weights:
    """DataError where it is missing, damaged, no safetensors file, Inkling's model file, or without such arrays."""
    from safetensors import SafetensorError, safe_open

    _require_safetensors(path)
    modules: dict[str, dict[str, np.ndarray]] = {}
    try:
        with safe_open(path, framework="numpy") as file:
            metadata, names = file.metadata() or {}, list(file.keys())
            if _INKLING in metadata:
                raise DataError(f"{path}: a model file of Inkling already, which all commands take as it is")
            if len(names) > MOST_ARRAYS:
                raise DataError(f"{path}: at most {MOST_ARRAYS:,} arrays were expected, not {len(names):,}")
            for name in names:
                module, own = _parts(name)
                if own not in _COUNTERS:
                    _require_float(path, name, file.get_slice(name).get_dtype())
                    modules.setdefault(module, {})[own] = _float32(path, name, file.get_tensor(name))
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or 'it is damaged'}") from None
    except SafetensorError:
        raise DataError(f"{path}: damaged, or not a safetensors file") from None
    if not modules:
        raise DataError(f"{path}: weights were expected, and there is none in it")
    own_names = {own for arrays in modules.values() for own in arrays}
    exported = read_exported(metadata[EXPORTED], path) if EXPORTED in metadata else None
    return Weights(modules, "keras" if own_names & _KERAS else "torch", exported)


def _require_safetensors(path: Path) -> None:
    refuse_address(path)
    if path.is_dir():
        raise DataError(
            f"{path}: a safetensors file was expected, and this is a folder: give the file of weights in it"
        )
    if not path.is_file():
        raise DataError(f"{path}: a file was expected, and this is none" if path.exists() else f"{path}: no such file")
    with path.open("rb") as file:
        head = file.read(FIRST_BYTES)
    if not head:
        raise DataError(f"{path}: a safetensors file was expected, and this is an empty file: write the weights anew")
    for start, what in _BEGINNINGS.items():
        if head.startswith(start) and head[8:9] != b"{":  # where the JSON of a safetensors file begins
            raise DataError(f"{path}: a safetensors file was expected, and this is {what}: {_AS_SAFETENSORS}")
    found = what_it_is(path)
    if found not in (None, MODEL, STATE_DICT):
        remedy = found.remedy if own_file(head) else _AS_SAFETENSORS
        raise DataError(f"{path}: a safetensors file was expected, and this is {found.what}: {remedy}")


def _parts(name: str) -> tuple[str, str]:
    """Module and own name of "layers.0.weight", "sequential/conv2d/kernel", or "dense/kernel:0" of older Keras."""
    module, own = re.fullmatch(r"(?:(.*)[./])?([^./]*)", name, re.DOTALL).groups()  # type: ignore[union-attr]
    own = own.removesuffix(":0")
    return module or "", "kernel" if own == "depthwise_kernel" else own


def _require_float(path: Path, name: str, kind: str) -> None:
    if kind not in _FLOATS:
        raise DataError(
            f"{path}: numbers of float16, float32 or float64 were expected, and {shortened(name)} is of {kind}: write "
            "it as float32"
        )


def _float32(path: Path, name: str, array: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        array = array.astype(np.float32)
    if not np.isfinite(array).all():
        raise DataError(f"{path}: some numbers of {printable(name)} are not finite")
    return array
