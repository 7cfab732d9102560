"""Layers as lines of Python, `x = relu(x)`: one short function per class, which is an entry of `WRITERS`.

Each gets the layer, the names of its arrays, and its place, such as "2.0" for the first layer inside layer 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from inkling.errors import UsageError
from inkling.nn import chain, layers
from inkling.nn.layer import Arrays, Layer

Lines = Iterator[str]
Writer = Callable[[Any, Arrays, str], Lines]
ARRAYS = ("weight", "bias", "running_mean", "running_var")  # in the order of the functions' arguments


def chain_lines(chained: Sequence[Layer], arrays: Sequence[Arrays], place: str = "") -> Lines:
    """The lines of a chain of layers, from x to x."""
    for i, (layer, named) in enumerate(zip(chained, arrays, strict=True)):
        yield from layer_lines(layer, named, f"{place}{i}")


def layer_lines(layer: Layer, arrays: Arrays, place: str) -> Lines:
    """The lines of one layer. UsageError, which names it, for a layer that is not one of Inkling's."""
    writer = WRITERS.get(type(layer))
    if writer is None:
        raise UsageError(
            f"{layer} cannot be written in NumPy, which is for the layers of Inkling: {', '.join(layers.__all__)}"
        )
    yield from writer(layer, arrays, place)


def _call(function: str, *names: str) -> Writer:
    """A call with the arrays of the layer and these of its arguments."""

    def write(layer: Layer, arrays: Arrays, place: str) -> Lines:
        given = [f'P["{place}.{name}"]' for name in ARRAYS if name in arrays]
        named = [f"{name}={getattr(layer, name)!r}" for name in names]
        yield f"x = {function}({', '.join(['x', *given, *named])})"

    return write


def _convolution(function: str) -> Writer:
    def write(layer: layers.Conv2d | layers.DepthwiseConv2d, arrays: Arrays, place: str) -> Lines:
        given = [f'P["{place}.{name}"]' for name in ARRAYS if name in arrays]
        named = [*[f"stride={layer.stride}"] * (layer.stride > 1), *[f"padding={layer.padding}"] * (layer.padding > 0)]
        yield f"x = {function}({', '.join(['x', *given, *named])})"

    return write


def _pool(function: str) -> Writer:
    def write(layer: layers.MaxPool2d | layers.AvgPool2d, arrays: Arrays, place: str) -> Lines:
        stride = layer.kernel_size if layer.stride is None else layer.stride
        yield f"x = {function}(x, size={layer.kernel_size}, stride={stride})"

    return write


def _dropout(layer: layers.Dropout, arrays: Arrays, place: str) -> Lines:
    yield from ()


def _sequential(layer: layers.Sequential, arrays: Arrays, place: str) -> Lines:
    yield from chain_lines(layer.layers, chain.by_number(arrays, len(layer.layers)), f"{place}.")


def _residual(layer: layers.Residual, arrays: Arrays, place: str) -> Lines:
    shortcut = f"x_{_identifier(place)}"
    yield f"{shortcut} = x"
    yield from chain_lines(layer.layers, chain.by_number(arrays, len(layer.layers)), f"{place}.")
    yield f"x = {shortcut} + x"


def _ensemble(layer: layers.Ensemble, arrays: Arrays, place: str) -> Lines:
    given, total = f"x_{_identifier(place)}", f"sum_{_identifier(place)}"
    yield f"{given}, {total} = x, 0"
    for k, (member, named) in enumerate(zip(layer.layers, chain.by_number(arrays, len(layer.layers)), strict=True)):
        yield f"x = {given}"
        yield from layer_lines(member, named, f"{place}.{k}")
        yield f"{total} = {total} + x"
    yield f"x = {total} / {len(layer.layers)}"


def _identifier(place: str) -> str:
    return place.replace(".", "_")


WRITERS: Mapping[type[Layer], Writer] = {
    layers.Linear: _call("linear"),
    layers.Conv2d: _convolution("conv2d"),
    layers.DepthwiseConv2d: _convolution("depthwise_conv2d"),
    layers.MaxPool2d: _pool("max_pool2d"),
    layers.AvgPool2d: _pool("avg_pool2d"),
    layers.GlobalAvgPool: _call("global_avg_pool"),
    layers.BatchNorm1d: _call("batch_norm", "eps"),
    layers.BatchNorm2d: _call("batch_norm", "eps"),
    layers.LayerNorm: _call("layer_norm", "eps"),
    layers.ReLU: _call("relu"),
    layers.LeakyReLU: _call("leaky_relu", "negative_slope"),
    layers.GELU: _call("gelu"),
    layers.Dropout: _dropout,
    layers.Flatten: _call("flatten"),
    layers.CenterCrop: _call("center_crop", "size"),
    layers.Residual: _residual,
    layers.Sequential: _sequential,
    layers.Ensemble: _ensemble,
}
