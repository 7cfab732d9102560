"""Strangers among digits: a letter or sign that was cut into parts, some of them like digits, is one unread thing.

The best path asks only what the parts may be, for so are digits cut that touch. A stranger gives itself away: it is one
mark and no wider than a digit may be, it is no digit as a whole, and one of its parts at least is hardly one either.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from inkling.reading.path import Candidate, Step
from inkling.reading.result import Digit

# Tuned on letters and scribbles beside digits, so that no number by strangers is lost (docs/log.md).
_WIDEST = 1.1  # heights of a digit
_NONE = 0.9  # the least probability that the whole is no digit
_WEAK = 0.35  # the weakest part has less confidence


def with_strangers_whole(
    path: Sequence[Step], choices: Sequence[Candidate], seen: Sequence[Digit], height: float
) -> list[Step]:
    """The path, in which each stranger is one step of unread ink.

    seen : what the network made of each of the choices.
    """
    wholes = {(each.pieces[0].label, each.pieces[-1].label): number for number, each in enumerate(choices)}
    steps: list[Step] = []
    for component, run in groupby(path, _mark):
        parts = list(run)
        whole = wholes.get((parts[0].pieces[0].label, parts[-1].pieces[-1].label))
        if component is not None and len(parts) > 1 and whole is not None and choices[whole].width <= _WIDEST * height:
            weakest = min(0.0 if part.candidate is None else seen[part.candidate].confidence for part in parts)
            if seen[whole].not_a_digit >= _NONE and weakest < _WEAK:
                parts = [Step(None, choices[whole].pieces)]
        steps += parts
    return steps


def _mark(step: Step) -> int | None:
    """The label of the mark that a step is a part of; None where it is of several."""
    components = {piece.component for piece in step.pieces}
    return components.pop() if len(components) == 1 else None
