"""Bounds of a graph: what it takes, from the shapes of its values, before anything is computed.

The bounds are those of `inkling.nn.bounds`, as far as a graph's values and a network's layers are the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, shape_inference

from inkling.errors import DataError, reason, shortened
from inkling.nn.bounds import MOST_NUMBERS, MOST_OPERATIONS, MOST_SCRATCH
from inkling.nn.layer import Shape

MOST_VALUES = 4 * MOST_NUMBERS  # numbers in all values of a graph for one image; GELU makes eight values of one
PIECE = 256  # images per call of the runtime
PIECE_NUMBERS = 2**26  # in all values for the images of a call; 256 MiB in float32
_ROUNDING = ("QuantizeLinear", "DequantizeLinear")
_SHORT = 64  # numbers of a constant that may be the shape of something


def images_per_call(proto: ModelProto, about: str) -> int:
    """How many images the runtime may be given at a time; DataError, which begins with `about`, beyond a bound."""
    try:
        (values, operations, scratch), together = _taken(proto, 1, about), _taken(proto, PIECE, about)[0]
    except IndexError:
        raise DataError(f"{about}: an operator lacks an input") from None
    for found, most, what in (
        (values, MOST_VALUES, "numbers per image"),
        (operations, MOST_OPERATIONS, "operations per image"),
        (scratch, MOST_SCRATCH, "numbers of scratch"),
    ):
        if found > most:
            raise DataError(f"{about}: it takes {found:,} {what}, and the bound is {most:,}: export a smaller network")
    return max(1, min(PIECE, PIECE * PIECE_NUMBERS // max(together, 1)))


def _taken(proto: ModelProto, images: int, about: str) -> tuple[int, int, int]:
    """Numbers in all values, operations, and the numbers of the largest scratch, for so many images."""
    shapes = _shapes(proto, images, about)
    constants = {each.name for each in proto.graph.initializer}
    values = operations = scratch = 0
    for node in proto.graph.node:
        if node.op_type in _ROUNDING and node.input[0] in constants:
            continue  # as long as an array of the file
        products = _products(node, shapes)
        numbers = sum(math.prod(shapes[each]) for each in node.output if each)
        values += numbers
        operations += numbers * products
        if node.op_type == "Conv":
            scratch = max(scratch, products * math.prod(shapes[node.output[0]][2:]))
    return values, operations, scratch


def _products(node: NodeProto, shapes: Mapping[str, Shape]) -> int:
    """How many products, or comparisons, make a number of the output."""
    if node.op_type == "Conv":
        return math.prod(shapes[node.input[1]][1:])
    if node.op_type == "Gemm":
        return shapes[node.input[1]][0]
    return math.prod(next((each.ints for each in node.attribute if each.name == "kernel_shape"), [1]))


def _shapes(proto: ModelProto, images: int, about: str) -> dict[str, Shape]:
    """The shape of every value, for so many images; DataError where one cannot be told."""
    graph, skeleton = proto.graph, ModelProto(ir_version=proto.ir_version, opset_import=proto.opset_import)
    skeleton.graph.name = "shapes"
    skeleton.graph.node.extend(graph.node)
    for array in graph.initializer:
        if array.data_type == TensorProto.INT64 and math.prod(array.dims) <= _SHORT:
            skeleton.graph.initializer.append(array)
        else:
            skeleton.graph.input.append(helper.make_tensor_value_info(array.name, array.data_type, array.dims))
    for given in graph.input:
        value = skeleton.graph.input.add()
        value.CopyFrom(given)
        if value.type.tensor_type.shape.dim:
            value.type.tensor_type.shape.dim[0].dim_value = images
    try:
        found = shape_inference.infer_shapes(skeleton, check_type=True, strict_mode=True).graph
    except Exception as error:  # of onnx, whose errors have no common base
        raise DataError(f"{about}: {reason(error)}") from None
    shapes = {each.name: _sides(each) for each in (*found.input, *found.value_info)}
    shapes |= {each.name: tuple(each.dims) for each in found.initializer}
    names = (name for node in graph.node for name in (*node.input, *node.output) if name)
    unknown = next((name for name in names if shapes.get(name) is None), None)
    if unknown is not None:
        raise DataError(f"{about}: the shape of its value {shortened(repr(unknown))} cannot be told")
    return {name: shape for name, shape in shapes.items() if shape is not None}


def _sides(value: ValueInfoProto) -> Shape | None:
    """The shape of a value; None where a side is not known."""
    tensor = value.type.tensor_type
    sides = [side.dim_value if side.HasField("dim_value") else -1 for side in tensor.shape.dim]
    return tuple(sides) if tensor.HasField("shape") and min(sides, default=0) >= 0 else None
