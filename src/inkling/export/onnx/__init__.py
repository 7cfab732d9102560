"""ONNX: a model as one file that ONNX Runtime and other runtimes execute, in float32 or in int8.

The file takes images as bytes and answers with what `Model` answers with. It is written for opset 17 and IR version 8,
which runtimes since 2022 read.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from inkling.errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    import numpy as np
    from onnx import ModelProto

    from inkling.model import Model

__all__ = ["export_onnx"]

EXTRA = "onnx"
OPSET = 17
IR_VERSION = 8


def require_onnx(*packages: str) -> None:
    """MissingExtraError unless these packages are installed, of "onnx" and "onnxruntime"."""
    for package in packages:
        if find_spec(package) is None:
            raise MissingExtraError(package, EXTRA)


def export_onnx(
    model: Model, images: np.ndarray | None = None, *, int8: bool = False, flat: bool = False, name: str = "model"
) -> ModelProto:
    """A model as an ONNX file.

    Parameters
    ----------
    images : uint8 (N, H, W), as the model takes them, some hundred. With `int8`, the ranges of all values are measured
        on them; otherwise they are not needed.
    flat : the file takes rows (N, H·W), not images (N, H, W).
    name : of the model, in the metadata.

    Raises
    ------
    UsageError
        A layer is not one of Inkling's, none gains in int8, or int8 has no images.
    MissingExtraError
        The extra `onnx` is not installed.
    """
    require_onnx("onnx", *(["onnxruntime"] if int8 else []))
    from inkling.export.onnx.file import onnx_model

    proto = onnx_model(model, name, flat=flat)
    if not int8:
        return proto
    if images is None or len(images) == 0:
        raise UsageError("int8 needs images that the ranges of its values are measured on: give some hundred")
    from inkling.export.onnx.int8 import quantized

    return quantized(proto, images, "its caller")
