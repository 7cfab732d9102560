"""Reading: from a picture to its digits. Ink, rows, pieces, candidates, the network's opinion, the best path."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from inkling.classes import DIGITS
from inkling.ink import LONGEST_SIDE, Component, Ink, Inked, Picture, box_of, find_ink, framed, image_of
from inkling.model import Model
from inkling.reading.non_digits import with_strangers_whole
from inkling.reading.path import best_path, candidates
from inkling.reading.pieces import cut, digit_height, slant_of
from inkling.reading.result import Digit

_LOW = 24  # pixels: digits of less height are looked at enlarged, for cuts go between pixels
_LARGEST = 4  # times, and to no more pixels than the largest picture has
_LEAN = 0.15  # columns a row: MNIST's digits lean so
_UPRIGHT = 0.75  # of the difference is taken from the digits of a row: each has a slant of its own
_HAND = 3  # marks show how a hand slants; one alone may be a 7
_THIN_FROM, _THIN = 40, 0.03  # pixels of the longer side; of its square: less ink is that of a very fine pen


@dataclass(frozen=True)
class Page:
    """The ink of a picture, pixels of the original for one of its own (down and across), and how wide its frame is."""

    ink: Ink
    scale: tuple[float, float]
    margin: int = 0


def read_page(picture: Picture) -> Page:
    """The ink of a picture, which is enlarged where there are several marks, and these are low."""
    levels, margin = framed(picture.levels)
    ink = find_ink(levels)
    if len(ink.components) < 2 or (height := digit_height(ink.components)) >= _LOW:
        return Page(ink, picture.scale, margin)
    times = min(_LARGEST, int(-(-2 * _LOW // height)), math.isqrt(LONGEST_SIDE**2 // levels.size))
    if times < 2:
        return Page(ink, picture.scale, margin)
    down, across = picture.scale
    return Page(find_ink(_enlarged(levels, times)), (down / times, across / times), margin * times)


def read_single(page: Page, model: Model) -> list[Digit]:
    """All ink as one digit, if there is any."""
    return _digits(page, page.ink.labels, [page.ink.components], model) if page.ink.components else []


def read_row(page: Page, components: Sequence[Component], model: Model, digits: int | None = None) -> list[Digit]:
    """The digits of a row of marks from left to right, and what else is ink but no dot, comma or dash."""
    height = digit_height(components)
    slant = slant_of(page.ink.labels, components, height)
    labels, pieces = cut(page.ink.labels, components, height, slant)
    choices = candidates(pieces, height)
    shear = _UPRIGHT * (slant - _LEAN) if len(components) >= _HAND else 0.0
    seen = _digits(page, labels, [choice.pieces for choice in choices], model, shear)
    path = best_path(pieces, height, choices, np.array([digit.confidence for digit in seen]), digits)
    if digits is None:
        path = with_strangers_whole(path, choices, seen, height)
    unread = iter(_digits(page, labels, [step.pieces for step in path if step.candidate is None], model))
    return [replace(next(unread), accepted=False) if step.candidate is None else seen[step.candidate] for step in path]


def _digits(
    page: Page, labels: np.ndarray, wanted: Sequence[Sequence[Inked]], model: Model, shear: float = 0.0
) -> list[Digit]:
    """Each of the given sets of marks or pieces, whose numbers `labels` (H, W) has, as one digit."""
    if not wanted:
        return []
    images = np.stack([image_of(page.ink, labels, parts, shear) for parts in wanted])
    if model.knows_non_digits:
        answers = model.open_set_proba(images)
        known, non_digit = answers[:, : len(DIGITS)], answers[:, len(DIGITS)]
        known = known / np.maximum(known.sum(axis=1, keepdims=True), np.finfo(np.float32).tiny)
    else:
        known, non_digit = model.predict_proba(images), np.zeros(len(images))
    found = []
    for parts, image, probabilities, none in zip(wanted, images, known, non_digit.tolist(), strict=True):
        digit = int(probabilities.argmax())
        found.append(Digit(digit, _box(page, parts), probabilities, none, True, image, _odd(page, parts)))
    return found


def _box(page: Page, parts: Sequence[Inked]) -> tuple[int, int, int, int]:
    """(x, y, width, height) in pixels of the original, without its frame."""
    (top, height), (left, width) = map(_extent, box_of(parts), page.ink.labels.shape, page.scale, [page.margin] * 2)
    return left, top, width, height


def _extent(side: slice, length: int, scale: float, margin: int) -> tuple[int, int]:
    """The first pixel of the original that a side of a box covers, and how many: one at least, none beyond the end."""
    inner = length - 2 * margin
    start, stop, end = (
        round(scale * min(max(at, 0), inner)) for at in (side.start - margin, side.stop - margin, inner)
    )
    start = min(start, end - 1)
    return start, max(1, stop - start)


def _odd(page: Page, parts: Sequence[Inked]) -> tuple[str, ...]:
    """Warnings about the ink of a digit."""
    rows, columns = box_of(parts)
    height, width = (side - page.margin for side in page.ink.labels.shape)
    warnings = []
    if min(rows.start, columns.start) <= page.margin or rows.stop >= height or columns.stop >= width:
        warnings.append("touches the border")
    longest = max(rows.stop - rows.start, columns.stop - columns.start)
    if longest >= _THIN_FROM and sum(part.area for part in parts) < _THIN * longest**2:
        warnings.append("very thin strokes")
    return tuple(warnings)


def _enlarged(levels: np.ndarray, times: int) -> np.ndarray:
    from PIL import Image

    size = levels.shape[1] * times, levels.shape[0] * times
    return np.asarray(Image.fromarray(levels).resize(size, Image.Resampling.BICUBIC))
