"""Counterparts: how PyTorch and Keras name the arrays of a network, and how their axes lie.

|                     | Inkling             | PyTorch      | Keras        |
|---------------------|---------------------|--------------|--------------|
| images              | (N, H, W, C)        | (N, C, H, W) | (N, H, W, C) |
| Linear              | weight (F, O)       | (O, F)       | (F, O)       |
| Conv2d              | weight (K, K, C, O) | (O, C, K, K) | (K, K, C, O) |
| DepthwiseConv2d     | weight (K, K, C)    | (C, 1, K, K) | (K, K, C, 1) |

A row that PyTorch's `Flatten` makes of an image has its numbers channels first, Inkling's channels last. The features
of a `Linear` behind it lie in that order, and so do those of normalisations in between.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from inkling.errors import UsageError
from inkling.nn import chain, layers
from inkling.nn.layer import Layer, Shape

Library = Literal["torch", "keras"]
KERAS_NAMES = {
    "weight": "gamma",
    "bias": "beta",
    "running_mean": "moving_mean",
    "running_var": "moving_variance",
}  # of a normalisation; a layer with a kernel has `kernel` and `bias`
_NORMS = (layers.BatchNorm1d, layers.BatchNorm2d, layers.LayerNorm)
_IN_ANY_ORDER = (*_NORMS, layers.ReLU, layers.LeakyReLU, layers.GELU, layers.Dropout, layers.Flatten)


class Counterpart(NamedTuple):
    """An array of another library.

    Attributes
    ----------
    ours, shape : the name of Inkling's array, and the shape of the other one.
    split, axes : Inkling's array has these axes, in the other one they lie in the order `axes`.
    """

    ours: str
    shape: Shape
    split: Shape
    axes: tuple[int, ...]

    def theirs(self, array: np.ndarray) -> np.ndarray:
        """Inkling's array as the other library lays it out."""
        return np.ascontiguousarray(array.reshape(self.split).transpose(self.axes).reshape(self.shape))

    def back(self, array: np.ndarray, shape: Shape) -> np.ndarray:
        """The reverse: Inkling's array, of this shape."""
        moved = array.reshape([self.split[axis] for axis in self.axes])
        return moved.transpose(np.argsort(self.axes)).reshape(shape)


@dataclass(frozen=True)
class Place:
    """A layer with arrays.

    Attributes
    ----------
    path : "3", or "3.0" for a layer inside layer 3.
    arrays : its arrays by the other library's names.
    """

    path: str
    layer: Layer
    arrays: Mapping[str, Counterpart]


def places(chained: Sequence[Layer], shape: Shape, library: Library) -> Iterator[Place]:
    """The layers with arrays of a chain that takes `shape`, in order.

    UsageError, which names it, for a layer that is not one of Inkling's.
    """
    yield from _chain(chained, shape, library, [str(i) for i in range(len(chained))])


def is_channels_first(behind: Sequence[Layer], shape: Shape) -> bool | None:
    """Whether the rows that Flatten makes of `shape` may have their numbers channels first, as in PyTorch.

    None where both orders are the same. They may where the next of the layers behind that mixes features is a `Linear`:
    then its weights are put into the same order.
    """
    if len(shape) == 1 or shape[2] == 1 or math.prod(shape[:2]) == 1:
        return None
    return isinstance(next((a for a in behind if not isinstance(a, _IN_ANY_ORDER)), None), layers.Linear)


def _chain(chained: Sequence[Layer], shape: Shape, library: Library, paths: Sequence[str]) -> Iterator[Place]:
    image = None  # the (H, W, C) of which rows were made whose numbers lie channels first
    for i, (layer, path) in enumerate(zip(chained, paths, strict=True)):
        if library == "torch" and isinstance(layer, layers.Flatten) and len(shape) == 3:
            image = shape if is_channels_first(chained[i + 1 :], shape) else None
        for branch, numbers in chain.by_branch(layer, range(len(layer.inner))):
            yield from _chain(branch, shape, library, [f"{path}.{number}" for number in numbers])
        if not layer.inner and layer.parameters(shape):
            yield _place(layer, shape, library, path, image)
        image = None if isinstance(layer, layers.Linear) else image
        shape = layer.output_shape(shape)


def _place(layer: Layer, shape: Shape, library: Library, path: str, image: Shape | None) -> Place:
    maker = _MAKERS.get(type(layer))
    if maker is None:
        raise UsageError(
            f"{layer} has no counterpart in PyTorch or Keras; those of Inkling have: {', '.join(layers.__all__)}"
        )
    return Place(path, layer, maker(layer, shape, library, image))


def _norm(layer: Layer, shape: Shape, library: Library, image: Shape | None) -> Mapping[str, Counterpart]:
    names = [*layer.parameters(shape), *layer.statistics(shape)]
    vector = _vector(shape[-1], image)
    return {n if library == "torch" else KERAS_NAMES[n]: vector._replace(ours=n) for n in names}


def _vector(length: int, image: Shape | None = None) -> Counterpart:
    return Counterpart("bias", (length,), image or (length,), (2, 0, 1) if image else (0,))


def _linear(layer: layers.Linear, shape: Shape, library: Library, image: Shape | None) -> Mapping[str, Counterpart]:
    f, o = shape[0], layer.out_features
    if library == "keras":
        return {"kernel": Counterpart("weight", (f, o), (f, o), (0, 1)), "bias": _vector(o)}
    split, axes = ((*image, o), (3, 2, 0, 1)) if image else ((f, o), (1, 0))
    return {"weight": Counterpart("weight", (o, f), split, axes), "bias": _vector(o)}


def _conv2d(layer: layers.Conv2d, shape: Shape, library: Library, image: Shape | None) -> Mapping[str, Counterpart]:
    k, c, o = layer.kernel_size, shape[2], layer.out_channels
    ours = (k, k, c, o)
    bias = {"bias": _vector(o)} if layer.bias else {}
    if library == "keras":
        return {"kernel": Counterpart("weight", ours, ours, (0, 1, 2, 3))} | bias
    return {"weight": Counterpart("weight", (o, c, k, k), ours, (3, 2, 0, 1))} | bias


def _depthwise(
    layer: layers.DepthwiseConv2d, shape: Shape, library: Library, image: Shape | None
) -> Mapping[str, Counterpart]:
    k, c = layer.kernel_size, shape[2]
    bias = {"bias": _vector(c)} if layer.bias else {}
    if library == "keras":
        return {"kernel": Counterpart("weight", (k, k, c, 1), (k, k, c), (0, 1, 2))} | bias
    return {"weight": Counterpart("weight", (c, 1, k, k), (k, k, c), (2, 0, 1))} | bias


_MAKERS: Mapping[type[Layer], Callable[[Any, Shape, Library, Shape | None], Mapping[str, Counterpart]]] = {
    layers.Linear: _linear,
    layers.Conv2d: _conv2d,
    layers.DepthwiseConv2d: _depthwise,
    layers.BatchNorm1d: _norm,
    layers.BatchNorm2d: _norm,
    layers.LayerNorm: _norm,
}
