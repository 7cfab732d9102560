"""The reader: from a picture to its ink, pieces of ink, candidates, the network's answers, the best path, digits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from inkling.classes import DIGITS
from inkling.ink import LONGEST_SIDE, Component, Ink, InkPart, Picture, box_of, find_ink, image_of, pad_tight_crop
from inkling.model import Model
from inkling.reading.non_digits import rejoin_non_digits
from inkling.reading.path import best_path, candidates
from inkling.reading.pieces import cut, digit_height, slant_of
from inkling.reading.result import Digit

_MIN_DIGIT_HEIGHT = 24  # pixels; a picture with lower digits is enlarged, since cuts go between pixels.
_MAX_ENLARGEMENT = 4  # A picture is enlarged at most so many times, and to no more pixels than LONGEST_SIDE².
_MNIST_SLANT = 0.15  # columns per row of pixels by which MNIST's digits lean
_UPRIGHTING = 0.75  # This share of a line's slant is undone, and not all, since each digit has a slant of its own.
_MIN_SLANTED_COMPONENTS = 3  # Fewer components do not show how a handwriting slants: one alone may be a 7.
_MIN_THIN_SIDE = 40  # pixels; a digit whose longer side is shorter is not warned of for thin strokes.
_THIN_AREA = 0.03  # Of the square of the longer side: a digit with less ink was written by a very fine pen.


@dataclass(frozen=True)
class Page:
    """The ink of a picture, and where it lies in the original.

    Attributes
    ----------
    ink : of the picture, perhaps enlarged, with its frame.
    scale : pixels of the original per pixel of the ink, down and across.
    margin : width in pixels of the frame that was added around the picture.
    """

    ink: Ink
    scale: tuple[float, float]
    margin: int = 0


def read_page(picture: Picture) -> Page:
    """The ink of a picture, which is enlarged where there are several components and these are low."""
    levels, margin = pad_tight_crop(picture.levels)
    ink = find_ink(levels)
    if len(ink.components) < 2 or (height := digit_height(ink.components)) >= _MIN_DIGIT_HEIGHT:
        return Page(ink, picture.scale, margin)
    times = min(_MAX_ENLARGEMENT, int(-(-2 * _MIN_DIGIT_HEIGHT // height)), math.isqrt(LONGEST_SIDE**2 // levels.size))
    if times < 2:
        return Page(ink, picture.scale, margin)
    down, across = picture.scale
    return Page(find_ink(_enlarged(levels, times)), (down / times, across / times), margin * times)


def read_single(page: Page, model: Model) -> list[Digit]:
    """All ink as one digit, if there is any."""
    return _digits(page, page.ink.labels, [page.ink.components], model) if page.ink.components else []


def read_line(page: Page, components: Sequence[Component], model: Model, digits: int | None = None) -> list[Digit]:
    """The digits of a line of components from left to right, and other ink that is no dot, comma or dash.

    Parameters
    ----------
    digits : the number of digits, if it is known.
    """
    height = digit_height(components)
    slant = slant_of(page.ink.labels, components, height)
    labels, pieces = cut(page.ink.labels, components, height, slant)
    choices = candidates(pieces, height)
    shear = _UPRIGHTING * (slant - _MNIST_SLANT) if len(components) >= _MIN_SLANTED_COMPONENTS else 0.0
    seen = _digits(page, labels, [choice.pieces for choice in choices], model, shear)
    path = best_path(pieces, height, choices, np.array([digit.confidence for digit in seen]), digits)
    if digits is None:
        path = rejoin_non_digits(path, choices, seen, height)
    unread = iter(_digits(page, labels, [step.pieces for step in path if step.candidate is None], model))
    return [replace(next(unread), accepted=False) if step.candidate is None else seen[step.candidate] for step in path]


def _digits(
    page: Page, labels: np.ndarray, wanted: Sequence[Sequence[InkPart]], model: Model, shear: float = 0.0
) -> list[Digit]:
    """Each of the wanted sets of components or pieces as one digit; their labels are those of `labels` (H, W)."""
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
        box, warnings = _box(page, parts), _ink_warnings(page, parts)
        found.append(Digit(digit, box, probabilities, none, True, image, warnings))
    return found


def _box(page: Page, parts: Sequence[InkPart]) -> tuple[int, int, int, int]:
    """(x, y, width, height) in pixels of the original, without its frame."""
    (top, height), (left, width) = map(_extent, box_of(parts), page.ink.labels.shape, page.scale, [page.margin] * 2)
    return left, top, width, height


def _extent(side: slice, length: int, scale: float, margin: int) -> tuple[int, int]:
    """The first pixel of the original that a side of a box covers, and the number: at least 1, none beyond the end."""
    inner = length - 2 * margin
    start, stop, end = (
        round(scale * min(max(place, 0), inner)) for place in (side.start - margin, side.stop - margin, inner)
    )
    start = min(start, end - 1)
    return start, max(1, stop - start)


def _ink_warnings(page: Page, parts: Sequence[InkPart]) -> tuple[str, ...]:
    """Warnings about the ink of a digit."""
    rows, columns = box_of(parts)
    height, width = (side - page.margin for side in page.ink.labels.shape)
    warnings = []
    if min(rows.start, columns.start) <= page.margin or rows.stop >= height or columns.stop >= width:
        warnings.append("touches the border")
    longest = max(rows.stop - rows.start, columns.stop - columns.start)
    if longest >= _MIN_THIN_SIDE and sum(part.area for part in parts) < _THIN_AREA * longest**2:
        warnings.append("very thin strokes")
    return tuple(warnings)


def _enlarged(levels: np.ndarray, times: int) -> np.ndarray:
    from PIL import Image

    size = levels.shape[1] * times, levels.shape[0] * times
    return np.asarray(Image.fromarray(levels).resize(size, Image.Resampling.BICUBIC))
