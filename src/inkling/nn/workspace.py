"""Workspace: the scratch of one process, made once: activations, gradients and caches for up to N images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inkling.nn.layer import Cache, Layer, Shape

if TYPE_CHECKING:
    from inkling.nn.network import Network

Arrays = dict[str, np.ndarray | None]


class Workspace:
    """Scratch of a network for up to `capacity` images.

    With `training=False` there is room for a forward pass only. Which layers work in place is settled here.
    """

    def __init__(self, network: Network, capacity: int, dtype: type = np.float32, *, training: bool = True) -> None:
        self.capacity = capacity
        self._dtype = dtype
        self._arrays: list[Arrays] = [{} for _ in network.layers]
        self._lay_out_forward(network)
        self._dlogits: np.ndarray = np.empty((capacity, *network.shapes[-1]), dtype)
        if training:
            self._lay_out_backward(network)
        self._caches: dict[int, tuple[list[Cache], np.ndarray]] = {}

    def _empty(self, shape: Shape, dtype: type | None = None) -> np.ndarray:
        return np.empty((self.capacity, *shape), dtype or self._dtype)

    def _lay_out_forward(self, network: Network) -> None:
        y: np.ndarray | None = None  # None while y is the caller's array of images, which nobody may overwrite
        protected = True
        for arrays, layer, shape in zip(self._arrays, network.layers, network.shapes[1:], strict=True):
            if layer.reshapes:
                y = None if y is None else y.reshape(self.capacity, *shape)
            elif layer.in_place and not protected:
                protected = layer.reads_output
            else:
                y = self._empty(shape)
                protected = layer.reads_output
            arrays["y"] = y

    def _lay_out_backward(self, network: Network) -> None:
        first = network.first_with_parameters
        dy = self._dlogits
        for i in reversed(range(len(network.layers))):
            layer, shape = network.layers[i], network.shapes[i]
            self._arrays[i] |= self._scratch(layer, shape)
            if i <= first:
                self._arrays[i]["dx"] = None
            elif layer.reshapes:
                self._arrays[i]["dx"] = dy = dy.reshape(self.capacity, *shape)
            else:
                self._arrays[i]["dx"] = dy = dy if layer.in_place else self._empty(shape)

    def _scratch(self, layer: Layer, shape: Shape) -> Arrays:
        return {
            name: self._empty(inner, None if dtype is np.floating else dtype)
            for name, (inner, dtype) in layer.buffers(shape).items()
        }

    def rows(self, n: int) -> tuple[list[Cache], np.ndarray]:
        """The caches of all layers and the gradient of the logits, for a batch of n images."""
        if n not in self._caches:
            if n > self.capacity:
                raise ValueError(f"{n} images do not fit a workspace made for {self.capacity}")
            caches = [
                Cache(**{name: None if a is None else a[:n] for name, a in arrays.items()}) for arrays in self._arrays
            ]
            self._caches[n] = caches, self._dlogits[:n]
        return self._caches[n]
