"""The first convolution in int8: the pixels of a step of its stride become channels.

Products over the K×K pixels of a single channel are slow in int8. With stride S, the S×S pixels from one place to the
next are taken as S² channels of an image of H/S × W/S, in which the same convolution has stride 1 and few taps:

    y[h, w] = Σᵢⱼ x[S h + i − P, S w + j − P] W[i, j] = Σ over a, b, c, d of x′[h + a, w + b, (c, d)] W′[a, b, (c, d)]

where i − P = S a + c and j − P = S b + d with 0 ≤ c, d < S. W′ is W with zeros where i or j would be outside.
"""

from __future__ import annotations

import math

import numpy as np
from onnx import ModelProto, NodeProto, helper, numpy_helper

X, SPLIT = "x", "x_split"  # the images in 0-1 (N, 1, H, W), and (N, S², H/S, W/S)


def space_to_depth(proto: ModelProto) -> None:
    """Rewrite, in place, a first convolution on one channel whose stride is above 1 and divides the image."""
    graph = proto.graph
    conv = next((node for node in graph.node if node.op_type == "Conv" and node.input[0] == X), None)
    if conv is None or sum(X in node.input for node in graph.node) > 1:
        return
    sizes = {each.name: list(each.ints) for each in conv.attribute if each.ints}
    stride, padding = sizes["strides"][0], sizes["pads"][0]
    arrays = {each.name: each for each in graph.initializer}
    image = numpy_helper.to_array(arrays["image_shape"])[2:].tolist()
    kernel = numpy_helper.to_array(arrays[conv.input[1]])
    if stride == 1 or any(length % stride for length in image):
        return
    new, first = _taps(kernel, stride, padding)
    taps, size = new.shape[2], kernel.shape[2]
    places = [(length + 2 * padding - size) // stride + 1 for length in image]
    behind = [place - 1 + taps - length // stride + first for place, length in zip(places, image, strict=True)]
    if min(behind) < 0:  # ONNX has no negative padding for a convolution that leaves pixels out at the end
        return
    arrays[conv.input[1]].CopyFrom(numpy_helper.from_array(new, conv.input[1]))
    _set(conv, kernel_shape=[taps] * 2, strides=[1, 1], pads=[-first, -first, *behind])
    conv.input[0] = SPLIT
    at = list(graph.node).index(conv)
    graph.node.insert(at, helper.make_node("SpaceToDepth", [X], [SPLIT], name=SPLIT, blocksize=stride))


def _taps(kernel: np.ndarray, stride: int, padding: int) -> tuple[np.ndarray, int]:
    """W′ (O, S², taps, taps) of W (O, 1, K, K), and the least a."""
    size = kernel.shape[2]
    first, last = -math.ceil(padding / stride), (size - 1 - padding) // stride
    taps = last - first + 1
    wide = np.zeros((len(kernel), taps * stride, taps * stride), np.float32)
    start = -padding - first * stride  # where i = 0 lies
    wide[:, start : start + size, start : start + size] = kernel[:, 0]
    split = wide.reshape(-1, taps, stride, taps, stride).transpose(0, 2, 4, 1, 3)
    return np.ascontiguousarray(split.reshape(len(kernel), stride**2, taps, taps)), first


def _set(node: NodeProto, **attributes: list[int]) -> None:
    kept = [each for each in node.attribute if each.name not in attributes]
    del node.attribute[:]
    node.attribute.extend(kept)
    node.attribute.extend(helper.make_attribute(name, value) for name, value in attributes.items())
