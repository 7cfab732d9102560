"""Proposals: groups of digits in a picture, from which a template can be made."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from inkling.ink import Picture
from inkling.reading.marks import Box
from inkling.reading.pipeline import read
from inkling.reading.result import Digit

# Lengths are in heights of a digit.
_MIN_WIDE = 1.0  # Digits with a narrower gap between them belong to one group.
_MAX_WIDE = 2.5  # Digits with a wider gap between them belong to different groups.
_NEIGHBOURING_GAPS = 2.0  # In between, a gap is wide if it is so many times a gap beside it.
_ROOM = 0.5  # A box has so much room around its digits, if no other group is near: the next picture differs a little.
_MIN_ACCEPTED = 0.5  # A group has a greater share of digits that are read; others are letters or drawings.
_MIN_CONFIDENCE = 0.5  # The geometric mean of a group's confidences is at least this; that of letters mostly is not.
_LEAST_CONFIDENCE = 1e-6  # Lower confidences count as this, so that their logarithm stays finite.


@dataclass(frozen=True)
class Proposal:
    """A group of digits that may be a field.

    Attributes
    ----------
    box : (x, y, width, height) in pixels of the picture, with some room around the digits.
    text : what was read.
    """

    box: Box
    text: str


def propose(picture: Picture) -> list[Proposal]:
    """The groups of digits in a picture, line by line from the top, from left to right."""
    lines = read(picture, lines=True).lines
    groups = [group for line in lines for group in _groups(line) if _is_number(group)]
    boxes = [_around([digit.box for digit in group]) for group in groups]
    return [
        Proposal(
            _with_room(box, [other for other in boxes if other is not box], picture.size),
            "".join(digit.text for digit in group),
        )
        for group, box in zip(groups, boxes, strict=True)
    ]


def _groups(line: Sequence[Digit]) -> Iterator[Sequence[Digit]]:
    """The digits of a line, divided where there is a wide gap."""
    gaps = [digit.box[0] - (before.box[0] + before.box[2]) for before, digit in pairwise(line)]
    heights = [max(before.box[3], digit.box[3]) for before, digit in pairwise(line)]
    start = 0
    for number, (gap, height) in enumerate(zip(gaps, heights, strict=True)):
        beside = [*gaps[max(0, number - 1) : number], *gaps[number + 1 : number + 2]]
        is_wider = any(gap > _NEIGHBOURING_GAPS * other for other in beside)
        if gap > _MAX_WIDE * height or (gap > _MIN_WIDE * height and is_wider):
            yield line[start : number + 1]
            start = number + 1
    yield line[start:]


def _is_number(group: Sequence[Digit]) -> bool:
    logarithms = [math.log(max(digit.confidence, _LEAST_CONFIDENCE)) for digit in group]
    accepted = sum(digit.accepted for digit in group) / len(group)
    return accepted > _MIN_ACCEPTED and math.exp(sum(logarithms) / len(group)) >= _MIN_CONFIDENCE


def _around(boxes: Sequence[Box]) -> Box:
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    return left, top, right - left, bottom - top


def _with_room(box: Box, others: Sequence[Box], size: tuple[int, int]) -> Box:
    """A box with room around it, which ends at the border of the picture and halfway to other boxes."""
    x, y, width, height = box
    room = _ROOM * height
    left = right = upper = lower = room
    for ox, oy, owidth, oheight in others:
        if oy < y + height + room and y < oy + oheight + room:  # in the same rows
            if ox >= x + width:
                right = min(right, (ox - x - width) / 2)
            elif ox + owidth <= x:
                left = min(left, (x - ox - owidth) / 2)
        if ox < x + width + room and x < ox + owidth + room:  # in the same columns
            if oy >= y + height:
                lower = min(lower, (oy - y - height) / 2)
            elif oy + oheight <= y:
                upper = min(upper, (y - oy - oheight) / 2)
    start = max(0, round(x - left)), max(0, round(y - upper))
    stop = min(size[0], round(x + width + right)), min(size[1], round(y + height + lower))
    return *start, stop[0] - start[0], stop[1] - start[1]
