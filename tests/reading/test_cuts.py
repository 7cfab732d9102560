"""Cuts: there is one where two digits touch, whatever the shape of the place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkling.reading.cuts import cuts_of

SIDE, PEN = 40, 6
NEAR = 0.1 * SIDE


def ring(gap: float = 0.0) -> np.ndarray:
    """A 0, bool (40, 40), open at the top by so many pixels."""
    row, column = np.indices((SIDE, SIDE)) - (SIDE - 1) / 2
    from_middle = np.hypot(row, column)
    closed = (from_middle <= SIDE / 2) & (from_middle >= SIDE / 2 - PEN)
    return closed & ~((row < 0) & (np.abs(column) < gap / 2))


def together(*inks: np.ndarray, overlap: int) -> np.ndarray:
    """One after another, each so many pixels into the one before."""
    width = sum(ink.shape[1] for ink in inks) - overlap * (len(inks) - 1)
    row, left = np.zeros((SIDE, width), bool), 0
    for ink in inks:
        row[:, left : left + ink.shape[1]] |= ink
        left += ink.shape[1] - overlap
    return row


def sheared(ink: np.ndarray, slant: float) -> np.ndarray:
    """Leaning to the right, if the slant is positive: whole pixels are moved."""
    rows, columns = np.nonzero(ink)
    moved = np.rint(columns - slant * rows).astype(int)
    found = np.zeros((len(ink), int(np.ptp(moved)) + 1), bool)
    found[rows, moved - moved.min()] = True
    return found


@pytest.mark.parametrize("overlap", [1, PEN // 2, PEN, 2 * PEN])
@pytest.mark.parametrize("gap", [0, 8])
def test_zeros_are_cut_in_the_stroke_that_they_share(overlap, gap):
    """Closed ones between their loops, open ones in the valley; most ink is there, so it is no neck."""
    cuts = cuts_of(together(*[ring(gap)] * 3, overlap=overlap), 0, SIDE)
    for joint in (SIDE - overlap / 2, 2 * SIDE - 1.5 * overlap):
        assert min(abs(cut - joint) for cut in cuts) <= NEAR


@given(st.floats(-0.5, 0.5))
def test_cuts_follow_the_slant(slant):
    ink = sheared(together(ring(), ring(), overlap=PEN), slant)
    rows, columns = np.nonzero(ink)
    along = columns + slant * rows
    middle = (along.min() + along.max()) / 2
    assert min(abs(cut - middle) for cut in cuts_of(ink, slant, SIDE)) <= NEAR


def test_loops_above_each_other_are_not_parted():
    """An 8 whose upper loop lies further to the left."""
    eight = np.zeros((60, 44), bool)
    eight[:32, :32], eight[28:, 12:] = ring()[:32, :32], True
    eight[34:54, 18:38] = False
    eight[6:22, 6:26] = False
    middle = (16 + 28) / 2
    assert all(abs(cut - middle) > 1 for cut in cuts_of(eight, 0, 60))


def test_cuts_keep_apart_and_are_not_too_many():
    ink = np.zeros((SIDE, 400), bool)
    ink[18:21] = True
    for left in range(0, 400, 20):
        ink[:, left : left + 8] = True
    cuts = cuts_of(ink, 0, SIDE)
    assert len(cuts) == 16
    assert np.diff(cuts).min() >= 0.12 * SIDE
    assert all(ink[:, int(cut)].sum() == 3 for cut in cuts), "in the lines between the bars"


def test_a_narrow_mark_is_not_cut():
    assert cuts_of(np.ones((SIDE, 18), bool), 0, SIDE) == []
