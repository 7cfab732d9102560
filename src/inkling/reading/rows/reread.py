"""A line that was read by its pieces is read again as a whole row: texts are proposed, and both readers score them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import NamedTuple

import numpy as np

from inkling.classes import DIGITS, OTHER, ROW_SYMBOLS
from inkling.ink import Component, Row, row_of, strip_of, stroke_depth
from inkling.nn import ctc_alignment, log_softmax
from inkling.reading.number_automaton import ANY_DIGIT
from inkling.reading.page import Page
from inkling.reading.piece_alignment import PieceAligner
from inkling.reading.pieces import Piece
from inkling.reading.plausibility import LOG_WRONG, Plausible
from inkling.reading.result import Digit
from inkling.reading.rows.decoding import beam_search
from inkling.reading.rows.model import COLUMNS, RowModel
from inkling.reading.rows.rescoring import Hypothesis, probabilities, rescored

BEAM = 8  # texts that each row network proposes
_LENGTHS = 2  # Plausible numbers have at most so many digits more or fewer than the most probable text.
_LONGEST = 64  # A text of a given length is searched for up to so many digits: time and memory grow with the length.
_WIDEST = 4096  # columns of a strip, some 200 digits; a wider row is read by its pieces alone
# A row network looks at a row as it lies, and as if it lay a little higher or lower, by shares of a digit's height,
# with strokes so many times as deep. The mean of the logarithms is right more often, and less often sure and wrong.
_LOOKS = ((0.0, 1.0), (-0.05, 0.87), (0.05, 1.15))


class SeenRow(NamedTuple):
    """A line as the row networks saw it: where it lies, and the log-probabilities (T, 12) of its columns by each."""

    row: Row
    answers: tuple[np.ndarray, ...]

    def places(self, text: str) -> list[float]:
        """The column of the picture in which the middle of each symbol of a text stands."""
        columns = ctc_alignment(self.answers[0], [ROW_SYMBOLS.index(each) for each in text])
        return [self.row.column((first + last + 1) / 2 * COLUMNS) for first, last in columns.tolist()]


def see_row(page: Page, components: Sequence[Component], rows: Sequence[RowModel]) -> SeenRow | None:
    """What the row networks see in a line of components; None where the line is too wide for it."""
    boxes = [(each.columns.start, each.rows.start, each.columns.stop, each.rows.stop) for each in components]
    row = row_of(boxes)
    if row.columns > _WIDEST:
        return None
    (left, top, *_), (*_, right, bottom) = np.min(boxes, axis=0), np.max(boxes, axis=0)
    stroke = stroke_depth(page.ink.depth, left, top, right - 1, bottom - 1)
    window = row.window(page.ink.depth.shape)
    depth, labels = page.ink.depth[window], page.ink.labels[window]
    others = {each.label for each in page.ink.components} - {each.label for each in components}
    if others:
        depth = np.where(np.isin(labels, list(others)), 0, depth)
    inside = row.within(window)
    looks = [(replace(inside, middle=inside.middle + down * row.height), stroke * times) for down, times in _LOOKS]
    strips = np.stack([strip_of(depth, *look) for look in looks])
    return SeenRow(row, tuple(log_softmax(each.log_probabilities(strips).mean(axis=0)) for each in rows))


def hypotheses(
    seen: SeenRow, aligner: PieceAligner, own: Iterable[str], digits: int | None, plausible: Plausible | None
) -> list[Hypothesis]:
    """The texts that were read by pieces and those that the row networks propose, with their scores, the best first.

    Texts that are plausible are looked for besides the most probable ones, for each length near that of the best.

    Parameters
    ----------
    own : the texts by pieces.
    digits : the number of digits, if it is known.
    """
    length = digits if digits is not None and digits <= _LONGEST else None
    searches = [beam_search(each, beam=BEAM, length=length, symbols=ROW_SYMBOLS) for each in seen.answers]
    texts = [*(each.text for found in searches for each in found if each.text), *own]
    if plausible is not None:
        usual = len(texts[0])
        for each in [length] if length else range(max(1, usual - _LENGTHS), usual + _LENGTHS + 1):
            if plausible.allows_some(ANY_DIGIT * each):
                texts += _plausible_texts(seen, each, plausible)
    scored = rescored(seen.answers, aligner, texts)
    known = [each._replace(score=each.score + _log_prior(each.text, digits, plausible)) for each in scored]
    return sorted(known, key=lambda each: -each.score)


def _log_prior(text: str, digits: int | None, plausible: Plausible | None) -> float:
    """What is known of the number beforehand says for a text, in nats: 0 where it agrees, else less."""
    length = LOG_WRONG if digits not in (None, len(text)) else 0.0
    return length + (plausible.log_prior(text) if plausible else 0.0)


def _plausible_texts(seen: SeenRow, length: int, plausible: Plausible) -> list[str]:
    limits = {"allowed": plausible.allows_prefix, "complete": plausible.allows}
    searches = [beam_search(each, beam=BEAM, length=length, symbols=ROW_SYMBOLS, **limits) for each in seen.answers]
    return [each.text for found in searches for each in found]


def nearest_pieces(pieces: Sequence[Piece], places: Sequence[float], slant: float, middle: float) -> list[list[Piece]]:
    """The pieces that are nearest to each of some columns of the picture, in the row of pixels `middle`."""
    owned: list[list[Piece]] = [[] for _ in places]
    for piece in pieces:
        centre = (piece.left + piece.right) / 2 - slant * middle
        owned[int(np.abs(np.array(places) - centre).argmin())].append(piece)
    return owned


def with_alternatives(digits: Sequence[Digit], found: Sequence[Hypothesis]) -> list[Digit]:
    """The digits of the first hypothesis, with the probabilities that the others leave them.

    A text speaks for a digit by the symbol that it has in its place, and a text that has none there for what the
    network saw in the digit's own image.
    """
    best = found[0].text
    shares = np.zeros((len(best), len(ROW_SYMBOLS)))
    for each, probability in zip(found, probabilities(found), strict=True):
        for place, symbol in _in_places(best, each.text):
            shares[place, ROW_SYMBOLS.index(symbol)] += probability
    return [_with_shares(digit, symbol, own) for digit, symbol, own in zip(digits, best, shares, strict=True)]


def _in_places(best: str, other: str) -> list[tuple[int, str]]:
    """The places of the best text that another text has a symbol for, and that symbol."""
    found = []
    for tag, start, stop, other_start, other_stop in SequenceMatcher(None, best, other, autojunk=False).get_opcodes():
        if stop - start == other_stop - other_start and tag in ("equal", "replace"):
            found += [(start + i, other[other_start + i]) for i in range(stop - start)]
    return found


def _with_shares(digit: Digit, symbol: str, shares: np.ndarray) -> Digit:
    left = max(0.0, 1 - float(shares.sum()))
    known = shares[: len(DIGITS)] + left * (1 - digit.not_a_digit) * digit.probabilities
    none = float(shares[-1]) + left * digit.not_a_digit
    total = float(known.sum())
    probabilities = (known / total).astype(np.float32) if total > 0 else digit.probabilities
    best = int(probabilities.argmax()) if symbol == OTHER else int(symbol)
    return replace(
        digit,
        digit=best,
        probabilities=probabilities,
        not_a_digit=none / (none + total),
        accepted=digit.accepted and symbol != OTHER,
    )
