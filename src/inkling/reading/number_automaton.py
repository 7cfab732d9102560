"""The numbers that fit a pattern and lie in ranges: both are followed side by side, digit by digit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inkling.reading.automaton import Automaton
from inkling.reading.number_ranges import Progress, Range
from inkling.reading.patterns import ALL_DIGITS

ANY_DIGIT = "?"  # It stands in a text for a digit that was refused.
_REMEMBERED = 2**14  # So many steps from one set of states to the next are kept.

# A state of the pattern's automaton; the number of a range; what is known of the number in that range.
_State = tuple[int, int, Progress]
_States = frozenset[_State]


class NumberAutomaton:
    """A pattern's automaton and ranges side by side. A state is final where both are, in any of the ranges."""

    def __init__(self, automaton: Automaton, ranges: tuple[Range | None, ...]) -> None:
        self.automaton = automaton
        self.ranges = ranges
        self.start = frozenset(
            (state, number, Progress()) for state in automaton.start for number in range(len(ranges))
        )
        self._steps: dict[tuple[_States, str], _States] = {}  # A search asks for many texts that begin alike.
        self._known: dict[_State, bool] = {}  # whether a final state can be reached from a state

    def after(self, text: str) -> _States:
        """The states after a text of digits, in which ANY_DIGIT stands for any."""
        states = self.start
        for digit in text:
            if (states, digit) not in self._steps:
                if len(self._steps) >= _REMEMBERED:
                    self._steps.clear()
                self._steps[states, digit] = self._after(states, digit)
            states = self._steps[states, digit]
        return states

    def _after(self, states: _States, digit: str) -> _States:
        digits = ALL_DIGITS if digit == ANY_DIGIT else frozenset(digit)
        return frozenset(then for state in states for then in self.moves(state, digits))

    def is_final(self, states: _States) -> bool:
        return any(map(self._ends, states))

    def is_alive(self, states: _States) -> bool:
        return any(map(self._can_end, states))

    def moves(self, state: _State, digits: Iterable[str]) -> Iterator[_State]:
        """The states that may follow after any of the digits."""
        place, number, progress = state
        limits = self.ranges[number]
        following = {}  # Most digits lead to the same, which is taken once.
        for digit in digits:
            places = self.automaton.moves[place].get(digit)
            then = progress if limits is None else limits.after(progress, digit)
            if places and then is not None:
                following[id(places), then] = places
        for (_, then), places in following.items():
            yield from ((each, number, then) for each in places)

    def _ends(self, state: _State) -> bool:
        place, number, progress = state
        limits = self.ranges[number]
        return place in self.automaton.final and (limits is None or limits.holds(progress))

    def _can_end(self, state: _State) -> bool:
        """Whether a final state can be reached; a search, whose result is kept."""
        if state in self._known:
            return self._known[state]
        found, left, ends = {state}, [state], False
        while left and not ends:
            each = left.pop()
            ends = self._ends(each) or self._known.get(each, False)
            fresh = set(self.moves(each, ALL_DIGITS)) - found
            found |= fresh
            left += fresh
        self._known.update({state: True} if ends else dict.fromkeys(found, False))
        return ends
