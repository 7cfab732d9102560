"""Placement: which arrays the layers of a network compute in, and which of them are the same memory.

Walk along the chain with the array that the next layer reads, which begins as the caller's images:

- A layer gets an array of its own for y. But where it is `in_place` and may write over what it reads, y is that array.
- What a layer reads may be written over, unless it is the caller's or the layer that made it `needs_output`.
- A layer that `reshapes` hands on a view of what it reads, and whether that may be written over.

Then walk back with dy, which begins as the gradient of the logits, as far as the first layer with parameters:

- A layer gets an array of its own for dx. But where it is `in_place` or `in_place_backward`, dx is the array of dy.

The layers inside a composite are chains of their own. They read the composite's x, which they may not write over, and
get a copy of dy. A `transparent` composite has no arrays: the walks go through the layers inside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from inkling.nn import chain
from inkling.nn.blocks import Block, array_shape
from inkling.nn.device import CPU, Device
from inkling.nn.layer import Array, Cache, Layer, Shape


@dataclass
class LayerArrays:
    """The arrays of one layer for as many images as a workspace holds; None for an array that it does without."""

    y: Array | None
    scratch: dict[str, Array]
    inner: list[LayerArrays]
    named: dict[str, Array]  # those of `Layer.cache_arrays`
    dx: Array | None = None
    inner_dy: Array | None = None

    def cache(self, n: int, views: dict[int, Array], *, training: bool) -> Cache:
        """What the layer is handed for a batch of n images: the first n of each array, but the whole scratch.

        `views` holds these views by the `id` of their array, so that layers that share an array are handed the same
        view of it: CuPy copies what an operation reads and writes, unless it is one and the same object.
        """

        def first(array: Array | None) -> Array | None:
            return None if array is None else views.setdefault(id(array), array[:n])

        by_name = {"y": self.y, **self.named}
        if training:
            by_name |= {"dx": self.dx, "inner_dy": self.inner_dy}
        return Cache(
            scratch=Cache(**self.scratch),
            inner=[arrays.cache(n, views, training=training) for arrays in self.inner],
            **{name: first(array) for name, array in by_name.items()},
        )


class _Read(NamedTuple):
    """The array that the next layer reads: None while it is the input of the chain, which is not ours to place."""

    array: Array | None
    writable: bool


CHAIN_INPUT = _Read(None, writable=False)


class Placement:
    """Makes arrays of `capacity` images for chains of layers, and lets neighbours share them."""

    def __init__(self, capacity: int, dtype: type, training: bool, device: Device = CPU) -> None:
        self.capacity, self.dtype, self.training, self.device = capacity, dtype, training, device

    def empty(self, shape: Shape, dtype: type | None = None) -> Array:
        """A fresh array for images of this shape."""
        return self.device.zeros((self.capacity, *shape), dtype or self.dtype)

    def _scratch(self, declared: Shape | Block) -> Array:
        """A fresh array of zeros as a layer declares it, or for a block that is a whole batch."""
        if isinstance(declared, Block) and self.device.whole_batches:
            declared = declared.for_batch(self.capacity)
        return self.device.zeros(array_shape(declared), self.dtype)

    def forward_arrays(self, layers: Sequence[Layer], shape: Shape) -> list[LayerArrays]:
        """The arrays of a chain whose input has this shape, without dx."""
        return self._walk(layers, shape, CHAIN_INPUT)[0]

    def _walk(self, layers: Sequence[Layer], shape: Shape, read: _Read) -> tuple[list[LayerArrays], _Read]:
        """The arrays of all layers, and what the layer behind them reads."""
        placed: list[LayerArrays] = []
        for layer in layers:
            if layer.transparent:
                inner, read = self._walk(layer.inner, shape, read)
            else:
                inner = [arrays for branch in layer.branches for arrays in self.forward_arrays(branch, shape)]
                read = self._output(layer, layer.output_shape(shape), read)
            scratch = layer.scratch_arrays(shape, training=self.training)
            named = layer.cache_arrays(shape) if self.training else {}
            placed.append(
                LayerArrays(
                    y=read.array,
                    scratch={name: self._scratch(each) for name, each in scratch.items()},
                    inner=inner,
                    named={name: self.empty(spec.shape, spec.dtype) for name, spec in named.items()},
                )
            )
            shape = layer.output_shape(shape)
        return placed, read

    def _output(self, layer: Layer, shape: Shape, read: _Read) -> _Read:
        """Where a layer writes y: what the next layer reads."""
        if layer.reshapes:
            view = None if read.array is None else read.array.reshape(self.capacity, *shape)
            return _Read(view, read.writable)
        y = read.array if layer.in_place and read.writable else self.empty(shape)
        return _Read(y, writable=not layer.needs_output)

    def add_backward_arrays(
        self, layers: Sequence[Layer], shape: Shape, placed: Sequence[LayerArrays], dy: Array, end: int | None
    ) -> None:
        """Place dx of the layers behind number `end`, whose own dx nobody asks for; of all layers where it is None."""
        shapes = chain.shapes_of(layers, shape)
        for i in reversed(range(end or 0, len(layers))):
            layer, arrays, asked = layers[i], placed[i], i != end
            if layer.inner:
                arrays.inner_dy = dy if layer.transparent else self.empty(shapes[i + 1])
                for branch, inner in chain.by_branch(layer, arrays.inner):
                    branch_end = None if asked else chain.first_with_parameters(branch, shapes[i])
                    self.add_backward_arrays(branch, shapes[i], inner, arrays.inner_dy, branch_end)
            if asked:
                arrays.dx = dy = self._input_gradient(layer, shapes[i], arrays, dy)

    def _input_gradient(self, layer: Layer, shape: Shape, arrays: LayerArrays, dy: Array) -> Array:
        """Where a layer writes dx: what the layer before it gets as dy."""
        if layer.transparent:
            dx = arrays.inner[0].dx
            assert dx is not None, "the layers inside were placed before"
            return dx
        if layer.reshapes:
            return dy.reshape(self.capacity, *shape)
        return dy if layer.in_place or layer.in_place_backward else self.empty(shape)
