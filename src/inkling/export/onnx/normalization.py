"""Normalising layers as nodes: with running statistics, where they could not be folded, and of each image."""

from __future__ import annotations

import numpy as np

from inkling.export.onnx.graph import Graph, Value
from inkling.nn import layers
from inkling.nn.layer import Arrays

BatchNorm = layers.BatchNorm1d | layers.BatchNorm2d


def write_batch_norm(graph: Graph, layer: BatchNorm, arrays: Arrays, x: Value, place: str) -> Value:
    """One that could not be folded, with its running statistics."""
    names = ("weight", "bias", "running_mean", "running_var")
    constants = [graph.constant(f"{place}.{name}", _per_feature(arrays[name], x)) for name in names]
    name = graph.add(
        "BatchNormalization", [x.name, *constants], f"{place}.{type(layer).__name__}", epsilon=float(layer.eps)
    )
    return Value(name, x.shape, x.image)


def write_layer_norm(graph: Graph, layer: layers.LayerNorm, arrays: Arrays, x: Value, place: str) -> Value:
    """Rows by the operator of this name. It normalises the last axes only, and channels are the second one."""
    weight, bias = (
        graph.constant(f"{place}.{name}", _per_channel(_per_feature(arrays[name], x), x)) for name in ("weight", "bias")
    )
    if len(x.shape) == 1:
        name = f"{place}.LayerNorm"
        graph.add("LayerNormalization", [x.name, weight, bias], name, axis=-1, epsilon=float(layer.eps))
        return Value(name, x.shape, x.image)
    eps = graph.number(f"{place}.eps", layer.eps)
    mean = graph.add("ReduceMean", [x.name], f"{place}.mean", axes=[1], keepdims=1)
    centred = graph.add("Sub", [x.name, mean], f"{place}.centred")
    squares = graph.add("Mul", [centred, centred], f"{place}.squares")
    variance = graph.add("ReduceMean", [squares], f"{place}.variance", axes=[1], keepdims=1)
    raised = graph.add("Add", [variance, eps], f"{place}.raised")
    deviation = graph.add("Sqrt", [raised], f"{place}.deviation")
    normal = graph.add("Div", [centred, deviation], f"{place}.normal")
    scaled = graph.add("Mul", [normal, weight], f"{place}.scaled")
    return Value(graph.add("Add", [scaled, bias], f"{place}.LayerNorm"), x.shape)


def _per_feature(array: np.ndarray, x: Value) -> np.ndarray:
    """An array with a number per channel of images, or per number of rows, as x holds these."""
    return x.arranged(array) if len(x.shape) == 1 else array


def _per_channel(array: np.ndarray, x: Value) -> np.ndarray:
    """An array (C,) so that it meets the channels of images (N, C, H, W)."""
    return array if len(x.shape) == 1 else array.reshape(-1, 1, 1)
