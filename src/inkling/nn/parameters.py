"""Parameters: one contiguous vector θ, with a named view of it for every array of every layer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from inkling.nn.device import Device
from inkling.nn.layer import ParameterSpec, Shape


class Place(NamedTuple):
    """Where one named array of a layer lies in its vector, and whether Muon sees a matrix in it (`ParameterSpec`)."""

    layer: int
    name: str
    start: int
    shape: Shape
    is_matrix: bool = False

    def view(self, vector: np.ndarray) -> np.ndarray:
        return vector[self.start : self.start + math.prod(self.shape)].reshape(self.shape)


@dataclass(frozen=True)
class Layout:
    """Where each array lies: parameters in a vector of `size` numbers, the `decayed` ones first, and the statistics."""

    layers: int
    parameters: tuple[Place, ...]
    statistics: tuple[Place, ...]
    decayed: int
    size: int
    statistics_size: int

    @property
    def weights(self) -> tuple[Place, ...]:
        """The parameters that decay, in the order of the layers: no biases, and nothing of a normalisation."""
        return tuple(place for place in self.parameters if place.start < self.decayed)

    @classmethod
    def of(
        cls, parameters: Sequence[Mapping[str, ParameterSpec]], statistics: Sequence[Mapping[str, ParameterSpec]]
    ) -> Layout:
        specs = [(i, name, spec) for i, layer in enumerate(parameters) for name, spec in layer.items()]
        first, decayed = _line_up([s for s in specs if s[2].decayed], 0)
        rest, size = _line_up([s for s in specs if not s[2].decayed], decayed)
        seen, seen_size = _line_up([(i, n, s) for i, layer in enumerate(statistics) for n, s in layer.items()], 0)
        return cls(len(parameters), first + rest, seen, decayed, size, seen_size)


def _line_up(specs: Sequence[tuple[int, str, ParameterSpec]], start: int) -> tuple[tuple[Place, ...], int]:
    places = []
    for layer, name, spec in specs:
        places.append(Place(layer, name, start, spec.shape, spec.is_matrix))
        start += math.prod(spec.shape)
    return tuple(places), start


class Views:
    """The arrays of one layer by name, as views. They can be written into, not replaced.

    An array of a layer inside it is named "0.weight" in a layout, and found as `p[0].weight`.
    """

    _inner: Mapping[int, Views]

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        self.__dict__.update({name: array for name, array in arrays.items() if "." not in name})
        inner: dict[int, dict[str, np.ndarray]] = {}
        for name, array in arrays.items():
            head, dot, rest = name.partition(".")
            if dot:
                inner.setdefault(int(head), {})[rest] = array
        self.__dict__["_inner"] = {i: Views(each) for i, each in inner.items()}

    def __getitem__(self, layer: int) -> Views:
        return self._inner.get(layer, _NOTHING)

    def __setattr__(self, name: str, value: Any) -> None:
        if value is not self.__dict__.get(name):  # `p.weight += x` hands back the same array
            raise AttributeError(f"{name} is a view of the parameter vector: write into it ({name}[...] = value)")

    def __getattr__(self, name: str) -> np.ndarray:
        names = [known for known in self.__dict__ if known != "_inner"]
        raise AttributeError(f"this layer has no {name!r}: it has {', '.join(names) or 'no parameters'}")


_NOTHING = Views({})


class Parameters:
    """A point in parameter space: θ in `flat`, running statistics in `statistics`, `p[i].weight` views of both.

    A gradient is of the same type: ∇ in `flat`, and in `statistics` those of the batch.
    Copies and pickles keep the vectors and make fresh views.
    """

    def __init__(self, layout: Layout, flat: np.ndarray | None = None, statistics: np.ndarray | None = None) -> None:
        self.layout = layout
        self.flat = np.zeros(layout.size, np.float32) if flat is None else flat
        self.statistics = np.zeros(layout.statistics_size, self.flat.dtype) if statistics is None else statistics
        if self.flat.shape != (layout.size,) or self.statistics.shape != (layout.statistics_size,):
            raise ValueError(f"expected {layout.size} parameters and {layout.statistics_size} statistics")
        arrays: list[dict[str, np.ndarray]] = [{} for _ in range(layout.layers)]
        for places, vector in ((layout.parameters, self.flat), (layout.statistics, self.statistics)):
            for place in places:
                arrays[place.layer][place.name] = place.view(vector)
        self.named = arrays  # for each layer, its views by name; "0.weight" for a layer inside it
        self._views = [Views(layer) for layer in arrays]

    def __getitem__(self, layer: int) -> Any:
        return self._views[layer]

    def __len__(self) -> int:
        return len(self._views)

    def __repr__(self) -> str:
        return f"Parameters({self.layout.size:,} numbers {self.flat.dtype}, {self.layout.statistics_size:,} statistics)"

    def copy(self) -> Parameters:
        return Parameters(self.layout, self.flat.copy(), self.statistics.copy())

    def astype(self, dtype: type) -> Parameters:
        return Parameters(self.layout, self.flat.astype(dtype), self.statistics.astype(dtype))

    def on(self, device: Device) -> Parameters:
        """The same parameters on a device: copies, where it is another one."""
        return Parameters(self.layout, device.put(self.flat), device.put(self.statistics))

    def __reduce__(self) -> tuple[type, tuple[Layout, np.ndarray, np.ndarray]]:
        return Parameters, (self.layout, self.flat, self.statistics)
