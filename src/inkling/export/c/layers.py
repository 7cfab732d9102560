"""From layers to steps: what each layer of a folded network computes, as operations on values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from inkling.errors import UsageError
from inkling.export.c.program import IMAGE, Program, Step
from inkling.nn import (
    GELU,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    CenterCrop,
    Conv2d,
    DepthwiseConv2d,
    Dropout,
    Ensemble,
    Flatten,
    GlobalAvgPool,
    Layer,
    LayerNorm,
    LeakyReLU,
    Linear,
    MaxPool2d,
    Network,
    Parameters,
    ReLU,
    Residual,
    Sequential,
    chain,
)
from inkling.nn.layer import Array, Arrays, Shape


def program_of(network: Network, params: Parameters) -> Program:
    """The steps of a folded network; UsageError where it has a layer that C does not know."""
    building = _Building()
    building.chain(network.layers, params.named, IMAGE, network.input_shape)
    return Program(tuple(building.steps), network.input_shape)


class _Building:
    """Steps so far. Each method gives the value that holds the output."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def add(
        self,
        layer: Layer,
        kind: str,
        reads: Sequence[int],
        shape: Shape,
        arrays: Arrays | None = None,
        **options: float,
    ) -> int:
        """A step for a layer; its kernel arrays are turned, so that those of one output stand together."""
        turned = {name: _turned(kind, name, each) for name, each in (arrays or {}).items()}
        number = len(self.steps) + 1
        self.steps.append(Step(kind, tuple(reads), number, shape, layer.output_shape(shape), turned, options))
        return number

    def chain(self, layers: Sequence[Layer], arrays: Sequence[Arrays], value: int, shape: Shape) -> int:
        for layer, named in zip(layers, arrays, strict=True):
            emit = _EMITTERS.get(type(layer))
            if emit is None:
                raise UsageError(
                    f"the layer {type(layer).__name__} has no C code: exported are networks of {', '.join(_names())}"
                )
            value = emit(self, layer, named, value, shape)
            shape = layer.output_shape(shape)
        return value

    def branches(self, layer: Layer, arrays: Arrays, value: int, shape: Shape) -> list[int]:
        """The outputs of the chains inside a layer."""
        inside = chain.by_number(arrays, len(layer.inner))
        return [self.chain(branch, part, value, shape) for branch, part in chain.by_branch(layer, inside)]


def _turned(kind: str, name: str, array: Array) -> Array:
    """A kernel (K, K, C, O) as (O, K, K, C), a matrix (F, O) as (O, F): float32, contiguous."""
    turned = np.moveaxis(array, -1, 0) if name == "weight" and kind in ("conv2d", "linear") else array
    return np.ascontiguousarray(turned, np.float32)


def _linear(b: _Building, layer: Layer, arrays: Arrays, x: int, shape: Shape) -> int:
    return b.add(layer, "linear", [x], shape, arrays)


def _kernel(kind: str) -> Callable[..., int]:
    def emit(b: _Building, layer: Conv2d | DepthwiseConv2d, arrays: Arrays, x: int, shape: Shape) -> int:
        bias = arrays.get("bias", np.zeros(layer.output_shape(shape)[-1], np.float32))
        named = {"weight": arrays["weight"], "bias": bias}
        options = {"kernel": layer.kernel_size, "stride": layer.stride, "padding": layer.padding}
        return b.add(layer, kind, [x], shape, named, **options)

    return emit


def _pool(kind: str) -> Callable[..., int]:
    def emit(b: _Building, layer: MaxPool2d | AvgPool2d, arrays: Arrays, x: int, shape: Shape) -> int:
        stride = layer.kernel_size if layer.stride is None else layer.stride
        return b.add(layer, kind, [x], shape, kernel=layer.kernel_size, stride=stride)

    return emit


def _global_average(b: _Building, layer: Layer, arrays: Arrays, x: int, shape: Shape) -> int:
    return b.add(layer, "global_avg_pool", [x], shape)


def _affine(b: _Building, layer: BatchNorm1d | BatchNorm2d, arrays: Arrays, x: int, shape: Shape) -> int:
    """A batch normalisation that no layer absorbed: s x + t for each channel."""
    scale, shift = layer.as_affine(arrays)
    return b.add(layer, "affine", [x], shape, {"weight": scale, "bias": shift})


def _layer_norm(b: _Building, layer: LayerNorm, arrays: Arrays, x: int, shape: Shape) -> int:
    return b.add(layer, "layer_norm", [x], shape, arrays, eps=layer.eps)


def _relu(b: _Building, layer: Layer, arrays: Arrays, x: int, shape: Shape) -> int:
    return b.add(layer, "relu", [x], shape)


def _leaky_relu(b: _Building, layer: LeakyReLU, arrays: Arrays, x: int, shape: Shape) -> int:
    return b.add(layer, "leaky_relu", [x], shape, slope=layer.negative_slope)


def _gelu(b: _Building, layer: Layer, arrays: Arrays, x: int, shape: Shape) -> int:
    return b.add(layer, "gelu", [x], shape)


def _crop(b: _Building, layer: CenterCrop, arrays: Arrays, x: int, shape: Shape) -> int:
    return x if layer.output_shape(shape) == shape else b.add(layer, "center_crop", [x], shape)


def _nothing(b: _Building, layer: Layer, arrays: Arrays, x: int, shape: Shape) -> int:
    return x


def _residual(b: _Building, layer: Residual, arrays: Arrays, x: int, shape: Shape) -> int:
    return b.add(layer, "mean", [x, *b.branches(layer, arrays, x, shape)], shape, scale=1.0)


def _ensemble(b: _Building, layer: Ensemble, arrays: Arrays, x: int, shape: Shape) -> int:
    outputs = b.branches(layer, arrays, x, shape)
    return b.add(layer, "mean", outputs, shape, scale=1 / len(outputs)) if len(outputs) > 1 else outputs[0]


def _sequential(b: _Building, layer: Sequential, arrays: Arrays, x: int, shape: Shape) -> int:
    return b.branches(layer, arrays, x, shape)[0]


_EMITTERS: Mapping[type[Layer], Callable[..., int]] = {
    Linear: _linear,
    Conv2d: _kernel("conv2d"),
    DepthwiseConv2d: _kernel("depthwise_conv2d"),
    MaxPool2d: _pool("max_pool2d"),
    AvgPool2d: _pool("avg_pool2d"),
    GlobalAvgPool: _global_average,
    BatchNorm1d: _affine,
    BatchNorm2d: _affine,
    LayerNorm: _layer_norm,
    ReLU: _relu,
    LeakyReLU: _leaky_relu,
    GELU: _gelu,
    CenterCrop: _crop,
    Flatten: _nothing,
    Dropout: _nothing,
    Residual: _residual,
    Ensemble: _ensemble,
    Sequential: _sequential,
}


def _names() -> list[str]:
    return [layer.__name__ for layer in _EMITTERS]
