"""A chain: layers in a row. It is what a network is, and what lies inside a layer that is made of others.

`p`, `g` and `caches` hold for each layer, by its place in the row, its parameters, their gradient, and its scratch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from inkling.nn.layer import Array, Cache, Layer, Rng, Shape

T = TypeVar("T")


def shapes_of(layers: Sequence[Layer], shape: Shape) -> tuple[Shape, ...]:
    """Shape of one image in front of each layer and, last, behind them all."""
    shapes = [shape]
    for layer in layers:
        shapes.append(layer.output_shape(shapes[-1]))
    return tuple(shapes)


def first_with_parameters(layers: Sequence[Layer], shape: Shape) -> int | None:
    """Where the backward pass of a whole network ends; None where nothing is learnt."""
    shapes = shapes_of(layers, shape)
    return next((i for i, layer in enumerate(layers) if layer.parameters(shapes[i])), None)


def forward(layers: Sequence[Layer], p: Any, x: Array, caches: list[Cache], *, training: bool, rng: Rng) -> Array:
    for i, layer in enumerate(layers):
        x = layer.forward(p[i], x, caches[i], training=training, rng=rng)
    return x


def backward(layers: Sequence[Layer], p: Any, g: Any, dy: Array, caches: list[Cache]) -> None:
    """Overwrite `g`; the gradient of the chain's input is then in the first cache's dx, if it has one."""
    for i in reversed(range(len(layers))):
        layers[i].backward(p[i], g[i], dy, caches[i])
        if caches[i].dx is None:
            break
        dy = caches[i].dx


def observe(layers: Sequence[Layer], p: Any, seen: Any) -> None:
    for i, layer in enumerate(layers):
        layer.observe(p[i], seen[i])


def numbered(named: Sequence[Mapping[str, T]]) -> dict[str, T]:
    """What each layer of a chain has by name, in one mapping: "0.weight", "0.bias", "2.weight", …"""
    return {f"{i}.{name}": each for i, layer in enumerate(named) for name, each in layer.items()}


def by_number(named: Mapping[str, T], layers: int) -> list[dict[str, T]]:
    """The reverse of `numbered`."""
    parts: list[dict[str, T]] = [{} for _ in range(layers)]
    for name, each in named.items():
        number, _, rest = name.partition(".")
        parts[int(number)][rest] = each
    return parts
