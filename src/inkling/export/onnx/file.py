"""The whole file: bytes in, the folded network, and what `Model` answers with; metadata beside it."""

from __future__ import annotations

import numpy as np
from onnx import ModelProto, TensorProto, ValueInfoProto, checker, helper

import inkling
from inkling.export.onnx import IR_VERSION, OPSET
from inkling.export.onnx.graph import Graph, Value
from inkling.export.onnx.layers import write_chain
from inkling.export.onnx.properties import IMAGES, LOGITS, NOT_A_DIGIT, PROBABILITIES
from inkling.inference import PIXEL_SCALE
from inkling.model import Model
from inkling.nn import fold
from inkling.properties import properties_of

BATCH = "N"  # the name of the axis whose length is free


def onnx_model(model: Model, name: str, *, flat: bool = False) -> ModelProto:
    """A model as an ONNX graph, checked in full.

    The input `images` is uint8 (N, H, W), or (N, H·W) if `flat`, for any N. The outputs are `logits` and
    `probabilities`, float32 (N, K), and `not_a_digit`, float32 (N,), where the model can say so: those of `Model`, with
    its temperature.

    Parameters
    ----------
    name : of the model, in the metadata.

    Raises
    ------
    UsageError
        The network has a layer that is not one of Inkling's.
    """
    graph = Graph()
    network, params = fold(model.network, model.params)
    x = _preprocess(graph, model)
    y = write_chain(graph, network.layers, params.named, x)
    outputs = _answers(graph, model, y)
    height, width, _ = model.network.input_shape
    shape: list[str | int | None] = [BATCH, height * width] if flat else [BATCH, height, width]
    images = helper.make_tensor_value_info(IMAGES, TensorProto.UINT8, shape)
    made = helper.make_graph(graph.nodes, _identifier(name), [images], outputs, graph.initializers)
    proto = helper.make_model(
        made,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="inkling",
        producer_version=inkling.__version__,
    )
    helper.set_model_props(proto, properties_of(model, name))
    checker.check_model(proto, full_check=True)
    return proto


def _preprocess(graph: Graph, model: Model) -> Value:
    """Bytes to (N, 1, H, W) in 0-1. The 0 of the new shape keeps N, so that images of another size are an error."""
    height, width, _ = model.network.input_shape
    shape = graph.constant("image_shape", np.array([0, 1, height, width], np.int64))
    scale = graph.constant("pixel_scale", np.array(PIXEL_SCALE))
    x = graph.add("Reshape", [IMAGES, shape], "pixels")
    x = graph.add("Cast", [x], "levels", to=TensorProto.FLOAT)
    return Value(graph.add("Mul", [x, scale], "x"), model.network.input_shape)


def _answers(graph: Graph, model: Model, y: Value) -> list[ValueInfoProto]:
    """Outputs of the logits y, (N, K), or (N, K + 1) where the last one stands for "not a digit"."""
    k, known = model.n_classes, model.knows_non_digits
    temperature = graph.number("temperature", model.temperature)
    divided = graph.add("Div", [y.name, temperature], "all_logits" if known else LOGITS)
    if known:
        bounds = {"first_class": [0], "classes": [k], "class_axis": [1]}
        constants = [graph.constant(name, np.array(each, np.int64)) for name, each in bounds.items()]
        graph.add("Slice", [divided, *constants], LOGITS)
    graph.add("Softmax", [LOGITS], PROBABILITIES, axis=1)
    outputs = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [BATCH, k]) for n in (LOGITS, PROBABILITIES)]
    if known:
        shares = graph.add("Softmax", [divided], "all_probabilities", axis=1)
        last = graph.constant("last_class", np.array(k, np.int64))
        graph.add("Gather", [shares, last], NOT_A_DIGIT, axis=1)
        outputs.append(helper.make_tensor_value_info(NOT_A_DIGIT, TensorProto.FLOAT, [BATCH]))
    return outputs


def _identifier(name: str) -> str:
    """The name of the graph, which ONNX wants to be like one of a variable in C."""
    return "".join(c if c.isascii() and (c.isalnum() or c == "_") else "_" for c in name) or "model"
