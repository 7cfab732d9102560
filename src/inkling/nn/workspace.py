"""Workspace: the scratch of one process, made once: activations, gradients and caches for up to N images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from inkling.nn import chain
from inkling.nn.blocks import aligned
from inkling.nn.layer import Cache, Layer, Shape

if TYPE_CHECKING:
    from inkling.nn.network import Network

Slot = dict[str, Any]  # of a layer: arrays for N images by name; "scratch", and the slots of "inner", beside them


class Workspace:
    """Scratch of a network for up to `capacity` images.

    With `training=False` there is room for a forward pass only. Which layers work in place is settled here.
    """

    def __init__(self, network: Network, capacity: int, dtype: type = np.float32, *, training: bool = True) -> None:
        self.capacity = capacity
        self._dtype = dtype
        self._training = training
        self._slots, *_ = self._lay_out_forward(network.layers, network.shapes)
        self._dlogits: np.ndarray = self._empty(network.shapes[-1])
        if training:
            first = network.first_with_parameters
            self._lay_out_backward(network.layers, network.shapes, self._slots, self._dlogits, first)
        self._caches: dict[int, tuple[list[Cache], np.ndarray]] = {}

    def _empty(self, shape: Shape, dtype: type | None = None) -> np.ndarray:
        return aligned((self.capacity, *shape), dtype or self._dtype)

    def _lay_out_forward(
        self, layers: Sequence[Layer], shapes: Sequence[Shape], y: np.ndarray | None = None, protected: bool = True
    ) -> tuple[list[Slot], np.ndarray | None, bool]:
        """Room for y of all layers; the last y, and whether the layer behind may not overwrite it.

        `y` is None while it is the array that the chain was given, which no layer may overwrite.
        """
        slots: list[Slot] = []
        for i, layer in enumerate(layers):
            if layer.transparent:
                inner_shapes = chain.shapes_of(layer.inner, shapes[i])
                inner, y, protected = self._lay_out_forward(layer.inner, inner_shapes, y, protected)
                slots.append({"y": y, "scratch": {}, "inner": inner})
                continue
            if layer.reshapes:
                y = None if y is None else y.reshape(self.capacity, *shapes[i + 1])
            elif layer.in_place and not protected:
                protected = layer.needs_output
            else:
                y = self._empty(shapes[i + 1])
                protected = layer.needs_output
            pieces = layer.scratch(shapes[i], training=self._training)
            scratch: dict[str, np.ndarray] = {name: aligned(shape, self._dtype) for name, shape in pieces.items()}
            rows = [self._lay_out_forward(b, chain.shapes_of(b, shapes[i]))[0] for b in layer.branches]
            slots.append({"y": y, "scratch": scratch, "inner": [slot for row in rows for slot in row]})
        return slots, y, protected

    def _lay_out_backward(
        self, layers: Sequence[Layer], shapes: Sequence[Shape], slots: Sequence[Slot], dy: np.ndarray, first: int | None
    ) -> None:
        """Room for dx of all layers, or of those behind the `first` where nobody asks for the gradient of its input."""
        for i in reversed(range(len(layers))):
            layer, shape, slot = layers[i], shapes[i], slots[i]
            for name, (inner, dtype) in layer.buffers(shape).items():
                slot[name] = self._empty(inner, None if dtype is np.floating else dtype)
            asked = first is None or i > first
            if layer.inner:
                inner_dy = slot["inner_dy"] = dy if layer.transparent else self._empty(shapes[i + 1])
                for branch, row in chain.by_branch(layer, slot["inner"]):
                    end = chain.first_with_parameters(branch, shape) if i == first else len(branch)  # or never reached
                    self._lay_out_backward(
                        branch, chain.shapes_of(branch, shape), row, inner_dy, None if asked else end
                    )
            if not asked:
                slot["dx"] = None
            elif layer.transparent:
                slot["dx"] = dy = slot["inner"][0]["dx"]
            elif layer.reshapes:
                slot["dx"] = dy = dy.reshape(self.capacity, *shape)
            else:
                slot["dx"] = dy = dy if layer.in_place or layer.in_place_backward else self._empty(shape)

    def rows(self, n: int) -> tuple[list[Cache], np.ndarray]:
        """The caches of all layers and the gradient of the logits, for a batch of n images."""
        if n not in self._caches:
            if n > self.capacity:
                raise ValueError(f"{n} images do not fit a workspace made for {self.capacity}")
            self._caches[n] = _caches(self._slots, n), self._dlogits[:n]
        return self._caches[n]


def _caches(slots: list[Slot], n: int) -> list[Cache]:
    return [
        Cache(
            scratch=Cache(**slot["scratch"]),
            inner=_caches(slot["inner"], n),
            **{name: a if a is None else a[:n] for name, a in slot.items() if name not in ("scratch", "inner")},
        )
        for slot in slots
    ]
