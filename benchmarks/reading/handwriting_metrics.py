"""The metrics of reading handwriting: shares of pictures, digit errors, and the effect of `min_confidence`.

No name or label of a picture leaves this file: every figure is a share of a whole set.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from benchmarks.harness.results import rounded
from inkling.reading import UNREAD, Reading

CONFIDENT = 0.9  # a number that is read with at least this confidence is believed
MIN_CONFIDENCES = (*np.round(np.arange(0, 1, 0.05), 2).tolist(), 0.99)

Share = float | None
Figures = dict[str, Share]


class Answer(NamedTuple):
    """The reading of one picture.

    label : the digits in the picture; empty if it shows no digit.
    text : of the reading, with question marks.
    digits : the most probable digit at each place, accepted or not.
    confidences : of `digits`.
    confidence : of the whole number.
    """

    label: str
    text: str
    digits: str
    confidences: tuple[float, ...]
    confidence: float

    @classmethod
    def of(cls, label: str, reading: Reading) -> Answer:
        digits = "".join(str(digit.digit) for digit in reading.digits)
        return cls(
            label, reading.text, digits, tuple(digit.confidence for digit in reading.digits), reading.confidence or 0.0
        )

    @property
    def refused(self) -> bool:
        """Whether a digit was refused, or nothing was read."""
        return UNREAD in self.text or not self.text


def single_metrics(answers: Sequence[Answer]) -> Figures:
    """Pictures of one digit: `right` counts the most probable digit, `right_of_accepted` accepted digits only."""
    accepted = [answer for answer in answers if not answer.refused]
    return {
        "right": _share(answer.digits == answer.label for answer in answers),
        "refused": 1 - len(accepted) / len(answers),
        "right_of_accepted": _share(answer.text == answer.label for answer in accepted),
    }


def number_metrics(answers: Sequence[Answer]) -> Figures:
    """Pictures of numbers; a question mark counts as an error of one digit."""
    errors = sum(edit_distance(answer.text, answer.label) for answer in answers)
    confident = [answer for answer in answers if not answer.refused and answer.confidence >= CONFIDENT]
    return {
        "exactly_right": _share(answer.text == answer.label for answer in answers),
        "digit_error_rate": errors / sum(len(answer.label) for answer in answers),
        "refused": _share(answer.refused for answer in answers),
        "confident": len(confident) / len(answers),
        "right_of_confident": _share(answer.text == answer.label for answer in confident),
    }


def non_digit_metrics(as_single: Sequence[Answer], as_number: Sequence[Answer]) -> Figures:
    """Pictures without digits: read with `single`, and read as if they could hold a number."""
    return {
        "refused": _share(answer.refused for answer in as_single),
        "digits_in_text_unless_single": _share(any(map(str.isdigit, answer.text)) for answer in as_number),
    }


def by_min_confidence(answers: Sequence[Answer]) -> list[Figures]:
    """Pictures of one digit or of none: the share refused at each `min_confidence`, and of the rest the share right."""
    # Where nothing was found, any `min_confidence` refuses.
    confidences = np.array([max(answer.confidences, default=-1.0) for answer in answers])
    right = np.array([answer.digits == answer.label for answer in answers])
    points: list[Figures] = []
    for bar in MIN_CONFIDENCES:
        accepted = confidences >= bar
        points.append({"min_confidence": bar, "refused": float(1 - accepted.mean())})
        if any(answer.label for answer in answers):
            points[-1]["right_of_accepted"] = _share(right[accepted])
    return points


def edit_distance(one: str, other: str) -> int:
    """The least number of insertions, deletions and substitutions of characters (Levenshtein)."""
    costs = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, costs[0] = costs[0], i
        for j, b in enumerate(other, 1):
            before, costs[j] = costs[j], min(before + (a != b), costs[j] + 1, costs[j - 1] + 1)
    return costs[-1]


def round_figures(figures: Any) -> Any:
    """The same figures with every number rounded to four digits."""
    if isinstance(figures, dict):
        return {name: round_figures(figure) for name, figure in figures.items()}
    if isinstance(figures, list):
        return [round_figures(figure) for figure in figures]
    return rounded(figures) if isinstance(figures, float) else figures


def _share(of: Any) -> Share:
    found = [bool(each) for each in of]
    return sum(found) / len(found) if found else None
