"""Prefix beam search: the most probable texts of a row whose columns a network trained by CTC has answered.

A text is shown by many alignments (docs/ctc.md), so the likeliest symbols of the columns may be another text than the
likeliest one. Column by column, the search keeps the most probable beginnings of texts. Of each it knows two numbers:
the probability of all alignments that end in a blank, and of those that end in the last symbol. Graves and Jaitly 2014,
"Towards end-to-end speech recognition with recurrent neural networks", algorithm 1; Hannun et al. 2014, "First-pass
large vocabulary continuous speech recognition using bi-directional recurrent DNNs".
"""

from __future__ import annotations

import functools
import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import exp, inf, log1p
from typing import NamedTuple

import numpy as np

from inkling.classes import DIGITS
from inkling.reading.rows.arguments import check_search
from inkling.reading.rows.completion import completions

MOST_BEGINNINGS = 512  # kept where those that the beam was asked for contain no complete text


class Text(NamedTuple):
    """A text, and the logarithm of its probability in nats: the sum over the alignments that the search has kept."""

    text: str
    log_probability: float


@dataclass(frozen=True, kw_only=True)
class _Rules:
    """The arguments of `beam_search`."""

    beam: int
    length: int | None
    allowed: Callable[[str], bool] | None
    complete: Callable[[str], bool] | None
    symbols: Sequence[str]


def beam_search(
    log_probs: np.ndarray,
    *,
    beam: int = 8,
    length: int | None = None,
    allowed: Callable[[str], bool] | None = None,
    complete: Callable[[str], bool] | None = None,
    symbols: Sequence[str] = DIGITS,
) -> list[Text]:
    """The most probable texts of a row, at most `beam`, the best first; none where no text is possible.

    Parameters
    ----------
    log_probs : (T, C) logarithms of the probabilities of each column, such as `inkling.nn.log_softmax` of logits. The
        last of the C = len(symbols) + 1 is the blank.
    beam : how many beginnings are kept at each column.
    length : only texts of so many symbols. Where T columns can show one, one is found; with `allowed` or `complete`,
        there may be none, also where a text that is allowed could be shown.
    allowed : whether a text can begin so, as "12" can where texts are numbers up to 150. A beginning that cannot is
        dropped at once. It is asked once for each beginning, from the first symbol on.
    complete : whether a text can end so, as "12" cannot where texts are numbers from 100 on. Where no beginning in the
        beam becomes a text by these rules, the search is repeated with more of them, up to MOST_BEGINNINGS.
    symbols : a character for each symbol.

    Raises
    ------
    UsageError
        `log_probs` has another number of symbols than `symbols` and the blank or is NaN somewhere, `beam` is no whole
        number of at least 1, or `length` none of at least 0.
    """
    check_search(log_probs, beam, length, symbols)
    if length is not None and length > len(log_probs):
        return []
    log_probs = log_probs.astype(np.float64)
    allowed = None if allowed is None else functools.cache(allowed)
    kept = beam
    while True:
        rules = _Rules(beam=kept, length=length, allowed=allowed, complete=complete, symbols=symbols)
        found = _search(log_probs, rules)
        if found or (allowed is None and complete is None) or kept >= MOST_BEGINNINGS:
            return found[:beam]
        kept *= 4


class _Beginning(NamedTuple):
    """What is known of a beginning after some columns.

    Attributes
    ----------
    in_blank, in_symbol, total : log p of its alignments that end in a blank, in its last symbol, and of all.
    last : its last symbol; the number of the blank for the text without symbols.
    """

    in_blank: float
    in_symbol: float
    total: float
    last: int


class _Column(NamedTuple):
    """What a search knows about a column.

    Attributes
    ----------
    log_probs : (C,)
    rest : (C, length + 1) that of `completions` behind this column; None where the length is free.
    growth : (length, C − 1) the symbols that the column can show, the best first, for each number of symbols that are
        still to come, less one; one row where the length is free.
    gains : (length, C − 1) by how much each of them changes the score of a beginning.
    """

    log_probs: list[float]
    rest: list[list[float]] | None
    growth: np.ndarray
    gains: np.ndarray


