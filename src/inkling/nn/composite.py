"""A composite: a layer that is made of layers. Its subclasses say how the outputs of these become one output."""

from __future__ import annotations

import dataclasses
from abc import ABC
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from inkling.errors import UsageError
from inkling.nn import chain
from inkling.nn.layer import Cache, Layer, ParameterSpec, Shape


@dataclass(frozen=True, init=False, repr=False)
class Composite(Layer, ABC):
    """Layers inside a layer: their parameters are its own, named by the number of the layer, as in "0.weight"."""

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

    def with_layers(self, layers: Sequence[Layer]) -> Self:
        """The same composite of other layers: every other field keeps its value."""
        new = object.__new__(type(self))
        for field in dataclasses.fields(self):
            value = tuple(layers) if field.name == "layers" else getattr(self, field.name)
            object.__setattr__(new, field.name, value)
        return new

    def parameters(self, shape: Shape) -> Mapping[str, ParameterSpec]:
        return chain.numbered([layer.parameters(s) for layer, s in self._placed(shape)])

    def statistics(self, shape: Shape) -> Mapping[str, ParameterSpec]:
        return chain.numbered([layer.statistics(s) for layer, s in self._placed(shape)])

    def batch_statistics(self, cache: Cache, out: Any) -> None:
        chain.batch_statistics(self.layers, cache.inner, out)

    def update_statistics(self, p: Any, seen: Any) -> None:
        chain.update_statistics(self.layers, p, seen)

    def _placed(self, shape: Shape) -> Iterator[tuple[Layer, Shape]]:
        """The layers, each with the shape of one image in front of it."""
        for branch in self.branches:
            yield from zip(branch, chain.shapes_of(branch, shape), strict=False)
