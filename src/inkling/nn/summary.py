"""The summary of a network: its layers one below another, with shapes and numbers of parameters."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence

from inkling.nn import chain
from inkling.nn.layer import Layer, Shape

INDENT = "  "


def table(layers: Sequence[Layer], shape: Shape) -> str:
    """The text of `Network.summary` for images of this shape."""
    rows = _table(layers, shape)
    names, shapes, counts = (max(map(len, column)) for column in zip(*rows, strict=True))
    lines = [f"{name:{names}}  {made:{shapes}}  {count:>{counts}}".rstrip() for name, made, count in rows]
    rule = "-" * (names + shapes + counts + 4)
    return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]])


def html_table(layers: Sequence[Layer], shape: Shape) -> str:
    """The same as a table of HTML, for notebooks."""
    head, *body = (
        [html.escape(name).replace(INDENT, "&emsp;"), made, count] for name, made, count in _table(layers, shape)
    )
    titles = "".join(f"<th>{cell}</th>" for cell in head)
    rows = ("".join(map(_cell, row, ("left", "left", "right"))) for row in body)
    lines = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{lines}</tbody></table>"


def _cell(text: str, side: str) -> str:
    return f'<td style="text-align: {side}">{text}</td>'


def _table(layers: Sequence[Layer], shape: Shape) -> list[tuple[str, str, str]]:
    """The lines of the table, its head first and the sum last."""
    total = sum(_learnt(layer, before) for layer, before in zip(layers, chain.shapes_of(layers, shape), strict=False))
    head, first, last = ("layer", "output shape", "parameters"), ("input", str(shape), ""), ("total", "", f"{total:,}")
    return [head, first, *_rows(layers, shape), last]


def _rows(layers: Sequence[Layer], shape: Shape) -> Iterator[tuple[str, str, str]]:
    """Name, output shape and parameters of each layer; those of layers inside are also in the number of the outer."""
    for layer, before, after, depth in chain.walk(layers, shape):
        name = type(layer).__name__ if layer.inner else str(layer)
        yield INDENT * depth + name, str(after), f"{_learnt(layer, before):,}"


def _learnt(layer: Layer, shape: Shape) -> int:
    return sum(math.prod(spec.shape) for spec in layer.parameters(shape).values())
