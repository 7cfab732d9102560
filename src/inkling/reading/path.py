"""The best path: of all ways to put the pieces of a line together, the one that the network finds most probable.

Neighbouring pieces are joined to candidates, and the network says with which probability each candidate is which digit,
or none. A path covers the line with candidates and with pieces that are skipped: dots, commas and dashes at a small
cost, other ink at a great one. The log-probabilities along a path are added up, less costs of shapes that digits rarely
have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inkling.reading.pieces import Piece

# Costs are in nats, lengths in heights of a digit. They were tuned on numbers by unseen writers (docs/log.md).
_MAX_PIECES = 6  # One digit is joined from at most so many pieces.
_MAX_HEIGHT = 2.5  # Pieces that together are higher belong to two lines.
_MAX_WIDTH = 1.6  # Pieces that together are wider are no digit.
_DIGIT_COST = 0.2  # Each digit costs this, since fewer digits explain the same ink better.
_CUT_COST = 0.5  # Each side on which a component goes on beyond the digit costs this.
_USUAL_ASPECT = 1.2  # A digit rarely has more width over height than this.
_ASPECT_COST = 1.5  # Each unit of width over height above the usual one costs this.
_GAP_COST = 6.5  # Each height of a digit in gaps between the pieces of a candidate costs this.
_VERY_LOW_HEIGHT = 0.35  # A lower candidate is hardly a digit.
_VERY_LOW_COST = 7.0  # A candidate below the very low height costs this.
_LOW_HEIGHT = 0.6  # A lower candidate is rarely a digit.
_LOW_COST = 1.3  # A candidate between the very low height and the low height costs this.
_DOT_HEIGHT = 0.2  # A dot is lower than this.
_DOT_AREA = 0.6  # The area of a dot is less than this share of the line's median piece.
_DASH_HEIGHT = 0.6  # A dash is lower than this.
_DASH_ASPECT = 1.6  # The width of a dash over its height is more than this.
_COMMA_HEIGHT = 0.5  # A large comma is lower than this.
_COMMA_WIDTH = 0.3  # A large comma is narrower than this.
_SKIP_PUNCTUATION_COST = 0.3  # Each dot or dash that is not read costs this.
_SKIP_COMMA_COST = 1.5  # Each piece that may be a large comma and is not read costs this.
_SKIP_INK_COST = 9.0  # Each piece that is none of these and is not read costs this.
MIN_PROBABILITY = 1e-6  # Lower probabilities count as this, so that their logarithm stays finite.


@dataclass(frozen=True)
class Candidate:
    """Neighbouring pieces as one digit.

    Attributes
    ----------
    first, last : the pieces of the line that it consists of, the last one excluded.
    pieces : the same as pieces.
    cuts : the number of sides on which the components of its pieces go on.
    """

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
    """A part of a path: a candidate, by its number, or (None) ink that is not read.

    Attributes
    ----------
    punctuation : what that ink seems to be: "dot", "dash" or "comma"; None where it is none of these.
    """

    candidate: int | None
    pieces: tuple[Piece, ...]
    punctuation: str | None = None


def candidates(pieces: Sequence[Piece], height: float) -> list[Candidate]:
    """All that may be a digit in a line of pieces with digits of this height."""
    found = []
    begins = {piece.component: number for number, piece in reversed(list(enumerate(pieces)))}
    ends = {piece.component: number for number, piece in enumerate(pieces)}
    for first in range(len(pieces)):
        for last in range(first + 1, min(first + _MAX_PIECES, len(pieces)) + 1):
            components = {piece.component for piece in pieces[first:last]}
            cuts = sum((begins[component] < first) + (ends[component] >= last) for component in components)
            candidate = Candidate(first, last, tuple(pieces[first:last]), cuts)
            if last - first > 1 and candidate.height > _MAX_HEIGHT * height:
                continue
            if last - first > 1 and candidate.width > _MAX_WIDTH * height:
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
    """The steps of the best path, found by dynamic programming.

    Parameters
    ----------
    height : pixels, of the line's digits.
    probability : float (C,), of each candidate's most probable digit, with "not a digit" among what it may be.
    digits : the number of digits, if it is known: of the paths with the nearest possible number, the best one.
    """
    scores = np.log(np.maximum(probability, MIN_PROBABILITY)) - [cost_of(each, height) for each in choices]
    median_area = float(np.median([piece.area for piece in pieces]))
    ending: dict[int, list[int]] = {}
    for number, choice in enumerate(choices):
        ending.setdefault(choice.last, []).append(number)
    # The best score and path after so many pieces, by the number of digits read (if it matters).
    best: list[dict[int, tuple[float, tuple[Step, ...]]]] = [{0: (0.0, ())}]
    for last, piece in enumerate(pieces, 1):
        ways: dict[int, tuple[float, tuple[Step, ...]]] = {}
        cost, punctuation = skip_cost(piece, height, median_area)
        steps = [(last - 1, 0, -cost, (Step(None, (piece,), punctuation),))]
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


def cost_of(candidate: Candidate, height: float) -> float:
    """The cost, in nats, of taking these pieces for a digit, whatever the network sees in them."""
    wider = max(0.0, candidate.width / candidate.height - _USUAL_ASPECT)
    cost = _DIGIT_COST + _CUT_COST * candidate.cuts + _ASPECT_COST * wider
    if candidate.height < _VERY_LOW_HEIGHT * height:
        cost += _VERY_LOW_COST
    elif candidate.height < _LOW_HEIGHT * height:
        cost += _LOW_COST
    right = candidate.pieces[0].right
    for piece in candidate.pieces[1:]:
        cost += _GAP_COST * max(0.0, piece.left - right) / height
        right = max(right, piece.right)
    return cost


def skip_cost(piece: Piece, height: float, median_area: float) -> tuple[float, str | None]:
    """The cost, in nats, of not reading a piece, and which punctuation it seems to be, if any."""
    if piece.height < _DOT_HEIGHT * height and piece.area < _DOT_AREA * median_area:
        return _SKIP_PUNCTUATION_COST, "dot" if piece.width <= _DASH_ASPECT * piece.height else "dash"
    if piece.height < _DASH_HEIGHT * height and piece.width > _DASH_ASPECT * piece.height:
        return _SKIP_PUNCTUATION_COST, "dash"
    if piece.height < _COMMA_HEIGHT * height and piece.width < _COMMA_WIDTH * height:
        return _SKIP_COMMA_COST, "comma"
    return _SKIP_INK_COST, None
