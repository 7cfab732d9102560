"""A composite: a layer that is made of layers. Those that extend it say what becomes of the numbers in between."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from inkling.errors import UsageError
from inkling.nn import chain
from inkling.nn.layer import Layer, ParameterSpec, Shape


@dataclass(frozen=True, init=False, repr=False)
class Composite(Layer, ABC):
    """Layers inside a layer: what they learn is its own, under the number of the layer, as in "0.weight"."""

    layers: tuple[Layer, ...]

    def __init__(self, *layers: Layer) -> None:
        object.__setattr__(self, "layers", layers)
        name = type(self).__name__
        for layer in layers:
            if not isinstance(layer, Layer):
                raise UsageError(f"{name} is made of layers, as in {name}(Linear(10), ReLU()), not of {layer!r}")
        if not layers:
            raise UsageError(f"{name} needs at least one layer")

    @property
    def inner(self) -> tuple[Layer, ...]:
        return self.layers

    def parameters(self, shape: Shape) -> Mapping[str, ParameterSpec]:
        return chain.numbered([layer.parameters(s) for layer, s in self._placed(shape)])

    def statistics(self, shape: Shape) -> Mapping[str, ParameterSpec]:
        return chain.numbered([layer.statistics(s) for layer, s in self._placed(shape)])

    def update_statistics(self, p: Any, seen: Any) -> None:
        chain.update_statistics(self.layers, p, seen)

    def _placed(self, shape: Shape) -> Iterator[tuple[Layer, Shape]]:
        """The layers, each with the shape of one image in front of it."""
        for branch in self.branches:
            yield from zip(branch, chain.shapes_of(branch, shape), strict=False)
