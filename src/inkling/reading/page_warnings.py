"""Warnings about a picture as a whole: what is odd about its ink, its lines, and the number of digits."""

from __future__ import annotations

from collections.abc import Sequence

from inkling.ink import MAX_COMPONENTS
from inkling.reading.lines import are_digits_apart, are_several
from inkling.reading.page import Page
from inkling.reading.result import Digit, Reading

MUCH_INK = f"much ink: only the {MAX_COMPONENTS:,} largest components were looked at"
SEVERAL_LINES = "several lines, read as one: --lines reads each"
SEVERAL_DIGITS = "may be several digits, read as one"
_DOUBTFUL = 0.6  # A number that is less probable than this is told with the next.
CUT = "ink crosses the border of the field"
# With these warnings, what was read is not what is written. SEVERAL_DIGITS is none of them: in pictures that people say
# are single digits it is mostly a false alarm, as of one sudoku cell in 40 (docs/log.md).
_INCOMPLETE = frozenset({MUCH_INK, SEVERAL_LINES, CUT})


def is_incomplete(reading: Reading) -> bool:
    """Whether a warning says that the picture was not read as a whole."""
    return not _INCOMPLETE.isdisjoint(reading.warnings)


def page_warnings(page: Page, lines: Sequence[Sequence[Digit]], layout_known: bool) -> list[str]:
    """Warnings about the picture as a whole; `layout_known` where the caller asked for a single digit or lines."""
    if not page.ink.components:
        return ["nothing drawn"]
    warnings = [] if page.ink.dark else ["light on dark"]
    if not lines:
        warnings.append("no digits, only dots, commas or dashes")
    if not layout_known and len(lines) > 1:
        warnings.append(f"{len(lines)} lines, each read by itself")
    elif not layout_known and are_several(page.ink.components):
        warnings.append(SEVERAL_LINES)
    if len(page.ink.components) >= MAX_COMPONENTS:
        warnings.append(MUCH_INK)
    return warnings


def single_warnings(page: Page) -> list[str]:
    """The warning that what is read as a single digit seems to be several; much ink has a warning of its own."""
    is_much = len(page.ink.components) >= MAX_COMPONENTS
    return [SEVERAL_DIGITS] if not is_much and are_digits_apart(page.ink.components) else []


def doubt_warnings(lines: Sequence[Sequence[Digit]], texts: Sequence[Sequence[tuple[str, float]]]) -> list[str]:
    """Warnings about lines that are quite likely to be another number, though none of their digits is refused.

    `texts` are what each line may say, with probabilities, the most probable first.
    """
    pairs = zip(lines, texts, strict=True)
    doubtful = [own for line, own in pairs if len(own) > 1 and own[0][1] < _DOUBTFUL and all(d.accepted for d in line)]
    return [f"{first} may be {second}" for (first, _), (second, _), *_ in doubtful]


def count_warnings(lines: Sequence[Sequence[Digit]], expected: int | None) -> list[str]:
    """Warnings about lines with more or fewer digits than were announced."""
    if expected is None:
        return []
    counts = [f"{len(line)} digit{'s' * (len(line) != 1)}, {expected} expected" for line in lines]
    return [
        f"line {number}: {count}" if len(lines) > 1 else count
        for number, (line, count) in enumerate(zip(lines, counts, strict=True), 1)
        if len(line) != expected
    ]
