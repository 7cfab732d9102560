"""The best path is the best: a search through all paths of short lines finds the same."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkling.reading import path
from inkling.reading.path import Candidate, best_path, candidates
from inkling.reading.pieces import Piece

HEIGHT = 40.0


def piece(label: int, left: float, width: float, top: int = 0, height: int = 40, area: int = 200) -> Piece:
    """A component of one piece."""
    columns = slice(int(left), int(left + width))
    return Piece(label, label, slice(top, top + height), columns, left, left + width, area)


@st.composite
def rows_of_pieces(draw: st.DrawFn) -> list[Piece]:
    """Up to six pieces from left to right, digits, dots, commas and dashes among them."""
    sizes = st.sampled_from([(8, 40), (20, 40), (30, 38), (6, 6), (8, 16), (25, 6), (12, 20)])
    pieces, left = [], 0.0
    for label in range(1, 1 + draw(st.integers(1, 6))):
        left += draw(st.sampled_from([-4, 0, 3, 15]))
        width, height = draw(sizes)
        each = piece(label, left, width, draw(st.integers(0, 40 - height)), height, draw(st.integers(10, 400)))
        pieces.append(replace(each, component=draw(st.integers(1, 4))))
        left += width
    return sorted(pieces, key=lambda piece: piece.left + piece.right)


def all_paths(
    pieces: Sequence[Piece], choices: Sequence[Candidate], scores: np.ndarray, first: int = 0
) -> Iterator[tuple[float, list[tuple[int, ...]], int]]:
    """Every way through the pieces from `first` on: its score, labels of what it reads or leaves unread, its digits."""
    if first == len(pieces):
        yield 0.0, [], 0
        return
    cost, punctuation = path.skip_cost(pieces[first], HEIGHT, float(np.median([each.area for each in pieces])))
    for score, steps, digits in all_paths(pieces, choices, scores, first + 1):
        yield score - cost, ([] if punctuation else [(pieces[first].label,)]) + steps, digits
    for number, choice in enumerate(choices):
        if choice.first == first:
            labels = tuple(each.label for each in choice.pieces)
            for score, steps, digits in all_paths(pieces, choices, scores, choice.last):
                yield scores[number] + score, [labels, *steps], digits + 1


@given(rows_of_pieces(), st.integers(0, 2**32 - 1), st.none() | st.integers(1, 7))
def test_no_path_is_better_than_the_best(pieces, seed, digits):
    choices = candidates(pieces, HEIGHT)
    probability = np.random.default_rng(seed).beta(0.3, 0.3, len(choices))
    scores = np.log(np.maximum(probability, 1e-6)) - [path.cost_of(each, HEIGHT) for each in choices]
    everything = list(all_paths(pieces, choices, scores))
    if digits is not None:
        nearest = min(abs(count - digits) for _, _, count in everything)
        everything = [each for each in everything if abs(each[2] - digits) == nearest]
    score, steps, _ = max(everything, key=lambda each: each[0])
    found = [step for step in best_path(pieces, HEIGHT, choices, probability, digits) if not step.punctuation]
    labels = [tuple(each.label for each in step.pieces) for step in found]
    same = [each for each in everything if each[1] == labels]
    assert labels == steps or max(each[0] for each in same) == pytest.approx(score), "as good, if not the same"
    read = [step for step in found if step.candidate is not None]
    assert all(choices[step.candidate].pieces == step.pieces for step in read)


@given(rows_of_pieces())
def test_candidates_are_all_neighbours_that_may_be_a_digit(pieces):
    found = candidates(pieces, HEIGHT)
    for each in found:
        assert each.pieces == tuple(pieces[each.first : each.last])
        assert 1 <= len(each.pieces) <= path._MAX_PIECES
        assert len(each.pieces) == 1 or each.width <= path._MAX_WIDTH * HEIGHT
        inside = {piece.component for piece in each.pieces}
        sides = pieces[: each.first], pieces[each.last :]
        assert each.cuts == sum(len(inside & {piece.component for piece in side}) for side in sides)
    assert {(each.first, each.last) for each in found} >= {(n, n + 1) for n in range(len(pieces))}
    assert len({(each.first, each.last) for each in found}) == len(found)


DIGIT, NARROW = piece(1, 0, 24), piece(2, 40, 4, area=90)
DOT, COMMA = piece(3, 60, 6, 34, 6, 30), piece(4, 70, 8, 30, 16, 60)
DASH = piece(5, 80, 25, 18, 5, 100)


def read(pieces: Sequence[Piece], probability: dict[tuple[int, ...], float], digits: int | None = None) -> list[str]:
    """What the best path makes of the pieces: labels of digits; "?" or its kind before those of other ink."""
    choices = candidates(pieces, HEIGHT)
    known = [probability.get(tuple(each.label for each in choice.pieces), 0.001) for choice in choices]
    steps = best_path(pieces, HEIGHT, choices, np.array(known), digits)
    return [
        (step.punctuation or "?" if step.candidate is None else "") + "+".join(str(each.label) for each in step.pieces)
        for step in steps
    ]


def test_dots_commas_and_dashes_are_passed_over():
    found = read([DIGIT, NARROW, DOT, COMMA, DASH], {(1,): 0.9, (2,): 0.9})
    assert found == ["1", "2", "dot3", "comma4", "dash5"]


def test_a_narrow_stroke_is_no_punctuation():
    assert read([DIGIT, NARROW], {(1,): 0.9, (2,): 0.4}) == ["1", "2"]
    assert read([DIGIT, NARROW], {(1,): 0.9, (2,): 1e-9}) == ["1", "?2"]


def test_pieces_are_joined_where_the_network_knows_the_whole():
    halves = [piece(1, 0, 12), piece(2, 11, 12)]
    assert read(halves, {(1,): 0.3, (2,): 0.3, (1, 2): 0.9}) == ["1+2"]
    assert read(halves, {(1,): 0.9, (2,): 0.9, (1, 2): 0.3}) == ["1", "2"]


def test_a_component_is_taken_apart_only_where_its_parts_are_read_better():
    """A 4 may be two strokes like 1; two strokes that do not touch are 11 sooner."""
    apart = [piece(1, 0, 12), piece(2, 11, 12)]
    joined = [replace(each, component=1) for each in apart]
    known = {(1,): 0.95, (2,): 0.95, (1, 2): 0.5}
    assert read(apart, known) == ["1", "2"]
    assert read(joined, known) == ["1+2"]
    assert read(joined, {**known, (1, 2): 0.1}) == ["1", "2"]


def test_how_many_digits_there_are_overrules_the_network():
    halves = [piece(1, 0, 12), piece(2, 11, 12)]
    sure = {(1,): 0.3, (2,): 0.3, (1, 2): 0.99}
    assert read(halves, sure, 2) == ["1", "2"]
    assert read(halves, {(1,): 0.9, (2,): 0.9, (1, 2): 0.01}, 1) == ["1+2"]
    assert read(halves, sure, 5) == ["1", "2"], "as near to five as there is a path"
