"""Workspace: the arrays that one process computes in, made once: activations, gradients and scratch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from inkling.nn.device import CPU, Device
from inkling.nn.layer import Array, Cache, Layer, Shape
from inkling.nn.placement import LayerArrays, Placement


class Architecture(Protocol):
    """What a workspace has to know about a network."""

    @property
    def layers(self) -> Sequence[Layer]: ...
    @property
    def shapes(self) -> Sequence[Shape]: ...
    @property
    def first_with_parameters(self) -> int: ...


class Workspace:
    """The arrays of a network for up to `capacity` images; with `training=False`, for a forward pass only."""

    def __init__(
        self,
        network: Architecture,
        capacity: int,
        dtype: type = np.float32,
        *,
        training: bool = True,
        device: Device = CPU,
    ) -> None:
        self.capacity, self.training = capacity, training
        place = Placement(capacity, dtype, training, device)
        self._layers: list[LayerArrays] = place.forward_arrays(network.layers, network.shapes[0])
        self._dlogits: np.ndarray = place.empty(network.shapes[-1])
        if training:
            place.add_backward_arrays(
                network.layers, network.shapes[0], self._layers, self._dlogits, network.first_with_parameters
            )
        self._views: dict[int, tuple[list[Cache], np.ndarray]] = {}

    def buffers_for(self, n: int) -> tuple[list[Cache], np.ndarray]:
        """The caches of all layers and the gradient of the logits, for a batch of n images."""
        if n not in self._views:
            if n > self.capacity:
                raise ValueError(f"{n} images do not fit a workspace made for {self.capacity}")
            views: dict[int, Array] = {id(self._dlogits): self._dlogits[:n]}
            caches = [arrays.cache(n, views, training=self.training) for arrays in self._layers]
            self._views[n] = caches, views[id(self._dlogits)]
        return self._views[n]
