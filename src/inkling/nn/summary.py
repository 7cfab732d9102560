"""The summary of a network: its layers one below another, with shapes and numbers of parameters."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from inkling.nn import chain
from inkling.nn.layer import Layer, Shape

INDENT = "  "


def table(layers: Sequence[Layer], shape: Shape) -> str:
    """The text of `Network.summary` for images of this shape."""
    rows = [("layer", "output shape", "parameters"), ("input", str(shape), ""), *_rows(layers, shape)]
    total = sum(_learnt(layer, before) for layer, before in zip(layers, chain.shapes_of(layers, shape), strict=False))
    rows.append(("total", "", f"{total:,}"))
    names, shapes, counts = (max(map(len, column)) for column in zip(*rows, strict=True))
    lines = [f"{name:{names}}  {made:{shapes}}  {count:>{counts}}".rstrip() for name, made, count in rows]
    rule = "-" * (names + shapes + counts + 4)
    return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]])


def _rows(layers: Sequence[Layer], shape: Shape) -> Iterator[tuple[str, str, str]]:
    """Name, output shape and parameters of each layer; those of layers inside are also in the number of the outer."""
    for layer, before, after, depth in chain.walk(layers, shape):
        name = type(layer).__name__ if layer.inner else str(layer)
        yield INDENT * depth + name, str(after), f"{_learnt(layer, before):,}"


def _learnt(layer: Layer, shape: Shape) -> int:
    return sum(math.prod(spec.shape) for spec in layer.parameters(shape).values())
