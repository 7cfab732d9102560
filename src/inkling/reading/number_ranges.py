"""Ranges of numbers, decided digit by digit: what is known of a number from its first digits.

A number may begin with zeros, as meters show them. Of the digits behind them, a range needs their count and how they
compare with as many digits of its bounds: a few states, however large the bounds are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Progress(NamedTuple):
    """What is known of a number after its first digits.

    Attributes
    ----------
    length : the number of digits, with the zeros at the beginning; in a range of any length 1 stands for 1 and more.
    significant : the number of digits behind those zeros, and no more than matter.
    above_low, above_high : -1, 0 or 1: how they compare with as many digits of the bound.
    """

    length: int = 0
    significant: int = 0
    above_low: int = 0
    above_high: int = 0


@dataclass(frozen=True)
class Range:
    """The numbers from `low` to `high`, both included; None for no limit. With a length, those of so many digits."""

    low: int = 0
    high: int | None = None
    length: int | None = None

    def after(self, progress: Progress, digit: str) -> Progress | None:
        """What is known after one more digit; None where no number that begins like this is in the range."""
        length = 1 if self.length is None else progress.length + 1
        if self.length is not None and length > self.length:
            return None
        if digit == "0" and not progress.significant:
            return progress._replace(length=length)
        low, high = _digits(self.low), _digits(self.high or 0)
        place, most = progress.significant, len(low if self.high is None else high)
        if place >= most and self.high is not None:
            return None
        above_low = progress.above_low or _compared(digit, low, place)
        above_high = progress.above_high or _compared(digit, high, place)
        return Progress(length, min(place + 1, most + 1), above_low, 0 if self.high is None else above_high)

    def holds(self, progress: Progress) -> bool:
        """Whether the number is in the range if it ends here."""
        if not progress.length or self.length not in (None, progress.length):
            return False
        place, low = progress.significant, len(_digits(self.low))
        if place < low or (place == low and progress.above_low < 0):
            return False
        return self.high is None or place < len(_digits(self.high)) or progress.above_high <= 0


def _digits(bound: int) -> str:
    """The digits of a bound; none of 0, whose numbers have only zeros at the beginning."""
    return str(bound) if bound else ""


def _compared(digit: str, bound: str, place: int) -> int:
    if place >= len(bound):
        return 1  # It has more digits than the bound, and is greater.
    return (digit > bound[place]) - (digit < bound[place])
