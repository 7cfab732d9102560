"""The highest in a window is what looking through every window finds, and a closing loses strokes and keeps shadows."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inkling.ink.morphology import grey_closing, max_filter

pictures = arrays(np.float32, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(0, 255))


def naively_highest(levels, reach):
    framed = np.pad(levels, reach, mode="edge")
    return np.lib.stride_tricks.sliding_window_view(framed, (2 * reach + 1,) * 2).max(axis=(2, 3))


@given(pictures, st.integers(0, 5))
def test_the_highest_in_a_window(levels, reach):
    np.testing.assert_array_equal(max_filter(levels, reach), naively_highest(levels, reach))


def test_a_closing_keeps_shadows_and_loses_strokes():
    shadow = np.full((30, 40), 200, np.float32)
    shadow[:, 17:] = 90
    written = shadow.copy()
    written[10:13, 5:35] = 10
    np.testing.assert_array_equal(grey_closing(written, 2), shadow)