def _columns(log_probs: np.ndarray, length: int | None) -> Iterator[_Column]:
    rest = None if length is None else completions(log_probs, length)[1:]
    gains = log_probs[:, np.newaxis, :-1]
    if rest is not None:
        gains = gains + rest[:, :-1, :-1].transpose(0, 2, 1)
    growth = np.argsort(-gains, axis=2)
    gains = np.take_along_axis(gains, growth, axis=2)
    for t, column in enumerate(log_probs):
        yield _Column(column.tolist(), None if rest is None else rest[t].tolist(), growth[t], gains[t])


def _search(log_probs: np.ndarray, rules: _Rules) -> list[Text]:
    """The most probable texts by the rules, the best first."""
    found = {"": _Beginning(0.0, -inf, 0.0, len(rules.symbols))}
    for column in _columns(log_probs, rules.length):
        ranked = _unchanged(column, found, rules)
        least = min(ranked)[0] if len(ranked) == rules.beam else -inf  # what is not better cannot be kept
        ranked += _grown(column, found, rules, least)
        best = heapq.nlargest(rules.beam, ranked) if len(ranked) > rules.beam else ranked
        found = {text: beginning for score, text, beginning in best if score > -inf}
    texts = [Text(text, each.total) for text, each in found.items() if _is_whole(text, rules)]
    return sorted(texts, key=lambda each: -each.log_probability)


def _is_whole(text: str, rules: _Rules) -> bool:
    return rules.length in (None, len(text)) and (rules.complete is None or rules.complete(text))


# A score, by which beginnings are compared, a beginning as text, and what is known of it. The score is log p; where
# texts have a given length, it is log p with the best path through the rest of the row.
_Ranked = tuple[float, str, _Beginning]


def _unchanged(column: _Column, found: dict[str, _Beginning], rules: _Rules) -> list[_Ranked]:
    """The beginnings that were found before, where this column adds no new symbol to them, or their last one."""
    p, ranked = column.log_probs, []
    for text, (_, in_symbol, total, last) in found.items():
        in_blank, in_symbol = total + p[-1], in_symbol + p[last]
        if text and (shorter := found.get(text[:-1])) is not None:
            in_symbol = _sum(in_symbol, _into(shorter, last) + p[last])
        score = total = _sum(in_blank, in_symbol)
        if column.rest is not None and rules.length is not None:
            left = rules.length - len(text)
            score = max(in_blank + column.rest[-1][left], in_symbol + column.rest[last][left])
        ranked.append((score, text, _Beginning(in_blank, in_symbol, total, last)))
    return ranked


def _grown(column: _Column, found: dict[str, _Beginning], rules: _Rules, least: float) -> Iterator[_Ranked]:
    """The beginnings with a score above `least` that this column makes, by one symbol, of those found before."""
    ways: dict[int, list[tuple[float, int]]] = {0: []}  # by the number of symbols that are still to come
    for text, before in found.items():
        left = 1 if rules.length is None else rules.length - len(text)
        if left not in ways:
            ways[left] = list(zip(column.gains[left - 1].tolist(), column.growth[left - 1].tolist(), strict=True))
        for gain, symbol in ways[left]:
            if before.total + gain <= least:
                break
            longer = text + rules.symbols[symbol]
            total = _into(before, symbol)
            if longer not in found and total > -inf and (rules.allowed is None or rules.allowed(longer)):
                in_symbol = total + column.log_probs[symbol]
                yield total + gain, longer, _Beginning(-inf, in_symbol, in_symbol, symbol)


def _into(before: _Beginning, symbol: int) -> float:
    """log p of the alignments that a new symbol can follow: the same symbol is a new one only behind a blank."""
    return before.in_blank if symbol == before.last else before.total


def _sum(a: float, b: float) -> float:
    """log(eᵃ + eᵇ)"""
    if a < b:
        a, b = b, a
    return a if b <= a - 40 else a + log1p(exp(b - a))
