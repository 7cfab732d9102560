"""Signs among digits: a plus has its own form; slashes and vertical lines, alike to a 1, show by how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from inkling.ink import Component, box_of
from inkling.reading.path import Step
from inkling.reading.pieces import digit_height, slant_of
from inkling.reading.result import Digit

_MIN_PLUS_ASPECT = 0.5  # A plus is at least so wide, in its heights.
_MAX_PLUS_ASPECT = 2.0  # A plus is at most so wide, in its heights.
_THIRD = 0.33  # Both bars of a plus lie in the middle third of its box, and its corners, a third wide, are empty.
_BAR_SHARE = 0.9  # A bar of a plus runs through at least this share of its rows or columns.
_CORNER_SHARE = 0.02  # Of the ink of a plus, at most this share lies in the corners of its box.

PLUS, SLASH, LINE = "a plus sign", "a slash", "a vertical line"
MAY_BE_SLASH, MAY_BE_PLUS = "may be a slash", "may be a plus sign"
SIGNS = frozenset({PLUS, SLASH, LINE, MAY_BE_SLASH, MAY_BE_PLUS})
# Tuned on one half of the numbers by unseen writers, so that no 1 is lost (docs/log.md).
_MAX_WIDTH = 0.25  # The standard deviation of a straight stroke across is at most this share of that along it.
_MIN_SLASH_LEAN = 0.15  # A slash leans by so many columns per row more than the other ink.
_SLASH_REACH = 0.05  # A slash reaches above and below its neighbours by this, in heights of the line's digits.
_LINE_REACH = 0.12  # A vertical line reaches above and below its neighbours by this, in the same heights.
_DOUBTFUL_LEAN = 0.3  # A stroke that leans so much more than the other ink may be a slash.
_SAME_END = 0.1  # Lines of one kind begin and end at the same rows, up to this, in the same heights.
_SAME_LEAN = 0.08  # Lines of one kind have the same lean, up to so many columns per row.


def is_plus(inked: np.ndarray) -> bool:
    """Whether a component, bool (H, W) in its box, is two bars that cross in their middles."""
    height, width = inked.shape
    if not _MIN_PLUS_ASPECT * height <= width <= _MAX_PLUS_ASPECT * height or min(height, width) < 3:
        return False
    rows, columns = (slice(round(_THIRD * side), side - round(_THIRD * side)) for side in inked.shape)
    upright, level = inked[:, columns].any(axis=1).mean(), inked[rows].any(axis=0).mean()
    in_bars = inked[rows].sum() + inked[:, columns].sum() - inked[rows, columns].sum()
    return bool(min(upright, level) >= _BAR_SHARE and in_bars >= (1 - _CORNER_SHARE) * inked.sum())


def pixels_of(labels: np.ndarray, component: Component) -> np.ndarray:
    """The pixels of a component in its box, bool (H, W)."""
    return labels[component.rows, component.columns] == component.label


def name_strokes(
    labels: np.ndarray, components: Sequence[Component], steps: Sequence[Step], digits: Sequence[Digit], slant: float
) -> dict[int, str]:
    """SLASH, LINE or MAY_BE_SLASH for steps of a line that are read as 1 but stand among the others as one of these.

    Parameters
    ----------
    labels : int (H, W), the label of the component that each pixel belongs to.
    digits : of the steps.
    slant : columns per row of pixels by which the strokes of the line lean.
    """
    places = [box_of(step.pieces)[0] for step in steps]
    leans = _leans(labels, components, steps, digits)
    others = [rows for number, rows in enumerate(places) if number not in leans] or places
    height = float(np.median([rows.stop - rows.start for rows in others])) if places else 0.0
    strokes = {number: _standing(places, number, lean, height) for number, lean in leans.items()}
    names: dict[int, str] = {}
    for number, stroke in strokes.items():
        if _is_suspect(stroke, slant):
            rest = [each for each in components if each.label != steps[number].pieces[0].component]
            if name := _name_of(stroke, slant_of(labels, rest, digit_height(rest))):
                names[number] = name
    lines = [strokes[number] for number, name in names.items() if name == LINE]
    for number, stroke in strokes.items():
        if number not in names and any(_is_like(stroke, line, height) for line in lines):
            names[number] = LINE
    return names


def _leans(
    labels: np.ndarray, components: Sequence[Component], steps: Sequence[Step], digits: Sequence[Digit]
) -> dict[int, float]:
    """The lean of each step that is read as 1 and is a straight stroke, a whole component."""
    by_label = {component.label: component for component in components}
    leans = {}
    for number, (step, digit) in enumerate(zip(steps, digits, strict=True)):
        component = by_label[step.pieces[0].component]
        is_whole = sum(piece.area for piece in step.pieces) == component.area
        if step.candidate is not None and digit.digit == 1 and is_whole:
            lean = _straight_lean(pixels_of(labels, component))
            if lean is not None:
                leans[number] = lean
    return leans


def _standing(places: Sequence[slice], number: int, lean: float, height: float) -> _Stroke:
    """A stroke and how it stands among the places, as rows of pixels, of all steps in its line."""
    own = places[number]
    if not 0 < number < len(places) - 1:
        return _Stroke(own.start, own.stop, lean, None, None)
    before, behind = places[number - 1], places[number + 1]
    above = (min(before.start, behind.start) - own.start) / height
    below = (own.stop - max(before.stop, behind.stop)) / height
    return _Stroke(own.start, own.stop, lean, above, below)


class _Stroke(NamedTuple):
    """A straight stroke between its neighbours, if it has two; lengths are in heights of the line's digits.

    Attributes
    ----------
    top, bottom : rows of pixels.
    lean : columns to the right per row upwards.
    above, below : how far it reaches above and below both neighbours; None at the ends of a line.
    """

    top: int
    bottom: int
    lean: float
    above: float | None
    below: float | None


def _straight_lean(inked: np.ndarray) -> float | None:
    """The lean of a component, bool (H, W): of the principal axis of its pixels; None where it is not straight."""
    rows, columns = np.nonzero(inked)
    if len(rows) < 2:  # A single pixel has no direction.
        return None
    spread, axes = np.linalg.eigh(np.cov(rows, columns) + np.eye(2) / 12)  # A pixel is a square.
    down, right = axes[:, 1]
    is_straight = down and spread[0] <= _MAX_WIDTH**2 * spread[1]
    return float(-right / down) if is_straight else None


def _is_suspect(stroke: _Stroke, slant: float) -> bool:
    """Whether `_name_of` may name the stroke; `slant` is that of its line, to which the stroke belongs."""
    if stroke.above is None or stroke.below is None:
        return False
    return min(stroke.above, stroke.below) >= _SLASH_REACH or stroke.lean - slant >= _MIN_SLASH_LEAN


def _name_of(stroke: _Stroke, slant: float) -> str | None:
    """What a stroke that is read as 1 is instead, "a slash" or "a vertical line", or may be; None if it is a 1.

    Parameters
    ----------
    slant : of the other ink in its line.
    """
    if stroke.above is None or stroke.below is None:
        return None
    lean, reach = stroke.lean - slant, min(stroke.above, stroke.below)
    if lean >= _MIN_SLASH_LEAN and reach >= _SLASH_REACH:
        return SLASH
    if reach >= _LINE_REACH:
        return LINE
    return MAY_BE_SLASH if lean >= _DOUBTFUL_LEAN else None


def _is_like(stroke: _Stroke, line: _Stroke, height: float) -> bool:
    """Whether a stroke begins, ends and leans as a vertical line does."""
    ends = max(abs(stroke.top - line.top), abs(stroke.bottom - line.bottom))
    return ends <= _SAME_END * height and abs(stroke.lean - line.lean) <= _SAME_LEAN
