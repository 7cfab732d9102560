"""A chain: layers in a row. It is what a network is, and what lies, alone or beside others, inside a layer.

`p`, `g` and `caches` hold for each layer, by its place in the row, its parameters, their gradient, and its scratch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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


def by_branch(layer: Layer, inside: Sequence[T]) -> Iterator[tuple[tuple[Layer, ...], Sequence[T]]]:
    """The branches of a layer, each with its part of what there is one of for every layer inside."""
    start = 0
    for branch in layer.branches:
        yield branch, inside[start : start + len(branch)]
        start += len(branch)


def last_weights(layers: Sequence[Layer], shape: Shape) -> set[tuple[int, str]]:
    """The weights that a chain ends in, by layer and name: those of its last layer that has some, of each branch."""
    shapes = shapes_of(layers, shape)
    for i in reversed(range(len(layers))):
        if names := _last_of(layers[i], shapes[i]):
            return {(i, name) for name in names}
    return set()


def _last_of(layer: Layer, shape: Shape) -> list[str]:
    if not layer.inner:
        return [name for name, spec in layer.parameters(shape).items() if len(spec.shape) > 1]
    branches = by_branch(layer, range(len(layer.inner)))
    return [f"{numbers[i]}.{name}" for branch, numbers in branches for i, name in last_weights(branch, shape)]


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


def update_statistics(layers: Sequence[Layer], p: Any, seen: Any) -> None:
    for i, layer in enumerate(layers):
        layer.update_statistics(p[i], seen[i])


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
