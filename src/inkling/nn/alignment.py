"""The best alignment of a text: which columns show each of its symbols (Viterbi).

The states and the ways between them are those of `trellis.py`; the largest term stands in place of each sum.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkling.errors import UsageError
from inkling.nn.trellis import Trellis, require_columns, row_of


def ctc_alignment(log_probs: np.ndarray, label: Sequence[int] | np.ndarray, blank: int | None = None) -> np.ndarray:
    """The first and the last column (L, 2) of each symbol of a label in its most probable alignment, counted from 0.

    A network trained by CTC often shows a symbol in one or two columns and blanks around it, so that the columns say
    where it is, not how wide.

    Parameters
    ----------
    log_probs : (T, C) logarithms of the probabilities of each column.
    label : (L,) symbols without the blank. Padding with −1 at its end does not count.
    blank : the symbol for "nothing new", by default the last, C − 1.

    Raises
    ------
    UsageError
        The columns cannot show the label: there are too few, or all alignments have probability 0. Or there is no
        column, or the label or the blank are not as described above.
    """
    require_columns(log_probs)
    row = row_of(label)
    trellis = Trellis.of(row, log_probs.shape[1], blank)
    shown = trellis.emitted(log_probs.astype(np.float64)[np.newaxis])[:, 0]  # (T, S)
    columns, states = shown.shape
    came_from = np.zeros((columns, states), np.int64)  # 0, 1 or 2 states before
    before = np.full(states + 2, -np.inf)
    before[1] = 0.0  # as in `Trellis.arriving`
    for t in range(columns):
        ways = np.stack([before[2:], before[1:-1], before[:-2] + trellis.skips[0]])
        came_from[t] = ways.argmax(axis=0)
        before[2:] = ways.max(axis=0) + shown[t]
        before[:2] = -np.inf
    state = states - 1 if states == 1 or before[-1] >= before[-2] else states - 2
    if np.isneginf(before[state + 2]):
        raise UsageError(f"{columns} columns cannot show a label of {row.size} symbols: no alignment is possible")
    path = np.empty(columns, np.int64)
    for t in reversed(range(columns)):
        path[t] = state
        state -= came_from[t, state]
    places = 2 * np.arange(states // 2)[:, np.newaxis] + 1
    return np.column_stack([(path == places).argmax(axis=1), columns - 1 - (path == places)[:, ::-1].argmax(axis=1)])
