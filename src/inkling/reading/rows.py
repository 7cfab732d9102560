"""Rows: marks that stand side by side are one line of writing, which may rise or fall."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product

from inkling.ink import Component
from inkling.reading.pieces import digit_height

_LARGE = 0.4  # of a digit's height: smaller marks make no row, but belong to the nearest
_BESIDE = 0.35  # of the lower one's height two marks have in common when they are in one row
_WHOLE = 0.6  # of a digit's height: smaller ones may be a part of a digit, and what they stand below the rest of it


def rows_of(components: Sequence[Component]) -> list[list[Component]]:
    """The marks of each row, rows from the top to the bottom.

    Going from left to right, a mark joins the row whose latest mark it stands beside, the nearest if there are several.
    """
    least = _LARGE * digit_height(components)
    rows: list[list[Component]] = []
    for component in sorted(
        (component for component in components if component.height >= least),
        key=lambda component: component.columns.start,
    ):
        beside = [row for row in rows if _common(row[-1], component) >= _BESIDE * min(row[-1].height, component.height)]
        if beside:
            max(beside, key=lambda row: row[-1].columns.stop).append(component)
        else:
            rows.append([component])
    rows.sort(key=lambda row: sum(_middle(component) for component in row) / len(row))
    for component in components:
        if component.height < least:
            min(rows, key=lambda row: min(abs(_middle(component) - _middle(other)) for other in row)).append(component)
    return rows


def are_several(components: Sequence[Component]) -> bool:
    """Whether some of the marks surely stand below others, in another row, rather than crooked in the same one."""
    least = _WHOLE * digit_height(components)
    rows = rows_of([component for component in components if component.height >= least])
    return any(_is_below(lower, upper) for upper, lower in pairwise(rows))


def _is_below(lower: Sequence[Component], upper: Sequence[Component]) -> bool:
    """Whether there are marks of one row under marks of the other, and none of these reach up beside those."""
    over = [
        _common(one, other)
        for one, other in product(upper, lower)
        if min(one.columns.stop, other.columns.stop) > max(one.columns.start, other.columns.start)
    ]
    return bool(over) and max(over) <= 0


def _common(one: Component, other: Component) -> int:
    """How many rows of pixels both have."""
    return min(one.rows.stop, other.rows.stop) - max(one.rows.start, other.rows.start)


def _middle(component: Component) -> float:
    return (component.rows.start + component.rows.stop) / 2
