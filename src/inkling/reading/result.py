"""What was read: digits with where they stand and how sure the network is, and the text they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

UNREAD = "?"


@dataclass(frozen=True, eq=False)
class Digit:
    """A digit that was read, or ink that should be one and was not.

    Attributes
    ----------
    digit : 0 to 9, the most probable, accepted or not.
    box : (x, y, width, height) in pixels of the picture, upright.
    probabilities : float32 (10,), of the digits, given that it is one.
    not_a_digit : probability that it is none; 0 where the model cannot tell.
    accepted : whether `confidence` reaches the bar, and the best path did not pass it over; if not, the text has a
        question mark for it.
    image : uint8 (28, 28), what the network saw.
    warnings : what is odd about the ink.
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
        """The probability that it is a digit, and this one."""
        return float(self.probabilities[self.digit]) * (1 - self.not_a_digit)

    @property
    def text(self) -> str:
        return str(self.digit) if self.accepted else UNREAD

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


@dataclass(frozen=True, eq=False)
class Reading:
    """What was read in one picture, row by row; without a row where nothing is drawn.

    Attributes
    ----------
    name : of the file, as messages have it.
    rows : the digits of each row, from left to right.
    size : (width, height) of the picture in pixels, upright.
    warnings : what is odd about the picture.
    """

    name: str
    rows: tuple[tuple[Digit, ...], ...]
    size: tuple[int, int]
    warnings: tuple[str, ...] = ()

    @property
    def digits(self) -> Sequence[Digit]:
        """Those of all rows."""
        return tuple(digit for row in self.rows for digit in row)

    @property
    def text(self) -> str:
        """The digits, a question mark for each that is not accepted, a line for each row."""
        return "\n".join("".join(digit.text for digit in row) for row in self.rows)

    @property
    def all_warnings(self) -> tuple[str, ...]:
        """What is odd about the picture or some digit, once each."""
        return tuple(dict.fromkeys((*self.warnings, *(odd for digit in self.digits for odd in digit.warnings))))

    def to_dict(self) -> dict[str, Any]:
        """The JSON record: `file`, `text`, `digits` and `warnings`."""
        digits = [digit.to_dict() for digit in self.digits]
        return {"file": self.name, "text": self.text, "digits": digits, "warnings": list(self.warnings)}
