"""Pieces: every digit of a drawn number is one, or some neighbouring ones, and no pixel gets lost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn import glyph, levels, side_by_side, slanted
from inkling.ink import find_ink
from inkling.reading.pieces import cut, digit_height, slant_of

rows = st.lists(st.integers(0, 359), min_size=2, max_size=5)


def cut_up(ink: np.ndarray, slant: float | None = None):
    found = find_ink(levels(ink))
    height = digit_height(found.components)
    slant = slant_of(found.labels, found.components, height) if slant is None else slant
    return found, *cut(found.labels, found.components, height, slant)


@given(rows, st.integers(-5, 20), st.floats(-0.4, 0.4))
@settings(max_examples=40)
def test_pieces_are_the_components_cut_up(numbers, gap, slant):
    inks = [slanted(glyph(row), slant) for row in numbers]
    found, labels, pieces = cut_up(side_by_side(inks, [gap] * (len(inks) - 1))[0])
    assert np.array_equal(labels > 0, np.isin(found.labels, [component.label for component in found.components]))
    assert sorted(piece.label for piece in pieces) == list(range(1, len(pieces) + 1))
    for piece in pieces:
        own = labels == piece.label
        assert own.sum() == piece.area
        assert np.unique(found.labels[own]).tolist() == [piece.component]
        assert np.flatnonzero(own.any(axis=1))[[0, -1]].tolist() == [piece.rows.start, piece.rows.stop - 1]
        assert np.flatnonzero(own.any(axis=0))[[0, -1]].tolist() == [piece.columns.start, piece.columns.stop - 1]
    places = [piece.left + piece.right for piece in pieces]
    assert places == sorted(places)


def ring(side: int, pen: int = 6) -> np.ndarray:
    """A circle, float32 (side, side)."""
    from_middle = np.hypot(*(np.indices((side, side)) - (side - 1) / 2))
    return np.float32((from_middle <= side / 2) & (from_middle >= side / 2 - pen))


def purity(gap: int, slant: float) -> float:
    """The share of ink that lies in pieces of one digit only, over numbers of four digits."""
    rng, pure, whole = np.random.default_rng(0), 0, 0
    for _ in range(12):
        inks = [slanted(glyph(int(row)), slant) for row in rng.choice(360, 4)]
        ink, boxes = side_by_side(inks, [gap] * 3)
        owners = np.zeros((4, *ink.shape), np.float32)
        for owner, single, (x, y, width, height) in zip(owners, inks, boxes, strict=True):
            owner[y : y + height, x : x + width] = single
        _, labels, pieces = cut_up(ink)
        counts = [[((labels == piece.label) & (owner > 0.5)).sum() for owner in owners] for piece in pieces]
        pure += sum(max(count) for count in counts)
        whole += sum(map(sum, counts))
    return pure / whole


@pytest.mark.parametrize(("gap", "slant", "least"), [(0, 0, 0.999), (-3, 0, 0.975), (-5, 0, 0.78), (-8, 0.4, 0.96)])
def test_touching_digits_are_cut_where_they_meet(gap, slant, least):
    """Uncut, 96, 68 and 86 % of the ink would lie in pieces of one digit; measured are 98.7, 85 and 98.8 %."""
    assert purity(gap, slant) > least


@pytest.mark.parametrize("slant", [-0.5, -0.2, 0, 0.2, 0.5])
def test_the_slant_of_a_hand_is_measured(slant):
    """Upright strokes say it to a step; digits have a slant of their own as well."""
    bars = [slanted(np.ones((60, 8), np.float32), slant) for _ in range(4)]
    found = find_ink(levels(side_by_side(bars, [20] * 3)[0]))
    assert slant_of(found.labels, found.components, digit_height(found.components)) == pytest.approx(slant, abs=0.06)


def test_round_digits_have_no_slant():
    """Rounding to the even column once doubled the ink of every other one at a slant of a half, which then won."""
    found = find_ink(levels(side_by_side([ring(40)] * 4, [9] * 3)[0]))
    assert slant_of(found.labels, found.components, digit_height(found.components)) == pytest.approx(0, abs=0.05)


def test_small_components_do_not_say_how_high_digits_are():
    inks = [np.ones((50, 12)), np.ones((48, 14)), *[np.ones((6, 6))] * 5]
    found = find_ink(levels(side_by_side(inks, [10] * 6)[0]))
    assert digit_height(found.components) in (48, 50)


def test_a_narrow_component_and_a_low_one_are_never_cut():
    inks = [np.ones((50, 20)), np.ones((8, 50)), np.ones((50, 5))]
    _, _, pieces = cut_up(side_by_side(inks, [10] * 2)[0], 0)
    assert len(pieces) == 3


def test_two_bars_joined_by_a_thread_are_cut_in_it():
    ink = np.zeros((60, 90), np.float32)
    ink[5:55, 10:30] = ink[5:55, 60:80] = 1
    ink[40:43, 30:60] = 1
    _, labels, pieces = cut_up(ink, 0)
    assert len(pieces) >= 2
    first, last = labels[10, 20], labels[10, 70]
    assert first != last
    middle = {piece.label: (piece.left, piece.right) for piece in pieces}
    assert 30 <= middle[first][1] <= 61
    assert 29 <= middle[last][0] <= 61
