"""Non-digits among digits: a letter or sign that was cut into parts, some of them like digits, is one unread thing.

The best path judges parts only, since digits that touch have to be cut. A non-digit shows in three things together: it
is one component and no wider than a digit may be, it is no digit as a whole, and its weakest part is hardly one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from inkling.reading.path import Candidate, Step
from inkling.reading.result import Digit

# Tuned on letters and scribbles beside digits, so that no number by unseen writers is lost (docs/log.md).
_MAX_WIDTH = 1.1  # In heights of a digit: a wider component may be two digits.
_MIN_NOT_A_DIGIT = 0.9  # The whole is no digit with at least this probability.
_WEAK_CONFIDENCE = 0.35  # The weakest part of a non-digit has less confidence than this.


def rejoin_non_digits(
    path: Sequence[Step], choices: Sequence[Candidate], seen: Sequence[Digit], height: float
) -> list[Step]:
    """The path, in which each non-digit is one step of unread ink.

    Parameters
    ----------
    seen : the digit that the network saw in each of the choices.
    height : pixels, of the line's digits.
    """
    wholes = {(each.pieces[0].label, each.pieces[-1].label): number for number, each in enumerate(choices)}
    steps: list[Step] = []
    for component, run in groupby(path, _component):
        parts = list(run)
        whole = wholes.get((parts[0].pieces[0].label, parts[-1].pieces[-1].label))
        was_cut = component is not None and len(parts) > 1
        if was_cut and whole is not None and choices[whole].width <= _MAX_WIDTH * height:
            weakest = min(0.0 if part.candidate is None else seen[part.candidate].confidence for part in parts)
            if seen[whole].not_a_digit >= _MIN_NOT_A_DIGIT and weakest < _WEAK_CONFIDENCE:
                parts = [Step(None, choices[whole].pieces)]
        steps += parts
    return steps


def _component(step: Step) -> int | None:
    """The label of the component that a step is a part of; None where the step has parts of several."""
    components = {piece.component for piece in step.pieces}
    return components.pop() if len(components) == 1 else None
