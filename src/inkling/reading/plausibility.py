"""Plausibility: what is known of a number before it is read, such as its pattern, its limits or the meter's last state.

`Plausible` decides which texts of digits can be that number, and which can still become it by further digits, so that
a search through alternatives can leave out those that cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from inkling.errors import UsageError, described
from inkling.reading.automaton import automaton_of
from inkling.reading.number_automaton import ANY_DIGIT, NumberAutomaton
from inkling.reading.number_ranges import Range
from inkling.reading.patterns import ALL_DIGITS

MOST_DIGITS = 20  # of a limit
LOG_WRONG = -5.0  # nats: what is known of a number beforehand is wrong once in some 150 numbers


@dataclass(frozen=True)
class Plausible:
    """What a number can be. Without an argument, any text of digits.

    Attributes
    ----------
    pattern : a regular expression that the whole text matches; `inkling.reading.patterns` says of which kind.
    minimum, maximum : the least and the greatest number; zeros at the beginning do not count.
    previous : what the meter showed before: the number is no lower. As a text, such as "00042", it also tells how many
        digits the meter has, and a number of more or fewer digits is not allowed.
    max_step : the most that the meter has moved since. Behind its last number a meter goes on at 0: after
        previous="99998" with max_step=50, 00003 is allowed, of as many digits as `previous`. From 10**digits on, any
        number of so many digits is allowed after a text.

    Raises
    ------
    UsageError
        A pattern that is not understood, a limit that is no whole number of at least 0, a max_step without previous,
        or limits and a pattern that no number fits.
    """

    pattern: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    previous: int | str | None = None
    max_step: int | None = None

    def __post_init__(self) -> None:
        for name in ("minimum", "maximum", "max_step"):
            _check_whole(name, getattr(self, name))
        _check_previous(self.previous)
        if self.max_step is not None and self.previous is None:
            raise UsageError("max_step is the most that a meter has moved since previous: give previous, too")
        if not self._automaton.is_alive(self._automaton.start):
            raise UsageError(f"no number is allowed by {self}: change one of them")

    def __str__(self) -> str:
        given = [(field.name, getattr(self, field.name)) for field in fields(self)]
        return ", ".join(f"{name} {value}" for name, value in given if value is not None) or "no limits"

    def allows(self, text: str) -> bool:
        """Whether a text of digits can be the number."""
        return _is_of_digits(text) and self._automaton.is_final(self._automaton.after(text))

    def allows_prefix(self, prefix: str) -> bool:
        """Whether some text that begins like this is allowed; the text itself may be one."""
        return _is_of_digits(prefix) and self._automaton.is_alive(self._automaton.after(prefix))

    def allows_some(self, text: str) -> bool:
        """Whether a text is allowed with some digit in place of each question mark, as a reading has them."""
        return _is_of_digits(text.replace(ANY_DIGIT, "")) and self._automaton.is_final(self._automaton.after(text))

    def log_prior(self, text: str) -> float:
        """What this says for a text, with question marks for any digit, in nats: 0 where it is allowed, else less."""
        return 0.0 if self.allows_some(text) else LOG_WRONG

    def __getstate__(self) -> dict[str, Any]:
        """The arguments; the automaton is made anew where it is needed."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def complaint(self, text: str) -> str | None:
        """Why a text, in which question marks stand for any digit, is not allowed; None where it is.

        It is the end of a sentence that begins with the text: "does not match the pattern \\\\d{8}".
        """
        if not _is_of_digits(text.replace(ANY_DIGIT, "")):
            return "is no text of digits"
        if self.allows_some(text):
            return None
        for part, words in self._parts():
            if not part.allows_some(text):
                return words
        return f"is not allowed by {self} together"

    def _parts(self) -> Iterator[tuple[Plausible, str]]:
        if self.pattern is not None:
            yield Plausible(self.pattern), f"does not match the pattern {self.pattern}"
        if self.minimum is not None:
            yield Plausible(minimum=self.minimum), f"is below the minimum {self.minimum}"
        if self.maximum is not None:
            yield Plausible(maximum=self.maximum), f"is above the maximum {self.maximum}"
        if isinstance(self.previous, str):
            digits = rf"\d{{{len(self.previous)}}}"
            yield Plausible(digits), f"has not as many digits as the previous number {self.previous}"
        if self.previous is not None:
            last = Plausible(previous=self.previous, max_step=self.max_step)
            step = "" if self.max_step is None else f", or more than {self.max_step} above it"
            yield last, f"is below the previous number {self.previous}{step}"

    @cached_property
    def _automaton(self) -> NumberAutomaton:
        pattern = automaton_of(r"\d*" if self.pattern is None else self.pattern)
        return NumberAutomaton(pattern, tuple(self._ranges()))

    def _ranges(self) -> Iterator[Range | None]:
        """The ranges, one of which has to hold the number; None where any text will do, also the empty one."""
        low, high = self.minimum or 0, self.maximum
        if self.previous is None:
            yield None if self.minimum is None and high is None else Range(low, high)
            return
        last, digits, is_text = int(self.previous), len(str(self.previous)), isinstance(self.previous, str)
        length = digits if is_text else None
        if self.max_step is None:
            yield Range(max(low, last), high, length)
            return
        yield Range(max(low, last), _lower(high, last + self.max_step), length)
        turned = last + self.max_step - 10**digits
        if turned >= 0 and (is_text or self.max_step < 10**digits):
            yield Range(low, _lower(high, turned), digits)


def plausible_of(values: Mapping[str, Any], called: Mapping[str, str]) -> Plausible:
    """A Plausible of its arguments by name; a UsageError calls them what the user calls them."""
    try:
        return Plausible(**values)
    except UsageError as error:
        sentence = str(error)
        for argument, name in called.items():
            sentence = re.sub(rf"\b{argument}\b", name, sentence)
        raise UsageError(sentence) from None


def _lower(limit: int | None, other: int) -> int:
    return other if limit is None else min(limit, other)


def _check_whole(name: str, value: object) -> None:
    if value is None:
        return
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise UsageError(f"{name} is a whole number of at least 0, not {described(value)}")
    if value >= 10**MOST_DIGITS:
        raise UsageError(f"{name} has at most {MOST_DIGITS} digits")


def _check_previous(value: object) -> None:
    if not isinstance(value, str):
        _check_whole("previous", value)
    elif not value or not _is_of_digits(value) or len(value) > MOST_DIGITS:
        raise UsageError(f"previous is what the meter showed, 1 to {MOST_DIGITS} digits, not {described(value)}")


def _is_of_digits(text: str) -> bool:
    return ALL_DIGITS.issuperset(text)
