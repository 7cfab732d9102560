"""Pictures that lie on their side or upside down: they are read badly as they are, and well after a turn."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from inkling.ink import Picture
from inkling.reading.result import Digit

_TURNS = {1: "by 90° to the left", 2: "by 180°", 3: "by 90° to the right"}  # By quarter turns to the left.
_MAX_POOR_CONFIDENCE = 0.7  # Digits that are read badly have a lower geometric mean of confidences, or one is refused.
_MIN_GOOD_CONFIDENCE = 0.95  # Digits that are surely read well have a higher one, and none is refused.
_LEAST_CONFIDENCE = 1e-6  # Lower confidences count as this, so that their logarithm stays finite.
_MAX_DIGITS = 60  # More pieces are a page of text or a texture, for which no turn is tried.

Lines = Sequence[Sequence[Digit]]


def turn_warning(lines: Lines, read: Callable[[int], Lines]) -> list[str]:
    """The warning that a picture is surely read better after a turn; none, and no work, where it is read well.

    Parameters
    ----------
    lines : the digits that were read in the picture.
    read : reads the picture after so many quarter turns to the left.
    """
    count = sum(map(len, lines))
    if not 0 < count <= _MAX_DIGITS or (not _has_refused(lines) and _confidence(lines) >= _MAX_POOR_CONFIDENCE):
        return []
    readings = {turns: read(turns) for turns in _TURNS}
    good = {turns: _confidence(found) for turns, found in readings.items() if not _has_refused(found)}
    best = max(good, key=lambda turns: good[turns], default=None)
    if best is None or good[best] < _MIN_GOOD_CONFIDENCE:
        return []
    return [f"turned: it is read better after a turn {_TURNS[best]}"]


def turned(picture: Picture, turns: int) -> Picture:
    """The picture after so many quarter turns to the left."""
    size = picture.size[::-1] if turns % 2 else picture.size
    return replace(picture, levels=np.ascontiguousarray(np.rot90(picture.levels, turns)), size=size)


def _has_refused(lines: Lines) -> bool:
    return any(not digit.accepted for line in lines for digit in line)


def _confidence(lines: Lines) -> float:
    """The geometric mean of the confidences of all digits; 0 where there is none."""
    logarithms = [math.log(max(digit.confidence, _LEAST_CONFIDENCE)) for line in lines for digit in line]
    return math.exp(sum(logarithms) / len(logarithms)) if logarithms else 0.0
