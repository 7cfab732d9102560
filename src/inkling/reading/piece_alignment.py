"""Forced alignment of a text with the pieces of a line: the best way to put them together so that they are the text.

It is the best path of `path.py` with its costs, but for each candidate the probability of the symbol that the text has
there counts, and the number of candidates is that of the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from inkling.classes import ROW_SYMBOLS
from inkling.reading.path import MIN_PROBABILITY, Candidate, Step, cost_of, skip_cost
from inkling.reading.pieces import Piece

_SKIP_SIGN_COST = 30.0  # nats: a sign is not left out


class PieceAlignment(NamedTuple):
    """The steps that are a text, and their score in nats: log-probabilities less costs."""

    steps: list[Step]
    score: float


class PieceAligner:
    """Aligns texts with the pieces of one line.

    Parameters
    ----------
    height : pixels, of the line's digits.
    probabilities : float (C, 11), of each candidate: of the digits, and of no digit.
    signs : ink that is surely a sign by its form: "?" and nothing else.
    """

    def __init__(
        self,
        pieces: Sequence[Piece],
        height: float,
        choices: Sequence[Candidate],
        probabilities: np.ndarray,
        signs: Sequence[tuple[Piece, ...]] = (),
    ) -> None:
        self.pieces, self.choices = pieces, choices
        costs = np.array([cost_of(each, height) for each in choices])
        labels = {piece.label for sign in signs for piece in sign}
        probabilities = probabilities.copy()
        probabilities[[not labels.isdisjoint(piece.label for piece in each.pieces) for each in choices]] = 0
        probabilities[[each.pieces in signs for each in choices], -1] = 1
        self._scores = np.log(np.maximum(probabilities, MIN_PROBABILITY)) - costs[:, np.newaxis]
        median_area = float(np.median([piece.area for piece in pieces]))
        skips = [skip_cost(piece, height, median_area) for piece in pieces]
        self._skips = [
            (_SKIP_SIGN_COST, None) if piece.label in labels else own for piece, own in zip(pieces, skips, strict=True)
        ]
        self._ending: list[list[int]] = [[] for _ in range(len(pieces) + 1)]
        for number, choice in enumerate(choices):
            self._ending[choice.last].append(number)

    def align(self, text: str) -> PieceAlignment | None:
        """The best alignment of a text of ROW_SYMBOLS; None where there are too few pieces."""
        symbols = [ROW_SYMBOLS.index(each) for each in text]
        scores = self._scores[:, symbols]  # (C, L)
        best = np.full((len(self.pieces) + 1, len(text) + 1), -np.inf)  # after so many pieces and symbols
        came = np.full(best.shape, -1)  # the last candidate of the best path, -1 where the last piece was skipped
        best[0, 0] = 0.0
        for last in range(1, len(best)):
            best[last] = best[last - 1] - self._skips[last - 1][0]
            for number in self._ending[last]:
                gained = best[self.choices[number].first, :-1] + scores[number]
                better = np.flatnonzero(gained > best[last, 1:])
                best[last, better + 1], came[last, better + 1] = gained[better], number
        if not np.isfinite(best[-1, -1]):
            return None
        return PieceAlignment(self._steps(came), float(best[-1, -1]))

    def _steps(self, came: np.ndarray) -> list[Step]:
        """The steps of the best path to the end, from left to right."""
        steps: list[Step] = []
        last, count = len(came) - 1, came.shape[1] - 1
        while last:
            number = int(came[last, count])
            if number < 0:
                steps.append(Step(None, (self.pieces[last - 1],), self._skips[last - 1][1]))
                last -= 1
            else:
                steps.append(Step(number, self.choices[number].pieces))
                last, count = self.choices[number].first, count - 1
        return steps[::-1]
