"""Completion: how probable the rest of a row can be, where its text is to have a given number of symbols.

A search that knows this never keeps beginnings that only columns of probability 0 could complete, and drops none
because its symbols come later than those of others.
"""

from __future__ import annotations

import numpy as np


def completions(log_probs: np.ndarray, length: int) -> np.ndarray:
    """The logarithm (T + 1, C, length + 1) of the probability of the best path through the columns from t on.

    Entry (t, k, r) is for a column t − 1 that shows symbol k and for r symbols that follow; −∞ where no path has them.
    The last symbol is the blank.

        h[t, k, r] = max(y[t, blank] + h[t + 1, blank, r],  y[t, k] + h[t + 1, k, r],
                         y[t, j] + h[t + 1, j, r − 1] over the symbols j other than k)
    """
    columns, count = log_probs.shape
    h = np.full((columns + 1, count, length + 1), -np.inf)
    h[columns, :, 0] = 0.0
    others = ~np.eye(count, dtype=bool)
    others[:, -1] = False  # the blank is no symbol of the text
    for t in reversed(range(columns)):
        stays = log_probs[t, :, np.newaxis] + h[t + 1]  # (C, length + 1): the column shows symbol j
        np.maximum(stays, stays[-1], out=h[t])
        if length:
            follows = np.where(others[:, :, np.newaxis], stays[:, :-1], -np.inf).max(axis=1)
            np.maximum(h[t, :, 1:], follows, out=h[t, :, 1:])
    return h
