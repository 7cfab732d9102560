"""Patterns of numbers: regular expressions over the digits 0 to 9, parsed into trees.

The whole number has to match. Understood are digits, `\\d` and `.` (any digit), classes such as `[1-37]` and `[^0]`,
groups `(…)` and `(?:…)`, `|`, `?`, `*`, `+`, `{m}`, `{m,}`, `{,n}`, `{m,n}`, and `^` and `$` at the very ends: what
Python's `re` understands by them, too. Python's own parser is no public interface.
"""

from __future__ import annotations

from typing import NamedTuple

from inkling.errors import UsageError, described, shortened

ALL_DIGITS = frozenset("0123456789")
MOST_CHARACTERS = 1000  # of a pattern
_MOST_NESTED = 50  # groups inside one another
_MOST_COUNT = 100  # of {m,n}
_UNDERSTOOD = r"digits, \d, ., [1-3], [^0], (…), |, ?, *, + and {m,n} are understood"


class Sequence(NamedTuple):
    """Parts one after the other; none of them is the empty text."""

    parts: tuple[Node, ...]


class Choice(NamedTuple):
    """Any one of the parts."""

    parts: tuple[Node, ...]


class Repeat(NamedTuple):
    """A part `least` to `most` times, or as often as one likes."""

    part: Node
    least: int
    most: int | None


Node = frozenset[str] | Sequence | Choice | Repeat  # The set is one digit, any of these.


def parse(pattern: str) -> Node:
    """The tree of a pattern; UsageError where it is no text, or has something else in it."""
    if not isinstance(pattern, str):
        raise UsageError(rf"pattern is a text such as '\d{{8}}', not {described(pattern)}")
    if len(pattern) > MOST_CHARACTERS:
        raise UsageError(f"a pattern has at most {MOST_CHARACTERS:,} characters, not {len(pattern):,}")
    return _Parser(pattern).whole()


class _Parser:
    """Recursive descent: a choice is sequences, a sequence is repeated atoms, an atom may be a choice in a group."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.place = 0
        self.depth = 0

    def whole(self) -> Node:
        if self.pattern.startswith("^"):
            self.place = 1
        tree = self.choice()
        if self.pattern[self.place :] == "$":
            return tree
        if self.place < len(self.pattern):
            raise self.mistake("has a ) without a (" if self.next() == ")" else "goes on after its end $")
        return tree

    def next(self) -> str:
        return self.pattern[self.place : self.place + 1]

    def takes(self, text: str) -> bool:
        found = self.pattern.startswith(text, self.place)
        self.place += len(text) * found
        return found

    def mistake(self, what: str) -> UsageError:
        return UsageError(f"the pattern {shortened(self.pattern)} {what} (character {self.place + 1}): {_UNDERSTOOD}")

    def choice(self) -> Node:
        parts = [self.sequence()]
        while self.takes("|"):
            parts.append(self.sequence())
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def sequence(self) -> Node:
        parts: list[Node] = []
        while self.next() not in ("", "|", ")", "$"):
            parts.append(self.repeated(self.atom()))
        return Sequence(tuple(parts))

    def atom(self) -> Node:
        sign = self.next()
        if sign == "(":
            return self.group()
        if sign == "[":
            return self.one_of()
        if sign in ALL_DIGITS:
            self.place += 1
            return frozenset(sign)
        if self.takes(".") or self.takes(r"\d"):
            return ALL_DIGITS
        raise self.mistake(f"has {sign if sign != chr(92) else self.pattern[self.place : self.place + 2]!r} in it")

    def group(self) -> Node:
        self.depth += 1
        if self.depth > _MOST_NESTED:
            raise self.mistake(f"has more than {_MOST_NESTED} groups inside one another")
        _ = self.takes("(?:") or self.takes("(")
        inner = self.choice()
        if not self.takes(")"):
            raise self.mistake("lacks a )")
        self.depth -= 1
        return inner

    def one_of(self) -> frozenset[str]:
        """A class, such as [1-37], [^0] or [\\d]."""
        self.place += 1
        inverted, found = self.takes("^"), set[str]()
        while not self.takes("]"):
            if self.takes(r"\d"):
                found |= ALL_DIGITS
                continue
            first = last = self.digit()
            if self.takes("-"):
                last = self.digit()
            if last < first:
                raise self.mistake(f"has the range {first}-{last}, which is empty")
            found |= {str(digit) for digit in range(int(first), int(last) + 1)}
        kept = ALL_DIGITS - found if inverted else frozenset(found)
        if not kept:
            raise self.mistake("has a class without a digit")
        return kept

    def digit(self) -> str:
        sign = self.next()
        if sign not in ALL_DIGITS:
            raise self.mistake(f"has {sign!r} in a class" if sign else "lacks a ]")
        self.place += 1
        return sign

    def repeated(self, atom: Node) -> Node:
        for sign, least, most in (("?", 0, 1), ("*", 0, None), ("+", 1, None)):
            if self.takes(sign):
                return self.once(Repeat(atom, least, most))
        return self.once(self.counted(atom)) if self.takes("{") else atom

    def once(self, node: Node) -> Node:
        """The node; a second repetition, such as the ? of +?, means something else in Python and is refused."""
        if self.next() and self.next() in "?*+{":
            raise self.mistake(f"has {self.next()!r} behind a repetition")
        return node

    def counted(self, atom: Node) -> Repeat:
        """The rest of {m}, {m,}, {,n} or {m,n}."""
        least = self.number()
        is_range = self.takes(",")
        most = self.number() if is_range else least
        if not self.takes("}") or (least is None and most is None):
            raise self.mistake("lacks a number or a } behind its {")
        if most is not None and most < (least or 0):
            raise self.mistake(f"has {{{least},{most}}}, which is empty")
        return Repeat(atom, least or 0, most)

    def number(self) -> int | None:
        begin = self.place
        while self.next() and self.next() in ALL_DIGITS:
            self.place += 1
        digits = self.pattern[begin : self.place]
        if len(digits) > 9 or int(digits or 0) > _MOST_COUNT:
            raise self.mistake(f"repeats more than {_MOST_COUNT:,} times")
        return int(digits) if digits else None
