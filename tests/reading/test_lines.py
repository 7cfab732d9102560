"""Lines of writing, from the top to the bottom, level or not."""

import numpy as np
import pytest

from inkling.ink import Component
from inkling.reading.lines import are_several, lines_of


def component(label: int, top: int, left: int, height: int = 40, width: int = 24) -> Component:
    return Component(label, slice(top, top + height), slice(left, left + width), height * width // 2, 1.0)


def lines(count: int, rise: float = 0.0, gap: int = 70, digits: int = 8) -> list[Component]:
    """Components labelled 10 · line + place in the line; a line rises by `rise` rows per column."""
    return [
        component(10 * line + place, round(400 + gap * line - rise * 36 * place), 20 + 36 * place)
        for line in range(count)
        for place in range(digits)
    ]


def labels(found: list[list[Component]]) -> list[list[int]]:
    return [[component.label for component in line] for line in found]


@pytest.mark.parametrize("rise", [-0.4, -0.15, 0, 0.15, 0.4])
@pytest.mark.parametrize("count", [1, 2, 4])
def test_lines_are_found_in_whatever_order_components_come(count, rise):
    components = lines(count, rise)
    shuffled = [components[place] for place in np.random.default_rng(0).permutation(len(components))]
    assert labels(lines_of(shuffled)) == [[10 * line + place for place in range(8)] for line in range(count)]


def test_a_bent_line_is_one_line():
    components = [component(place, round(200 + 60 * np.sin(place / 3)), 40 * place) for place in range(12)]
    assert labels(lines_of(components)) == [list(range(12))]


def test_small_components_belong_to_the_nearest_line_and_make_none():
    dots = [component(100, 437, 45, 4, 4), component(101, 500, 130, 6, 6), component(102, 384, 60, 3, 12)]
    found = lines_of(lines(2) + dots)
    assert [sorted(each for each in line if each >= 100) for line in labels(found)] == [[100, 102], [101]]


def test_pieces_of_broken_digits_make_no_line_of_their_own():
    """Lines of digits, of which every second one is broken into an upper and a lower half."""
    components = lines(3, rise=0.1)
    broken = []
    for place, whole in enumerate(components):
        top, left = whole.rows.start, whole.columns.start
        halves = [component(whole.label, top, left, 18), component(100 + whole.label, top + 22, left, 18)]
        broken += halves if place % 2 else [whole]
    found = labels(lines_of(broken))
    assert [{label % 100 // 10 for label in line} for line in found] == [{0}, {1}, {2}]
    assert sum(map(len, found)) == len(broken)


def test_a_level_line_of_which_every_digit_is_broken_is_one_line():
    """Each digit in two or three pieces at heights of their own: none is as high as a digit."""
    broken = [
        component(10 * line + 3 * place + piece, 100 + 70 * line + top, 20 + 36 * place, height)
        for line in range(2)
        for place, pieces in enumerate([[(0, 18), (20, 20)], [(3, 12), (13, 13), (28, 14)], [(6, 26), (34, 8)]])
        for piece, (top, height) in enumerate(pieces)
    ]
    assert [{label // 10 for label in line} for line in labels(lines_of(broken))] == [{0}, {1}]


def test_smaller_writing_between_lines_is_a_line():
    small = [component(100 + place, 460, 30 + 20 * place, 20, 12) for place in range(5)]
    found = labels(lines_of([*lines(2, gap=130), *small]))
    assert found == [list(range(8)), list(range(100, 105)), list(range(10, 18))]


def test_digits_of_different_heights_stand_on_one_line():
    components = [component(0, 100, 0), component(1, 118, 30, 22), component(2, 96, 60, 50), component(3, 120, 90, 28)]
    assert labels(lines_of(components)) == [[0, 1, 2, 3]]


def test_lines_of_different_lengths_and_places():
    """A date above, a sum below to the right."""
    components = [
        *(component(place, 10, 30 * place) for place in range(4)),
        *(component(10 + place, 90, 200 + 30 * place) for place in range(3)),
    ]
    assert labels(lines_of(components)) == [[0, 1, 2, 3], [10, 11, 12]]


def test_a_component_alone_is_a_line():
    assert labels(lines_of([component(7, 3, 3)])) == [[7]]


@pytest.mark.parametrize("rise", [-0.4, -0.15, 0, 0.15, 0.4])
@pytest.mark.parametrize("count", [1, 2, 4])
def test_several_lines_are_several(count, rise):
    assert are_several(lines(count, rise)) == (count > 1)
    column = lines(count, digits=1)
    assert are_several(column) == (count > 1)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param([component(20, 437, 45, 4, 4), component(21, 384, 60, 3, 12)], id="dots and dashes around"),
        pytest.param([component(20, 380, 20, 18, 24)], id="the upper half of a broken digit"),
        pytest.param([component(20, 470, 400)], id="something far below, and beside"),
        pytest.param([component(20, 415, 60, 40, 30)], id="boxes on each other"),
    ],
)
def test_one_line_is_not_several(more):
    assert not are_several(lines(1) + more)
