"""Mutations of exported files: the parts of an ONNX graph and the texts beside it, the JSON of a C header."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

from benchmarks.files.entries import ODD, change_entry, change_notation

if TYPE_CHECKING:
    from onnx import ModelProto

_OPERATORS = ("Relu", "Conv", "Gemm", "Reshape", "Loop", "ConstantOfShape", "Tile", "Add", "Flatten", "Softmax")
_INTEGERS = [int(each) for each in ODD if isinstance(each, int) and abs(each) < 2**63]
_COLUMNS = 100


def _parsed(data: bytes) -> ModelProto:
    """ValueError where an earlier mutation left no such file."""
    from google.protobuf.message import DecodeError
    from onnx import ModelProto

    try:
        return ModelProto.FromString(data)
    except DecodeError as error:
        raise ValueError(error) from None


def graph_part(data: bytes, rng: Random) -> bytes:
    """A node with another operator, input or attribute, removed or doubled; or an array of another shape or type."""
    proto = _parsed(data)
    graph, node, array = proto.graph, rng.choice(proto.graph.node), rng.choice(proto.graph.initializer)
    integers = [each for node in graph.node for each in node.attribute if each.ints]
    match rng.randrange(8):
        case 0:
            node.op_type = rng.choice(_OPERATORS)
        case 1:
            node.input[rng.randrange(len(node.input))] = rng.choice(graph.node).output[0]
        case 2 if integers:
            sizes = rng.choice(integers).ints
            sizes[rng.randrange(len(sizes))] = rng.choice(_INTEGERS)
        case 3:
            graph.node.remove(node)
        case 4:
            graph.node.add().CopyFrom(node)
        case 5 if array.dims:
            array.dims[rng.randrange(len(array.dims))] = rng.choice(_INTEGERS)
        case 6:
            array.data_type = rng.randrange(20)
        case _:
            array.raw_data = bytes(rng.randrange(256) for _ in range(len(array.raw_data) % 4096))
    return proto.SerializeToString()


def property_entry(data: bytes, rng: Random) -> bytes:
    """An entry of the metadata of an ONNX file."""
    proto = _parsed(data)
    entry = rng.choice(proto.metadata_props)
    try:
        entry.value = json.dumps(change_entry([json.loads(entry.value)], rng)[0])
    except (ValueError, IndexError):  # no JSON, or all of it removed
        entry.value = change_notation(entry.value, rng)
    return proto.SerializeToString()


def description_entry(data: bytes, rng: Random) -> bytes:
    """An entry of the JSON at the end of a C header."""
    lines = data.decode().splitlines()
    start = [line.startswith(" * For `inkling") for line in lines].index(True) + 1
    description: Any = json.loads("".join(line.removeprefix(" * ") for line in lines[start:-1]))
    text = json.dumps(change_entry(description, rng)).replace(" ", "\\u0020" if rng.random() < 0.1 else "")
    cut = [f" * {text[i : i + _COLUMNS]}" for i in range(0, len(text), _COLUMNS)]
    return "\n".join([*lines[:start], *cut, lines[-1], ""]).encode()
