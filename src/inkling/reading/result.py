"""The result of reading: digits with where they stand and how sure the network is, and the text they make."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inkling.reading.marks import Mark

UNREAD = "?"  # stands in the text for a digit that is refused


@dataclass(frozen=True, eq=False, repr=False)
class Digit:
    """A digit that was read, or ink that should be one and was not.

    Attributes
    ----------
    digit : 0 to 9, the most probable, accepted or not.
    box : (x, y, width, height) in pixels of the picture, upright.
    probabilities : float32 (10,), of the digits 0 to 9, given that the ink is a digit.
    not_a_digit : probability that the ink is no digit; 0 for a digit alone where the model cannot tell.
    accepted : whether `confidence` reaches the bar, and the ink was taken for a digit. If not, the digit is refused,
        and the text has a question mark for it.
    image : uint8 (28, 28), what the network saw.
    warnings : about the ink, such as "touches the border".
    """

    digit: int
    box: tuple[int, int, int, int]
    probabilities: np.ndarray
    not_a_digit: float
    accepted: bool
    image: np.ndarray
    warnings: tuple[str, ...] = ()

    @property
    def confidence(self) -> float:
        """The probability that the ink is a digit, and this one."""
        return float(self.probabilities[self.digit]) * (1 - self.not_a_digit)

    @property
    def text(self) -> str:
        return str(self.digit) if self.accepted else UNREAD

    def __repr__(self) -> str:
        refused = "" if self.accepted else ", refused"
        return f"Digit({self.digit}, confidence {self.confidence:.3f}{refused}, box {self.box}{_listed(self.warnings)})"

    def to_dict(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "digit": self.digit,
            "box": list(self.box),
            "confidence": round(self.confidence, 4),
            "accepted": self.accepted,
            "not_a_digit": round(self.not_a_digit, 4),
            "probabilities": [round(float(p), 4) for p in self.probabilities],
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, eq=False, repr=False)
class Reading:
    """What was read in one picture, line by line; without a line where nothing is drawn.

    In a notebook it is shown as a drawing of its digits.

    Attributes
    ----------
    name : of the picture in messages, mostly its file's name.
    lines : the digits of each line, from left to right.
    size : (width, height) of the picture in pixels, upright.
    warnings : about the picture as a whole, such as "nothing drawn".
    marks : what is no digit and was left out of the text, such as the dot of 3.14.
    texts : of each line, what it may say with the probability of each, the one that is read first; "?" is ink that is
        no digit. Empty for a line of one digit, whose `probabilities` say the same.
    """

    name: str
    lines: tuple[tuple[Digit, ...], ...]
    size: tuple[int, int]
    warnings: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    texts: tuple[tuple[tuple[str, float], ...], ...] = ()

    @property
    def confidence(self) -> float | None:
        """The probability that all digits of all lines are right, also those that are refused; None where none is."""
        return math.prod(map(self._line_confidence, range(len(self.lines)))) if self.digits else None

    def alternatives(self, count: int) -> list[list[tuple[str, float]]]:
        """Of each line, the `count` most probable texts with their probabilities, or all if there are fewer.

        "?" is ink that is no digit.
        """
        return [list(self._line_texts(number)[: max(0, count)]) for number in range(len(self.lines))]

    def _line_texts(self, number: int) -> Sequence[tuple[str, float]]:
        """What a line may say: for a line of one digit, each of the digits."""
        if number < len(self.texts) and self.texts[number]:
            return self.texts[number]
        digit, *others = self.lines[number]
        if others:
            return ()
        known = digit.probabilities * (1 - digit.not_a_digit)
        return [(str(each), float(known[each])) for each in np.argsort(-known, kind="stable").tolist()]

    def _line_confidence(self, number: int) -> float:
        """That of the first of its texts; without these, the product of its digits'."""
        if number < len(self.texts) and self.texts[number]:
            return self.texts[number][0][1]
        return math.prod(digit.confidence for digit in self.lines[number])

    @property
    def digits(self) -> Sequence[Digit]:
        """The digits of all lines."""
        return tuple(digit for line in self.lines for digit in line)

    @property
    def text(self) -> str:
        """The digits, a question mark for each that is refused; lines are separated by line breaks."""
        return "\n".join("".join(digit.text for digit in line) for line in self.lines)

    @property
    def one_line(self) -> str:
        """The text with its lines side by side."""
        return " ".join(self.text.split())

    @property
    def all_warnings(self) -> tuple[str, ...]:
        """The warnings about the picture and its digits, each once."""
        return tuple(dict.fromkeys((*self.warnings, *(each for digit in self.digits for each in digit.warnings))))

    def __repr__(self) -> str:
        count = len(self.digits)
        lowest = f", lowest confidence {min(digit.confidence for digit in self.digits):.3f}" if count else ""
        digits = f"{count} digit{'s' * (count != 1)}{lowest}"
        return f"Reading({self.name!r}, {self.text!r}, {digits}{_listed(self.all_warnings)})"

    def _repr_png_(self) -> bytes:
        from inkling.reading.show import draw_digits

        return draw_digits(self)

    def to_dict(self, alternatives: int = 0) -> dict[str, Any]:
        """The JSON record: `file`, `text`, `confidence`, `digits`, `marks`, `warnings`; with so many `alternatives`."""
        record: dict[str, Any] = {
            "file": self.name,
            "text": self.text,
            "confidence": None if self.confidence is None else round(self.confidence, 4),
            "digits": [digit.to_dict() for digit in self.digits],
            "marks": [mark.to_dict() for mark in self.marks],
            "warnings": list(self.warnings),
        }
        if alternatives:
            record["alternatives"] = [
                [{"text": text, "probability": round(each, 4)} for text, each in line]
                for line in self.alternatives(alternatives)
            ]
        return record


def _listed(warnings: Sequence[str]) -> str:
    return f"; {', '.join(warnings)}" if warnings else ""
