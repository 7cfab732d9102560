"""Admitted files: the ONNX files that ONNX Runtime is given, which are those of the form that Inkling writes.

An ONNX graph may hold loops, graphs in graphs, operators that make arrays of any size, code of other libraries, and
weights in other files. A stranger's file is therefore parsed first. Only the operators, attributes and types of
Inkling's writers are taken, and what the graph takes is bounded before anything is computed (`bounds.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from onnx import AttributeProto, GraphProto, ModelProto, TensorProto

from inkling.errors import DataError, reason, shortened
from inkling.export.onnx import IR_VERSION, OPSET
from inkling.export.onnx.bounds import images_per_call

OPERATORS = frozenset(
    [
        "Add",
        "AveragePool",
        "BatchNormalization",
        "Cast",
        "Conv",
        "DequantizeLinear",
        "Div",
        "Flatten",
        "Gather",
        "Gemm",
        "GlobalAveragePool",
        "LayerNormalization",
        "LeakyRelu",
        "MaxPool",
        "Mean",
        "Mul",
        "QuantizeLinear",
        "ReduceMean",
        "Relu",
        "Reshape",
        "Slice",
        "Softmax",
        "SpaceToDepth",
        "Sqrt",
        "Sub",
        "Tanh",
        "Transpose",
    ]
)
MOST_NODES = 2**16  # a layer becomes ten at most, and its rounding as many
_LARGEST = 2**24  # of the numbers in attributes
_TYPES = (TensorProto.FLOAT, TensorProto.UINT8, TensorProto.INT8, TensorProto.INT32, TensorProto.INT64)
_ATTRIBUTE_TYPES = (AttributeProto.FLOAT, AttributeProto.INT, AttributeProto.INTS)
_ATTRIBUTES = [
    "alpha",
    "axes",
    "axis",
    "blocksize",
    "epsilon",
    "group",
    "kernel_shape",
    "keepdims",
    "pads",
    "perm",
    "strides",
    "to",
]
_FIELDS: Mapping[str, frozenset[str]] = {
    "ModelProto": frozenset(
        ["ir_version", "opset_import", "producer_name", "producer_version", "graph", "metadata_props"]
    ),
    "GraphProto": frozenset(["node", "name", "initializer", "input", "output", "value_info"]),
    "NodeProto": frozenset(["input", "output", "name", "op_type", "attribute"]),
    "AttributeProto": frozenset(["name", "type", "f", "i", "ints"]),
    "TensorProto": frozenset(["dims", "data_type", "float_data", "int32_data", "int64_data", "name", "raw_data"]),
}


def admitted(content: bytes, name: object) -> tuple[bytes, int]:
    """The bytes for the runtime, and how many images it may be given per call.

    Messages call the file `name`. DataError where it is damaged, or holds what `inkling export onnx` does not write, or
    too much of it.
    """
    about = f"{name}: not a usable ONNX file"
    if not content:
        raise DataError(f"{about}: it is empty")
    proto = ModelProto()
    try:
        proto.ParseFromString(content)
    except Exception as error:  # protobuf's errors have other bases in each of its implementations
        raise DataError(f"{about}: {reason(error)}") from None
    proto.DiscardUnknownFields()  # so that the runtime sees what is checked here
    if not _is_utf_8(proto):
        raise DataError(f"{about}: a name or a property in it is not UTF-8")
    foreign = next(_foreign(proto, len(content)), None)
    if foreign is not None:
        raise DataError(f"{name}: it holds {foreign}, which `inkling export onnx` does not write: export a model anew")
    del proto.graph.value_info[:]  # the runtime infers them
    pieces = images_per_call(proto, about)
    return proto.SerializeToString(), pieces


def _is_utf_8(proto: ModelProto) -> bool:
    """Whether all names and properties are texts: protobuf decodes them when somebody asks, or gives the bytes."""
    try:
        return not any(isinstance(text, bytes) for text in _texts(proto))
    except UnicodeDecodeError:
        return False


def _texts(proto: ModelProto) -> Iterator[str]:
    graph = proto.graph
    yield from (proto.producer_name, proto.producer_version, graph.name)
    for entry in proto.metadata_props:
        yield from (entry.key, entry.value)
    for node in graph.node:
        yield from (node.name, node.op_type, node.domain, *node.input, *node.output)
        yield from (attribute.name for attribute in node.attribute)
    yield from (each.name for each in (*graph.initializer, *graph.input, *graph.output))
    for each in (*graph.input, *graph.output):
        yield from (side.dim_param for side in each.type.tensor_type.shape.dim)


def _foreign(proto: ModelProto, length: int) -> Iterator[str]:
    """What the file holds that Inkling does not write."""
    graph = proto.graph
    if len(graph.node) > MOST_NODES:
        yield f"{len(graph.node):,} operators"
    yield from (f"an operator {shortened(repr(node.op_type))}" for node in graph.node if node.op_type not in OPERATORS)
    for each in (proto, graph, *graph.node, *graph.initializer, *(a for node in graph.node for a in node.attribute)):
        kind = type(each).__name__
        filled = [field.name for field, value in each.ListFields() if value != ""]  # an empty domain is ONNX's own
        yield from (f"{field} in its {kind}" for field in filled if field not in _FIELDS[kind])
    opsets = [(each.domain, each.version) for each in proto.opset_import]
    if (opsets, proto.ir_version) != ([("", OPSET)], IR_VERSION):
        yield f"something else than opset {OPSET} and IR version {IR_VERSION}"
    yield from _foreign_numbers(graph, length)


def _foreign_numbers(graph: GraphProto, length: int) -> Iterator[str]:
    for attribute in (each for node in graph.node for each in node.attribute):
        known = attribute.type in _ATTRIBUTE_TYPES and attribute.name in _ATTRIBUTES
        if not known or any(abs(each) > _LARGEST for each in (attribute.i, *attribute.ints)):
            yield f"an attribute {shortened(repr(attribute.name))} of another form"
    for array in graph.initializer:
        if array.data_type not in _TYPES or any(side < 0 for side in array.dims) or math.prod(array.dims) > length:
            yield f"an array {shortened(repr(array.name))} of another form"
