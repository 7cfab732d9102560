"""Layers as nodes: one short function per class, which adds its nodes to the graph and gives the value behind it.

Each gets the graph, the layer, its arrays by name, the value in front of it, and the name of its place. The functions
are the entries of `WRITERS`; a layer whose class is not in it is refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from inkling.errors import UsageError
from inkling.export.onnx.graph import Graph, Value
from inkling.export.onnx.normalization import write_batch_norm, write_layer_norm
from inkling.nn import chain, layers
from inkling.nn.gelu import A, B
from inkling.nn.layer import Arrays, Layer

Writer = Callable[[Graph, Any, Arrays, Value, str], Value]


def write_chain(graph: Graph, chained: Sequence[Layer], arrays: Sequence[Arrays], x: Value, place: str = "") -> Value:
    """The nodes of a chain of layers; the value behind the last one."""
    for i, (layer, named) in enumerate(zip(chained, arrays, strict=True)):
        x = write_layer(graph, layer, named, x, f"{place}{i}")
    return x


def write_layer(graph: Graph, layer: Layer, arrays: Arrays, x: Value, place: str) -> Value:
    """The nodes of one layer. UsageError, which names the layer, where ONNX's writer does not know its class."""
    writer = WRITERS.get(type(layer))
    if writer is None:
        raise UsageError(
            f"{layer} cannot be written as ONNX, which takes the layers of Inkling: {', '.join(layers.__all__)}"
        )
    return writer(graph, layer, arrays, x, place)


def _linear(graph: Graph, layer: layers.Linear, arrays: Arrays, x: Value, place: str) -> Value:
    """W (F, O), its rows in the order of the numbers of x."""
    weight = graph.constant(f"{place}.weight", x.arranged(arrays["weight"]))
    bias = graph.constant(f"{place}.bias", arrays["bias"])
    return Value(graph.add("Gemm", [x.name, weight, bias], f"{place}.Linear"), layer.output_shape(x.shape))


def _conv2d(graph: Graph, layer: layers.Conv2d, arrays: Arrays, x: Value, place: str) -> Value:
    """W (K, K, C, O) as (O, C, K, K)."""
    return _convolution(graph, layer, arrays["weight"].transpose(3, 2, 0, 1), arrays, x, place)


def _depthwise(graph: Graph, layer: layers.DepthwiseConv2d, arrays: Arrays, x: Value, place: str) -> Value:
    """W (K, K, C) as (C, 1, K, K): a group per channel."""
    weight = arrays["weight"].transpose(2, 0, 1)[:, np.newaxis]
    return _convolution(graph, layer, weight, arrays, x, place, group=x.shape[2])


def _convolution(
    graph: Graph,
    layer: layers.Conv2d | layers.DepthwiseConv2d,
    weight: np.ndarray,
    arrays: Arrays,
    x: Value,
    place: str,
    group: int = 1,
) -> Value:
    inputs = [x.name, graph.constant(f"{place}.weight", weight)]
    if layer.bias:
        inputs.append(graph.constant(f"{place}.bias", arrays["bias"]))
    sizes = {"kernel_shape": [layer.kernel_size] * 2, "strides": [layer.stride] * 2, "pads": [layer.padding] * 4}
    name = graph.add("Conv", inputs, f"{place}.{type(layer).__name__}", group=group, **sizes)
    return Value(name, layer.output_shape(x.shape))


def _pool(op: str) -> Writer:
    def write(graph: Graph, layer: layers.MaxPool2d | layers.AvgPool2d, arrays: Arrays, x: Value, place: str) -> Value:
        step = layer.kernel_size if layer.stride is None else layer.stride
        sizes = {"kernel_shape": [layer.kernel_size] * 2, "strides": [step] * 2}
        return Value(graph.add(op, [x.name], f"{place}.{type(layer).__name__}", **sizes), layer.output_shape(x.shape))

    return write


def _global_avg_pool(graph: Graph, layer: layers.GlobalAvgPool, arrays: Arrays, x: Value, place: str) -> Value:
    mean = graph.add("GlobalAveragePool", [x.name], f"{place}.mean")
    return Value(graph.add("Flatten", [mean], f"{place}.GlobalAvgPool", axis=1), layer.output_shape(x.shape))


def _flatten(graph: Graph, layer: layers.Flatten, arrays: Arrays, x: Value, place: str) -> Value:
    if len(x.shape) == 1:
        return x
    moved = x.shape[2] > 1 and math.prod(x.shape[:2]) > 1  # otherwise both orders are the same
    name = graph.add("Flatten", [x.name], f"{place}.Flatten", axis=1)
    return Value(name, layer.output_shape(x.shape), x.shape if moved else None)


