"""The trellis of a label: its states blank, symbol, blank, symbol, …, blank at each column, and the ways between them.

Letters: N rows, T columns of each, C symbols that a column can show, one of which is the blank; L symbols of the
longest label; S = 2L + 1 states.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inkling.errors import UsageError, described

PADDING = -1  # behind the symbols of a label that is shorter than the longest one


@dataclass(frozen=True, eq=False)
class Trellis:
    """The states of each label. A path stays in a state, goes to the next, or skips the blank between two symbols.

    Attributes
    ----------
    symbols : (N, S) the symbol of each state; C, which no column shows, in states behind the end of the label.
    first, last : (N,) the first and the last state of each label.
    skips : (N, S) 0 where a path may come from two states before, −∞ where it may not.
    """

    symbols: np.ndarray
    first: np.ndarray
    last: np.ndarray
    skips: np.ndarray

    @classmethod
    def of(cls, labels: np.ndarray, count: int, blank: int | None = None) -> Trellis:
        """The states of labels (N, L) padded with −1; UsageError where they or the blank are none of `count`."""
        require_labels(labels, count, blank)
        lengths = (labels != PADDING).sum(axis=1)
        symbols = np.full((len(labels), 2 * labels.shape[1] + 1), count)
        symbols[:, ::2] = count - 1 if blank is None else blank
        symbols[:, 1::2] = np.where(labels == PADDING, count, labels)
        return cls(symbols, np.zeros_like(lengths), 2 * lengths, _skips(symbols))

    def with_reversed(self) -> Trellis:
        """These N labels and, behind them, the same read from right to left, where padding is in front."""
        end = self.symbols.shape[1] - 1
        symbols = np.concatenate([self.symbols, self.symbols[:, ::-1]])
        first, last = np.append(self.first, end - self.last), np.append(self.last, end - self.first)
        return Trellis(symbols, first, last, _skips(symbols))

    def emitted(self, log_probs: np.ndarray) -> np.ndarray:
        """The logarithm (T, N, S) of the probability that a column shows the symbol of a state.

        `log_probs` are (N, T, C).
        """
        never = np.full((*log_probs.shape[:2], 1), -np.inf)
        padded = np.concatenate([log_probs, never], axis=2)
        return np.take_along_axis(padded, self.symbols[:, np.newaxis], axis=2).transpose(1, 0, 2).copy()

    def arriving(self, emitted: np.ndarray) -> np.ndarray:
        """The logarithm (T, N, S) of the sum over all ways into each state at each column.

        It is the probability of all columns before, given that this column is in this state: αₜ(s) without yₜ.
        `before` holds αₜ₋₁ behind two states of probability 0. A path begins in front of the first state, from where it
        reaches the first two: a blank and a symbol.
        """
        arriving = np.empty_like(emitted)
        before = np.full((emitted.shape[1], emitted.shape[2] + 2), -np.inf)
        before[np.arange(len(before)), self.first + 1] = 0.0
        for here, shown in zip(arriving, emitted, strict=True):
            np.logaddexp(before[:, 2:], before[:, 1:-1], out=here)
            np.logaddexp(here, before[:, :-2] + self.skips, out=here)
            np.add(here, shown, out=before[:, 2:])
            before[:, :2] = -np.inf
        return arriving

    def log_probability(self, α: np.ndarray) -> np.ndarray:
        """log p (N,) from log α (N, S) of the last column: a path ends in the last blank or in the last symbol."""
        rows = np.arange(len(α))
        in_symbol = np.where(self.last > 0, α[rows, self.last - 1], -np.inf)
        return np.logaddexp(α[rows, self.last], in_symbol)


def _skips(symbols: np.ndarray) -> np.ndarray:
    """The blank between two symbols may be left out where they differ."""
    skips = np.full(symbols.shape, -np.inf)
    skips[:, 1:2] = 0.0  # from in front of the first state
    skips[:, 3::2][symbols[:, 3::2] != symbols[:, 1:-2:2]] = 0.0
    return skips


def columns_needed(labels: np.ndarray) -> np.ndarray:
    """How many columns (N,) each label (N, L) needs: one for each symbol, and a blank between two that are equal."""
    lengths = (labels != PADDING).sum(axis=1)
    repeated = (labels[:, 1:] == labels[:, :-1]) & (labels[:, 1:] != PADDING)
    return lengths + repeated.sum(axis=1)


def row_of(label: Sequence[int] | np.ndarray) -> np.ndarray:
    """One label as rows (1, L) without the padding at its end; UsageError where it is no row of whole numbers."""
    symbols = np.asarray(label)
    symbols = symbols.astype(np.int64) if symbols.shape == (0,) else symbols
    if symbols.ndim != 1 or not np.issubdtype(symbols.dtype, np.integer):
        raise UsageError(
            f"a label of CTC is a row (L,) of whole numbers, not {symbols.dtype} of the shape {symbols.shape}"
        )
    shown = np.flatnonzero(symbols != PADDING)
    return symbols[np.newaxis, : shown[-1] + 1 if len(shown) else 0]


def require_columns(log_probs: np.ndarray) -> None:
    """UsageError where these are not the symbols (T, C) of at least one column."""
    if log_probs.ndim != 2 or 0 in log_probs.shape:
        raise UsageError(f"log_probs are (T, C), one column or more, not of the shape {log_probs.shape}")


def require_labels(labels: np.ndarray, count: int, blank: int | None = None) -> None:
    """UsageError where these are not rows (N, L) of symbols below `count` without the blank, with −1 at the end."""
    if labels.ndim != 2 or not np.issubdtype(labels.dtype, np.integer):
        raise UsageError(
            "labels of CTC are rows (N, L) of whole numbers, padded with -1, not "
            f"{labels.dtype} of the shape {labels.shape}"
        )
    blank = count - 1 if blank is None else blank
    if not isinstance(blank, int | np.integer) or not 0 <= blank < count:
        raise UsageError(f"the blank of CTC is one of {count} symbols, from 0 to {count - 1}, not {described(blank)}")
    wrong = (labels < PADDING) | (labels >= count) | (labels == blank)
    if wrong.any():
        raise UsageError(
            f"labels of CTC are from 0 to {count - 1} without the blank, {blank}, and padded with -1, but one is "
            f"{labels[wrong][0]}"
        )
    behind = ((labels[:, :-1] == PADDING) & (labels[:, 1:] != PADDING)).any(axis=1)
    if behind.any():
        raise UsageError(
            f"labels of CTC have -1 behind all of their symbols, but label {behind.argmax()} has it between"
        )
