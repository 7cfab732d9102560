"""How well handwriting was read: shares of pictures, digit errors, and what another bar of confidence would make of it.

No name or label of a picture goes any further than this file: figures are shares of a whole set.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from common import rounded
from inkling.reading import UNREAD, Reading

SURE = 0.9  # who is surer than that and wrong will be believed
BARS = (*np.round(np.arange(0, 1, 0.05), 2).tolist(), 0.99)

Share = float | None
Figures = dict[str, Share]


class Answer(NamedTuple):
    """What one picture was read as.

    label : what it shows; empty where that is no digit.
    text : of the reading, with question marks.
    digits : each one's most probable digit, accepted or not.
    confidences : of these.
    """

    label: str
    text: str
    digits: str
    confidences: tuple[float, ...]

    @classmethod
    def of(cls, label: str, reading: Reading) -> Answer:
        digits = "".join(str(digit.digit) for digit in reading.digits)
        return cls(label, reading.text, digits, tuple(digit.confidence for digit in reading.digits))

    @property
    def refused(self) -> bool:
        """Something is not told: a digit, or anything at all."""
        return UNREAD in self.text or not self.text


def judge_singles(answers: Sequence[Answer]) -> Figures:
    """Pictures of one digit: `right` counts the most probable digit, `right_of_accepted` those that were told."""
    told = [answer for answer in answers if not answer.refused]
    return {
        "right": _share(answer.digits == answer.label for answer in answers),
        "refused": 1 - len(told) / len(answers),
        "right_of_accepted": _share(answer.text == answer.label for answer in told),
    }


def judge_numbers(answers: Sequence[Answer]) -> Figures:
    """Pictures of numbers; a question mark is an error as any other digit in the wrong place."""
    errors = sum(edit_distance(answer.text, answer.label) for answer in answers)
    return {
        "exactly_right": _share(answer.text == answer.label for answer in answers),
        "digit_error_rate": errors / sum(len(answer.label) for answer in answers),
        "refused": _share(answer.refused for answer in answers),
        "confident_but_wrong": _share(
            answer.text != answer.label and not answer.refused and min(answer.confidences) > SURE for answer in answers
        ),
    }


def judge_non_digits(alone: Sequence[Answer], among_others: Sequence[Answer]) -> Figures:
    """What is no digit: read as if it were one alone, and as if it could be a number."""
    return {
        "refused": _share(answer.refused for answer in alone),
        "digits_in_text_unless_single": _share(any(map(str.isdigit, answer.text)) for answer in among_others),
    }


def by_min_confidence(answers: Sequence[Answer]) -> list[Figures]:
    """Pictures of one digit, or of none: what is refused at each bar, and of one digit what is right of the rest."""
    confidences = np.array(
        [max(answer.confidences, default=-1.0) for answer in answers]
    )  # nothing found: no bar is low
    right = np.array([answer.digits == answer.label for answer in answers])
    points: list[Figures] = []
    for bar in BARS:
        told = confidences >= bar
        points.append({"min_confidence": bar, "refused": float(1 - told.mean())})
        if any(answer.label for answer in answers):
            points[-1]["right_of_accepted"] = _share(right[told])
    return points


def edit_distance(one: str, other: str) -> int:
    """The least number of characters to put in, take out or change (Levenshtein)."""
    costs = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, costs[0] = costs[0], i
        for j, b in enumerate(other, 1):
            before, costs[j] = costs[j], min(before + (a != b), costs[j] + 1, costs[j - 1] + 1)
    return costs[-1]


def in_digits(figures: Any) -> Any:
    """The same figures, shares to four digits."""
    if isinstance(figures, dict):
        return {name: in_digits(figure) for name, figure in figures.items()}
    if isinstance(figures, list):
        return [in_digits(figure) for figure in figures]
    return rounded(figures) if isinstance(figures, float) else figures


def _share(of: Any) -> Share:
    found = [bool(each) for each in of]
    return sum(found) / len(found) if found else None