def _center_crop(graph: Graph, layer: layers.CenterCrop, arrays: Arrays, x: Value, place: str) -> Value:
    starts = np.array([(length - layer.size) // 2 for length in x.shape[:2]], np.int64)
    ends, axes = starts + layer.size, np.array([2, 3], np.int64)
    bounds = {"starts": starts, "ends": ends, "axes": axes}
    constants = [graph.constant(f"{place}.{name}", array) for name, array in bounds.items()]
    return Value(graph.add("Slice", [x.name, *constants], f"{place}.CenterCrop"), layer.output_shape(x.shape))


def _relu(graph: Graph, layer: layers.ReLU, arrays: Arrays, x: Value, place: str) -> Value:
    return Value(graph.add("Relu", [x.name], f"{place}.ReLU"), x.shape, x.image)


def _leaky_relu(graph: Graph, layer: layers.LeakyReLU, arrays: Arrays, x: Value, place: str) -> Value:
    name = graph.add("LeakyRelu", [x.name], f"{place}.LeakyReLU", alpha=float(layer.negative_slope))
    return Value(name, x.shape, x.image)


def _gelu(graph: Graph, layer: layers.GELU, arrays: Arrays, x: Value, place: str) -> Value:
    """x (1 + tanh(A x (1 + B x²))) / 2; ONNX has an operator for it from opset 20 on."""
    one, half = graph.number(f"{place}.one", 1), graph.number(f"{place}.half", 0.5)
    a, ab = graph.number(f"{place}.a", A), graph.number(f"{place}.ab", A * B)
    square = graph.add("Mul", [x.name, x.name], f"{place}.square")
    scaled = graph.add("Mul", [square, ab], f"{place}.scaled")
    slope = graph.add("Add", [scaled, a], f"{place}.slope")
    u = graph.add("Mul", [slope, x.name], f"{place}.u")
    tanh = graph.add("Tanh", [u], f"{place}.tanh")
    raised = graph.add("Add", [tanh, one], f"{place}.raised")
    h = graph.add("Mul", [raised, half], f"{place}.h")
    return Value(graph.add("Mul", [x.name, h], f"{place}.GELU"), x.shape, x.image)


def _dropout(graph: Graph, layer: layers.Dropout, arrays: Arrays, x: Value, place: str) -> Value:
    return x


def _sequential(graph: Graph, layer: layers.Sequential, arrays: Arrays, x: Value, place: str) -> Value:
    return write_chain(graph, layer.layers, chain.by_number(arrays, len(layer.layers)), x, f"{place}.")


def _residual(graph: Graph, layer: layers.Residual, arrays: Arrays, x: Value, place: str) -> Value:
    x = graph.settled(x, f"{place}.x")
    y = write_chain(graph, layer.layers, chain.by_number(arrays, len(layer.layers)), x, f"{place}.")
    y = graph.settled(y, f"{place}.y")
    return Value(graph.add("Add", [x.name, y.name], f"{place}.Residual"), x.shape)


def _ensemble(graph: Graph, layer: layers.Ensemble, arrays: Arrays, x: Value, place: str) -> Value:
    parts = chain.by_number(arrays, len(layer.layers))
    outputs = []
    for k, (member, named) in enumerate(zip(layer.layers, parts, strict=True)):
        y = write_layer(graph, member, named, x, f"{place}.{k}")
        outputs.append(graph.settled(y, f"{place}.{k}.y"))
    return Value(graph.add("Mean", [y.name for y in outputs], f"{place}.Ensemble"), outputs[0].shape)


WRITERS: Mapping[type[Layer], Writer] = {
    layers.Linear: _linear,
    layers.Conv2d: _conv2d,
    layers.DepthwiseConv2d: _depthwise,
    layers.MaxPool2d: _pool("MaxPool"),
    layers.AvgPool2d: _pool("AveragePool"),
    layers.GlobalAvgPool: _global_avg_pool,
    layers.BatchNorm1d: write_batch_norm,
    layers.BatchNorm2d: write_batch_norm,
    layers.LayerNorm: write_layer_norm,
    layers.ReLU: _relu,
    layers.LeakyReLU: _leaky_relu,
    layers.GELU: _gelu,
    layers.Dropout: _dropout,
    layers.Flatten: _flatten,
    layers.CenterCrop: _center_crop,
    layers.Residual: _residual,
    layers.Sequential: _sequential,
    layers.Ensemble: _ensemble,
}
