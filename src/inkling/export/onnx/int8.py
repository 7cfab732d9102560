"""int8: the same graph with weights and activations of 8 bits, as pairs of QuantizeLinear and DequantizeLinear (QDQ).

ONNX Runtime's static quantisation writes the pairs: weights int8 with a scale per output channel, activations uint8
with a range that is measured on calibration images. Four choices are made here, each measured with the bundled reader:

- Weights have 7 bits of the 8. Processors without VNNI add pairs of products in 16 bits, which 8 bits overflow without
  a sign: on such a machine 99.50 % instead of 99.60 %.
- A first convolution with a stride gets more channels (`first_convolution`). Any other convolution of a single channel
  stays in float32: its products are too short to gain in int8.
- The logits stay in float32: in steps of 8 bits, two of them could be equal.
- A rectifier behind a maximum goes before it, which is the same function: a range then has no values below 0, and is
  twice as fine, and the convolution rectifies as it rounds.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import ModelProto, NodeProto

from inkling.errors import UsageError
from inkling.export.onnx.first_convolution import SPLIT, space_to_depth
from inkling.export.onnx.properties import IMAGES, QUANTIZATION
from inkling.inference import PIXEL_SCALE

_PIECE = 100  # calibration images per call
_KEEPING = ("MaxPool", "AveragePool", "GlobalAveragePool", "Relu", "LeakyRelu", "Flatten")
_BYTES = {"scale": np.array(PIXEL_SCALE), "zero_point": np.array(0, np.uint8)}  # what the range of pixels is
_ADDED_BY_TOOL = "onnx.infer"


def quantized(proto: ModelProto, calibration: np.ndarray, source: str) -> ModelProto:
    """The int8 form of a graph of `onnx_model`.

    Parameters
    ----------
    calibration : images uint8 (N, H, W) that the ranges of activations are measured on.
    source : what these are called in the metadata.

    Raises
    ------
    UsageError
        No layer of the network gains in int8.
    """
    from onnxruntime.quantization import QuantFormat, QuantType, quantize_static

    proto = _rectified_first(proto)
    space_to_depth(proto)
    nodes = _nodes_in_int8(proto)
    if not nodes:
        raise UsageError(
            "int8 needs a Linear layer or a convolution of several channels, and this network has none: leave out "
            "--int8"
        )
    overrides = {SPLIT: [_BYTES]} if any(SPLIT in node.output for node in proto.graph.node) else {}
    shape = [each.dim_value for each in proto.graph.input[0].type.tensor_type.shape.dim[1:]]
    with tempfile.TemporaryDirectory() as folder, _without_advice():
        path = Path(folder) / "int8.onnx"
        quantize_static(
            proto,
            path,
            _reader(calibration.reshape(len(calibration), *shape)),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            nodes_to_quantize=nodes,
            extra_options={"OpTypesToExcludeOutputQuantization": ["Gemm"], "TensorQuantOverrides": overrides},
        )
        made = onnx.load(path)
    properties = {each.key: each.value for each in made.metadata_props if each.key != _ADDED_BY_TOOL}
    about = f"int8, static, QDQ, per channel, weights of 7 bits, calibrated on {len(calibration)} images of {source}"
    onnx.helper.set_model_props(made, {**properties, QUANTIZATION: about})
    made.producer_name, made.producer_version = proto.producer_name, proto.producer_version
    onnx.checker.check_model(made, full_check=True)
    return made


def _reader(images: np.ndarray) -> Any:
    """What the tool takes its images from, in pieces."""
    from onnxruntime.quantization import CalibrationDataReader

    pieces = iter([{IMAGES: images[i : i + _PIECE]} for i in range(0, len(images), _PIECE)])

    class Reader(CalibrationDataReader):
        def get_next(self) -> dict[str, np.ndarray] | None:
            return next(pieces, None)

    return Reader()


def _rectified_first(proto: ModelProto) -> ModelProto:
    """A copy in which max(max pool(x), 0) is max pool(max(x, 0))."""
    copy = ModelProto()
    copy.CopyFrom(proto)
    nodes = copy.graph.node
    for i, pool in enumerate(nodes):
        users = [k for k, node in enumerate(nodes) if pool.op_type == "MaxPool" and pool.output[0] in node.input]
        if len(users) == 1 and nodes[users[0]].op_type == "Relu":
            relu = nodes[users[0]]
            x, between, y = pool.input[0], pool.output[0], relu.output[0]
            first, second = NodeProto(), NodeProto()
            first.CopyFrom(relu)
            second.CopyFrom(pool)
            first.input[0], first.output[0], second.input[0], second.output[0] = x, between, between, y
            nodes[i].CopyFrom(first)
            nodes[users[0]].CopyFrom(second)
    return copy


def _nodes_in_int8(proto: ModelProto) -> list[str]:
    """Names of the products, but for those of one channel; and of the simple operations on what these give alone."""
    shapes = {each.name: tuple(each.dims) for each in proto.graph.initializer}
    names: list[str] = []
    made: set[str] = set()
    for node in proto.graph.node:
        group = next((each.i for each in node.attribute if each.name == "group"), 1)
        product = node.op_type == "Gemm" or (node.op_type == "Conv" and (group > 1 or shapes[node.input[1]][1] > 1))
        keeps = node.op_type in _KEEPING or node.name.endswith(".Residual")
        if product or (keeps and made.issuperset(node.input)):
            names.append(node.name)
            made.update(node.output)
    return names


@contextmanager
def _without_advice() -> Iterator[None]:
    """The tool advises a preparation that folds constants and batch normalisations; here that is done already."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
