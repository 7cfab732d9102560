"""The best path: of all ways to put the pieces of a row together, the one that the network finds most probable.

Neighbouring pieces are joined to candidates, and the network says of each with which probability it is which digit, and
none. A path covers the row with candidates and with what is passed over: dots, commas and dashes at a small cost, other
ink at a great one. The log-probabilities along a path add up, and costs for what digits rarely look like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inkling.reading.pieces import Piece

# Costs are in nats, lengths in heights of a digit. They were tuned on numbers by strangers (docs/log.md).
_MOST_PIECES = 6  # of one digit
_HIGHEST = 2.5  # pieces that reach further up and down are of two rows
_WIDEST = 1.6  # pieces that reach further are no digit
_WIDE, _WIDE_COST = 1.2, 1.5  # a digit is rarely wider than so many times its own height; for each time more
_GAP_COST = 6.5  # for a gap of a height between the pieces of a digit
_LOW = (0.35, 7.0), (0.6, 1.3)  # to be lower than this
_CUT_COST = 0.5  # for each side on which a mark goes on beyond the digit
_DIGIT_COST = 0.2  # for each digit: fewer explain the same ink better
_DOT = 0.2, 0.6  # the height of a dot or a comma, and its area as a share of the median piece's
_DASH = 0.6, 1.6  # the height of a dash, and how many times wider than high it is
_SMALL = 0.5, 0.3  # up and along: what may be a large comma
_PASSING = {"mark": 0.3, "small": 1.5, "ink": 9.0}  # not to read a piece


@dataclass(frozen=True)
class Candidate:
    """Pieces `first` to `last`, the last one excluded, as one digit, and on how many sides their marks go on."""

    first: int
    last: int
    pieces: tuple[Piece, ...]
    cuts: int = 0

    @property
    def height(self) -> int:
        return max(each.rows.stop for each in self.pieces) - min(each.rows.start for each in self.pieces)

    @property
    def width(self) -> float:
        return max(piece.right for piece in self.pieces) - min(piece.left for piece in self.pieces)


@dataclass(frozen=True)
class Step:
    """A part of a path: a candidate, by its number, or unread ink that is no punctuation."""

    candidate: int | None
    pieces: tuple[Piece, ...]


def candidates(pieces: Sequence[Piece], height: float) -> list[Candidate]:
    """All that may be a digit in a row of pieces whose digits are so high."""
    found = []
    begins = {piece.component: number for number, piece in reversed(list(enumerate(pieces)))}
    ends = {piece.component: number for number, piece in enumerate(pieces)}
    for first in range(len(pieces)):
        for last in range(first + 1, min(first + _MOST_PIECES, len(pieces)) + 1):
            components = {piece.component for piece in pieces[first:last]}
            cuts = sum((begins[component] < first) + (ends[component] >= last) for component in components)
            candidate = Candidate(first, last, tuple(pieces[first:last]), cuts)
            if last - first > 1 and candidate.height > _HIGHEST * height:
                continue
            if last - first > 1 and candidate.width > _WIDEST * height:
                break
            found.append(candidate)
    return found


def best_path(
    pieces: Sequence[Piece],
    height: float,
    choices: Sequence[Candidate],
    probability: np.ndarray,
    digits: int | None = None,
) -> list[Step]:
    """The steps of the best path, without punctuation.

    Parameters
    ----------
    probability : float (C,), of each candidate's most probable digit, with "not a digit" among what it may be.
    digits : how many there are, if known; the path has as near to that many as there is a path.
    """
    scores = np.log(np.maximum(probability, 1e-6)) - [_cost(each, height) for each in choices]
    typical = float(np.median([piece.area for piece in pieces]))
    ending: dict[int, list[int]] = {}
    for number, choice in enumerate(choices):
        ending.setdefault(choice.last, []).append(number)
    best: list[dict[int, tuple[float, tuple[Step, ...]]]] = [{0: (0.0, ())}]  # after so many pieces, by digits read
    for last, piece in enumerate(pieces, 1):
        ways: dict[int, tuple[float, tuple[Step, ...]]] = {}
        cost, unread = _passing(piece, height, typical)
        steps = [(last - 1, 0, -cost, (Step(None, (piece,)),) if unread else ())]
        steps += [(choices[n].first, 1, scores[n], (Step(n, choices[n].pieces),)) for n in ending.get(last, [])]
        for before, more, score, step in steps:
            for count, (total, path) in best[before].items():
                known = count + more if digits is not None else 0
                if known not in ways or total + score > ways[known][0]:
                    ways[known] = total + score, path + step
        best.append(ways)
    last_ways = best[-1]
    wanted = min(last_ways, key=lambda count: abs(count - digits)) if digits is not None else 0
    return list(last_ways[wanted][1])


def _cost(candidate: Candidate, height: float) -> float:
    """What it costs, in nats, to take these pieces for a digit, before one looks at it."""
    cost = _DIGIT_COST + _CUT_COST * candidate.cuts + _WIDE_COST * max(0.0, candidate.width / candidate.height - _WIDE)
    cost += next((cost for low, cost in _LOW if candidate.height < low * height), 0.0)
    right = candidate.pieces[0].right
    for piece in candidate.pieces[1:]:
        cost += _GAP_COST * max(0.0, piece.left - right) / height
        right = max(right, piece.right)
    return cost


def _passing(piece: Piece, height: float, typical: float) -> tuple[float, bool]:
    """What it costs, in nats, not to read a piece, and whether that leaves ink unread, not only a dot or a dash."""
    dot = piece.height < _DOT[0] * height and piece.area < _DOT[1] * typical
    dash = piece.height < _DASH[0] * height and piece.width > _DASH[1] * piece.height
    if dot or dash:
        return _PASSING["mark"], False
    if piece.height < _SMALL[0] * height and piece.width < _SMALL[1] * height:
        return _PASSING["small"], False
    return _PASSING["ink"], True
