"""Automata over digits: whether a text matches a pattern is decided in time linear in the text, whatever the pattern.

A matcher that goes back and forth, as that of Python's `re` does, can take time exponential in the pattern's length,
and a pattern may be a stranger's. An automaton also knows which texts can still become a match. It is made by
Thompson's construction ("Regular expression search algorithm", Communications of the ACM 11, 1968), and its moves
without a digit are then left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from inkling.errors import UsageError, shortened
from inkling.reading.patterns import Choice, Node, Repeat, Sequence, parse

MOST_STATES = 120  # of an automaton


@dataclass(frozen=True, eq=False)
class Automaton:
    """A nondeterministic automaton over digits.

    Attributes
    ----------
    moves : for each state, the states that may follow it, by the next digit.
    start : the states at the beginning.
    final : the states in which a text may end.
    """

    moves: tuple[dict[str, frozenset[int]], ...]
    start: frozenset[int]
    final: frozenset[int]


def automaton_of(pattern: str) -> Automaton:
    """The automaton of a pattern; UsageError where the pattern cannot be parsed or asks for too many states."""
    tree = parse(pattern)
    if (size := _size(tree)) > MOST_STATES:
        raise UsageError(
            f"the pattern {shortened(pattern)} is too large: with its repetitions it comes to {size:,} parts, and the "
            f"bound is {MOST_STATES:,}"
        )
    return _Construction().automaton(tree)


def _size(node: Node) -> int:
    """At least the number of states that the node adds."""
    if isinstance(node, frozenset):
        return 1
    if isinstance(node, Repeat):
        copies = node.least + 1 if node.most is None else max(node.most, 1)
        return 1 + copies * _size(node.part)
    return 1 + sum(map(_size, node.parts))


class _Construction:
    """Thompson's construction: each node leads from a given state to one that it returns."""

    def __init__(self) -> None:
        self.moves: list[dict[str, int]] = []  # by digit: never two for one, since each part has a state to begin in
        self.free: list[list[int]] = []  # moves without a digit

    def automaton(self, tree: Node) -> Automaton:
        begin = self._new()
        end = self._add(tree, begin)
        kept = frozenset(state for state, own in enumerate(self.moves) if own or state == end)
        reached = [self._reached(state) & kept for state in range(len(self.free))]
        moves = tuple({digit: reached[to] for digit, to in own.items()} for own in self.moves)
        return Automaton(moves, reached[begin], frozenset({end}))

    def _new(self) -> int:
        self.moves.append({})
        self.free.append([])
        return len(self.free) - 1

    def _reached(self, state: int) -> frozenset[int]:
        """The state, and all states that moves without a digit lead to."""
        found, left = {state}, [state]
        while left:
            left += (fresh := set(self.free[left.pop()]) - found)
            found |= fresh
        return frozenset(found)

    def _add(self, node: Node, begin: int) -> int:
        if isinstance(node, frozenset):
            return self._add_digit(node, begin)
        if isinstance(node, Sequence):
            for part in node.parts:
                begin = self._add(part, begin)
            return begin
        return self._add_choice(node, begin) if isinstance(node, Choice) else self._add_repeat(node, begin)

    def _add_digit(self, digits: frozenset[str], begin: int) -> int:
        own, end = self._fork(begin), self._new()
        self.moves[own] = dict.fromkeys(digits, end)
        return end

    def _fork(self, begin: int) -> int:
        """A new state that is reached from there without a digit."""
        fresh = self._new()
        self.free[begin].append(fresh)
        return fresh

    def _add_choice(self, choice: Choice, begin: int) -> int:
        ends = [self._add(part, self._fork(begin)) for part in choice.parts]
        return self._joined(ends)

    def _joined(self, ends: list[int]) -> int:
        end = self._new()
        for each in ends:
            self.free[each].append(end)
        return end

    def _add_repeat(self, repeat: Repeat, begin: int) -> int:
        for _ in range(repeat.least):
            begin = self._add(repeat.part, begin)
        if repeat.most is None:
            loop = self._fork(begin)
            self.free[self._add(repeat.part, loop)].append(loop)
            return loop
        ends = [begin]
        for _ in range(repeat.most - repeat.least):
            ends.append(self._add(repeat.part, ends[-1]))
        return self._joined(ends)
