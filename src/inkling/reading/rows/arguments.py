"""The arguments of `beam_search`, checked: a mistake is told in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkling.errors import UsageError, described
from inkling.notation import is_whole_number


def check_search(log_probs: np.ndarray, beam: int, length: int | None, symbols: Sequence[str]) -> None:
    """UsageError unless these can be arguments of `beam_search`."""
    if log_probs.ndim != 2 or log_probs.shape[1] != len(symbols) + 1:
        raise UsageError(
            f"log_probs are (columns, {len(symbols) + 1}): {len(symbols)} symbols and the blank, not {log_probs.shape}"
        )
    if np.isnan(log_probs).any():
        raise UsageError("log_probs are logarithms of probabilities, but some are NaN")
    if not is_whole_number(beam) or beam < 1:
        raise UsageError(f"a beam keeps at least 1 beginning, a whole number, not {described(beam)}")
    if length is not None and (not is_whole_number(length) or length < 0):
        raise UsageError(f"length is a number of symbols, a whole number of at least 0, not {described(length)}")
