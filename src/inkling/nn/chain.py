"""A chain: layers one behind another. A network is a chain, and a composite layer holds one or several.

`p`, `g` and `caches` are indexed by the layer's number in the chain: its parameters, their gradient, and its cache.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from inkling.nn.layer import Array, Cache, Layer, Rng, Shape

T = TypeVar("T")


class Visit(NamedTuple):
    """A layer on a walk: the shapes of one image in front of it and behind it, and in how many layers it lies."""

    layer: Layer
    shape: Shape
    output_shape: Shape
    depth: int


def walk(layers: Sequence[Layer], shape: Shape, depth: int = 0) -> Iterator[Visit]:
    """Every layer of a chain in order, each followed by the layers inside it."""
    for layer in layers:
        output_shape = layer.output_shape(shape)
        yield Visit(layer, shape, output_shape, depth)
        for branch in layer.branches:
            yield from walk(branch, shape, depth + 1)
        shape = output_shape


def shapes_of(layers: Sequence[Layer], shape: Shape) -> tuple[Shape, ...]:
    """Shape of one image in front of each layer and, last, behind them all."""
    shapes = [shape]
    for layer in layers:
        shapes.append(layer.output_shape(shapes[-1]))
    return tuple(shapes)


def first_with_parameters(layers: Sequence[Layer], shape: Shape) -> int | None:
    """The number of the layer at which the backward pass of a network ends; None where no layer has parameters."""
    shapes = shapes_of(layers, shape)
    return next((i for i, layer in enumerate(layers) if layer.parameters(shapes[i])), None)


def by_branch(layer: Layer, inside: Sequence[T]) -> Iterator[tuple[tuple[Layer, ...], Sequence[T]]]:
    """The branches of a layer, each with its part of `inside`, a sequence with one entry per layer of `layer.inner`."""
    start = 0
    for branch in layer.branches:
        yield branch, inside[start : start + len(branch)]
        start += len(branch)


def last_matrices(layers: Sequence[Layer], shape: Shape) -> set[tuple[int, str]]:
    """The matrices of the last layer that has some, by number of the layer and name; one in each branch of a layer."""
    shapes = shapes_of(layers, shape)
    for i in reversed(range(len(layers))):
        if names := _last_of(layers[i], shapes[i]):
            return {(i, name) for name in names}
    return set()


def _last_of(layer: Layer, shape: Shape) -> list[str]:
    if not layer.inner:
        return [name for name, spec in layer.parameters(shape).items() if spec.is_matrix]
    branches = by_branch(layer, range(len(layer.inner)))
    return [f"{numbers[i]}.{name}" for branch, numbers in branches for i, name in last_matrices(branch, shape)]


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


def batch_statistics(layers: Sequence[Layer], caches: Sequence[Cache], out: Any) -> None:
    for i, layer in enumerate(layers):
        layer.batch_statistics(caches[i], out[i])


def update_statistics(layers: Sequence[Layer], p: Any, seen: Any) -> None:
    for i, layer in enumerate(layers):
        layer.update_statistics(p[i], seen[i])


def numbered(named: Sequence[Mapping[str, T]]) -> dict[str, T]:
    """The named entries of each layer of a chain in one mapping: "0.weight", "0.bias", "2.weight", …"""
    return {f"{i}.{name}": each for i, layer in enumerate(named) for name, each in layer.items()}


def by_number(named: Mapping[str, T], layers: int) -> list[dict[str, T]]:
    """The reverse of `numbered`."""
    parts: list[dict[str, T]] = [{} for _ in range(layers)]
    for name, each in named.items():
        number, _, rest = name.partition(".")
        parts[int(number)][rest] = each
    return parts
