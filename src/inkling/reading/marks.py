"""Marks: ink that is no digit and is left out of the text, such as the dots, commas and dashes between digits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

Box = tuple[int, int, int, int]

_PAIRS = {"dot": "colon", "dash": "equals sign"}  # What two marks of a kind are that stand one above the other.
OTHER_INK = "ink"  # the kind of what is none of the others
_PLURALS = {"dash": "dashes"}


@dataclass(frozen=True)
class Mark:
    """Ink that is no digit and has no place in the text.

    Attributes
    ----------
    kind : "dot", "comma", "dash", "colon" or "equals sign"; "stroke", which was cut from a digit it touches; "ink" that
        the row as a whole does not read; "frame", "boxes", "comb", "grid", "line" or "ring" for what digits were
        written into or on.
    box : (x, y, width, height) in pixels of the picture, upright.
    line : the number of its line of digits, from 0; None for frames and the like.
    after : the number of digits of that line that stand before it; None for frames and the like.
    """

    kind: str
    box: Box
    line: int | None = None
    after: int | None = None

    def to_dict(self) -> dict[str, Any]:
        return {"kind": self.kind, "box": list(self.box), "line": self.line, "after": self.after}


def grouped(marks: Iterable[Mark]) -> list[Mark]:
    """The same marks from left to right, in which two dots above each other are a colon, two dashes an equals sign."""
    found: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: mark.box[0] + mark.box[2] / 2):
        last = found[-1] if found else None
        if last and last.kind == mark.kind in _PAIRS and _is_above_or_below(last.box, mark.box):
            found[-1] = replace(last, kind=_PAIRS[mark.kind], box=_around(last.box, mark.box))
        else:
            found.append(mark)
    return found


def told(marks: Sequence[Mark]) -> list[str]:
    """The warning that names the marks by kind, if there are any."""
    if not marks:
        return []
    counts = Counter(mark.kind for mark in marks)
    return [f"left out: {', '.join(_counted(kind, count) for kind, count in counts.items())}"]


def _counted(kind: str, count: int) -> str:
    if kind in ("boxes", OTHER_INK):
        return kind
    if count > 1:
        return f"{count} {_PLURALS.get(kind, f'{kind}s')}"
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _is_above_or_below(one: Box, other: Box) -> bool:
    """Whether two boxes share half of the narrower one's columns, and no rows."""
    common = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    rows = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return 2 * common >= min(one[2], other[2]) and rows <= 0


def _around(one: Box, other: Box) -> Box:
    left, top = min(one[0], other[0]), min(one[1], other[1])
    right, bottom = max(one[0] + one[2], other[0] + other[2]), max(one[1] + one[3], other[1] + other[3])
    return left, top, right - left, bottom - top
