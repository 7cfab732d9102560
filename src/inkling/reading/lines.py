"""Lines of writing: components that stand side by side are one line, which may rise or fall."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise, product

from inkling.ink import Component
from inkling.reading.pieces import digit_height

_MIN_HEIGHT = 0.4  # Of a digit's height: lower components begin no line, but belong to the nearest one.
_WHOLE_HEIGHT = 0.75  # Of a digit's height: lower components may be pieces of a digit whose strokes are broken.
_MAX_BEYOND = 0.25  # Of a digit's height: a piece belongs to the line whose height its middle is at most so far from.
_LINE_HEIGHT = 1.7  # Of the highest component: what stands in fewer rows, with empty ones around it, is one line.
_MIN_OVERLAP = 0.35  # Components of one line have this share of the lower one's height in common.
_MARK_HEIGHT = 0.5  # Of the highest component: lower ones that stand beside it may be a part of a broken digit.
_MAX_COLUMN_OVERLAP = 0.1  # Of the narrower component's width: digits side by side have few columns in common.
_WHOLE_DIGIT_HEIGHT = 0.6  # Of a digit's height: lower components may be a part of a digit, above the rest of it.


def lines_of(components: Sequence[Component]) -> list[list[Component]]:
    """The components of each line, lines from the top to the bottom.

    Where empty rows of pixels divide the writing, and what is between two of them is hardly higher than one digit,
    it is a line, however broken its strokes are. Elsewhere lines rise or fall, and are chained. Low components, such
    as commas, then belong to the nearest line.
    """
    height = digit_height(components)
    bands = _between_empty_rows([each for each in components if each.height >= _MIN_HEIGHT * height])
    lines = [line for band in bands for line in (_rising(band, height) if _is_high(band) else [band])]
    found = {component.label for line in lines for component in line}
    lines.sort(key=lambda line: sum(_middle(component) for component in line) / len(line))
    for component in components:
        if component.label not in found:
            min(lines, key=lambda line: _distance(component, line)).append(component)
    return [sorted(line, key=lambda component: component.columns.start) for line in lines]


def _between_empty_rows(components: Sequence[Component]) -> list[list[Component]]:
    """The components between rows of pixels that none of them has, from the top to the bottom."""
    bands: list[list[Component]] = []
    end = -1
    for component in sorted(components, key=lambda each: each.rows.start):
        if component.rows.start > end:
            bands.append([])
        bands[-1].append(component)
        end = max(end, component.rows.stop)
    return bands


def _is_high(band: Sequence[Component]) -> bool:
    """Whether some components may be several lines."""
    height = max(each.rows.stop for each in band) - min(each.rows.start for each in band)
    return height > _LINE_HEIGHT * max(each.height for each in band)


def _rising(components: Sequence[Component], height: float) -> list[list[Component]]:
    """The lines of components of which some are beside each other, though perhaps not in the same rows of pixels.

    Components as high as digits are put in lines first. Pieces of broken strokes then belong to the line in whose
    height they lie; the others are lines of their own, such as smaller writing.
    """
    ordered = sorted(components, key=lambda component: component.columns.start)
    whole = _chained([each for each in ordered if each.height >= _WHOLE_HEIGHT * height])
    lines, apart = [list(line) for line in whole], []
    for component in ordered:
        if component.height < _WHOLE_HEIGHT * height:
            own = _line_around(component, whole, _MAX_BEYOND * height)
            if own is not None:
                lines[own].append(component)
            else:
                apart.append(component)
    return lines + _chained(apart)


def _chained(components: Sequence[Component]) -> list[list[Component]]:
    """Lines of components, which are ordered from left to right.

    A component joins the line whose latest component it stands beside; where there are several such lines, the one
    that ends farthest to the right.
    """
    lines: list[list[Component]] = []
    for component in components:
        beside = [line for line in lines if _is_beside(line[-1], component)]
        if beside:
            max(beside, key=lambda line: line[-1].columns.stop).append(component)
        else:
            lines.append([component])
    return lines


def _line_around(component: Component, lines: Sequence[Sequence[Component]], tolerance: float) -> int | None:
    """The number of the line in whose height a component has its middle, or at most so many pixels above or below it.

    The height of a line there is that of its nearest components to the left and to the right. None if there is none.
    """
    found = {}
    for number, line in enumerate(lines):
        near = _nearest(component, line)
        top, bottom = min(each.rows.start for each in near), max(each.rows.stop for each in near)
        middle = _middle(component)
        beyond = max(top - middle, middle - bottom, 0)
        if beyond <= tolerance:
            found[number] = beyond, abs(middle - (top + bottom) / 2)
    return min(found, key=lambda number: found[number], default=None)


def _nearest(component: Component, line: Sequence[Component]) -> list[Component]:
    """The components of a line that are nearest to a component, at most one on each side; the line is not empty."""
    place = component.columns.start + component.columns.stop
    left = [each for each in line if each.columns.start + each.columns.stop <= place]
    right = [each for each in line if each.columns.start + each.columns.stop > place]
    return [*left[-1:], *right[:1]]


def are_several(components: Sequence[Component]) -> bool:
    """Whether some components seem to stand in a line below others, rather than crooked in the same line."""
    return any(_is_below(lower, upper) for upper, lower in pairwise(_high_lines(components)))


def are_digits_apart(components: Sequence[Component]) -> bool:
    """Whether some components are as high as digits and stand side by side, with ground between them, or in lines.

    It holds for 0.2 % of MNIST's digits and 99.9 % of two of them side by side (benchmarks/reading/several_digits.py).
    """
    if len(components) < 2:
        return False
    least = _MARK_HEIGHT * max(component.height for component in components)
    high = [component for component in components if component.height >= least]
    return any(_is_apart(one, other) for one, other in combinations(high, 2)) or are_several(components)


def are_surely_several(components: Sequence[Component]) -> bool:
    """Whether all lines stand below each other, and are no pieces of one broken digit or of digits in one line.

    Lines may rise where each has several components; otherwise they have no rows of pixels in common.
    """
    lines = _high_lines(components)
    pairs = list(pairwise(lines))
    if not pairs or max(map(len, lines)) == 1 or not all(_is_below(lower, upper) for upper, lower in pairs):
        return False
    apart = all(max(c.rows.stop for c in upper) <= min(c.rows.start for c in lower) for upper, lower in pairs)
    return apart or min(map(len, lines)) > 1


def _high_lines(components: Sequence[Component]) -> list[list[Component]]:
    """The lines of components as high as digits."""
    least = _WHOLE_DIGIT_HEIGHT * digit_height(components)
    return lines_of([component for component in components if component.height >= least])


def _is_below(lower: Sequence[Component], upper: Sequence[Component]) -> bool:
    """Whether some components of the lower line stand under the upper line, and none of them reaches up into it."""
    overlaps = [
        _overlap(above, below)
        for above, below in product(upper, lower)
        if min(above.columns.stop, below.columns.stop) > max(above.columns.start, below.columns.start)
    ]
    return bool(overlaps) and max(overlaps) <= 0


def _is_beside(one: Component, other: Component) -> bool:
    return _overlap(one, other) >= _MIN_OVERLAP * min(one.height, other.height)


def _is_apart(one: Component, other: Component) -> bool:
    common = min(one.columns.stop, other.columns.stop) - max(one.columns.start, other.columns.start)
    return _is_beside(one, other) and common <= _MAX_COLUMN_OVERLAP * min(one.width, other.width)


def _overlap(one: Component, other: Component) -> int:
    """The number of rows of pixels that both have; negative where rows lie between them."""
    return min(one.rows.stop, other.rows.stop) - max(one.rows.start, other.rows.start)


def _distance(component: Component, line: Sequence[Component]) -> float:
    """Rows of pixels from the middle of a component to the nearest middle in a line."""
    return min(abs(_middle(component) - _middle(other)) for other in line)


def _middle(component: Component) -> float:
    return (component.rows.start + component.rows.stop) / 2
