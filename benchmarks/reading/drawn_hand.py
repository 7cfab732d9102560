"""A hand that writes numbers: strangers' digits in a row, of one size, with one pen. Ink is float32 (H, W), 0 to 1.

The digits are MNIST's test images and the embedded digits of the test split, which no model was trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter

from inkling.data import load
from inkling.synthesis.alphabet import strokes_of
from inkling.synthesis.foreign_digits import STYLES
from inkling.synthesis.pen import write

EMBEDDED_SHARE = 0.1  # of the numbers; the others are written with MNIST's digits.
_EDGE = 0.1, 0.5  # An enlarged image is ground below the first level, full ink above the second.


class Row(NamedTuple):
    """A row of writing: its ink on a canvas with a margin, its digits, and their boxes (left, top, right, bottom)."""

    ink: np.ndarray
    text: str
    boxes: list[tuple[int, int, int, int]]


@cache
def _digits() -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Images (N, 28, 28) and labels (N,) of each source."""
    found = []
    for name in ("mnist", "digits"):
        part = load(name).test
        assert part is not None
        found.append((part.images, part.labels))
    return tuple(found)


def row(
    rng: np.random.Generator,
    height: int,
    gaps: tuple[float, float] = (0.15, 0.45),
    *,
    margin: float | None = None,
    foreign: float = 0.0,
    count: tuple[int, int] = (3, 7),
) -> Row:
    """A number whose digits stand on one line, give or take a little.

    Parameters
    ----------
    height : pixels of a digit, give or take 8 %.
    gaps : between neighbouring digits, in heights, from the least to the greatest; less than 0 where they overlap.
    margin : of ground around the row, in heights; by default from 0.1, as in pictures that are cropped, to 1.
    foreign : the probability that a 1, 4, 7 or 9 is drawn in a style that MNIST lacks.
    count : of digits, from the least to the greatest.
    """
    images, labels = _digits()[int(rng.random() < EMBEDDED_SHARE)]
    chosen = rng.integers(len(images), size=rng.integers(count[0], count[1] + 1))
    text = "".join(str(labels[each]) for each in chosen)
    slant = rng.normal(0, 0.08)
    figures = []
    for each, digit in zip(chosen, map(int, text), strict=True):
        styles = STYLES.get(digit)
        image = images[each]
        if styles and rng.random() < foreign:
            image = write(strokes_of(styles[rng.integers(len(styles))]), rng)
        figures.append(_figure(image, round(height * rng.uniform(0.92, 1.08)), slant))
    room = rng.uniform(0.1, 1) if margin is None else margin
    return _side_by_side(rng, figures, text, height, gaps, round(room * height))


def _figure(image: np.ndarray, height: int, slant: float) -> np.ndarray:
    """The ink of an image (28, 28), so high, leaning to the right by `slant` columns per row."""
    times = max(1, -(-height // 16))
    large = Image.fromarray(image).resize((28 * times, 28 * times), Image.Resampling.BICUBIC)
    move = (1, slant, -slant * 14 * times, 0, 1, 0)
    large = large.transform(large.size, Image.Transform.AFFINE, move, Image.Resampling.BILINEAR)
    ink = ((np.asarray(large, np.float32) / 255 - _EDGE[0]) / (_EDGE[1] - _EDGE[0])).clip(0, 1)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    size = max(2, round(ink.shape[1] * height / ink.shape[0])), height
    return np.asarray(Image.fromarray(ink).resize(size, Image.Resampling.BOX)).clip(0, 1)


def _side_by_side(
    rng: np.random.Generator,
    figures: Sequence[np.ndarray],
    text: str,
    height: int,
    gaps: tuple[float, float],
    margin: int,
) -> Row:
    room = round(0.2 * height)
    boxes, left = [], margin
    for figure in figures:
        top = margin + room + height - len(figure) + round(height * rng.normal(0, 0.03))
        boxes.append((left, top, left + figure.shape[1], top + len(figure)))
        left = max(boxes[-1][0] + 2, boxes[-1][2] + round(height * rng.uniform(*gaps)))
    ink = np.zeros((2 * margin + 2 * room + height, boxes[-1][2] + margin), np.float32)
    for figure, (left, top, right, bottom) in zip(figures, boxes, strict=True):
        place = ink[top:bottom, left:right]
        np.maximum(place, figure, out=place)
    return Row(ink, text, boxes)


def fainter_across(ink: np.ndarray, least: float) -> np.ndarray:
    """Ink of a ball pen that presses less where a stroke is level: there it has the depth `least`, upright 1."""
    soft = _blurred(255 * ink, 1)
    down, across = (_blurred(np.abs(each), 4) for each in np.gradient(soft))
    level = down / np.maximum(down + across, 1)  # the edges of a level stroke are above and below it
    return ink * (1 - (1 - least) * level)


def _blurred(levels: np.ndarray, reach: int) -> np.ndarray:
    """Levels, 0 to 255, each the mean of the square of ± `reach` pixels around it."""
    return np.asarray(Image.fromarray(levels.astype(np.uint8)).filter(ImageFilter.BoxBlur(reach)), np.float32)


def with_gaps(rng: np.random.Generator, written: Row, per_digit: float) -> np.ndarray:
    """The ink of a row, whose digits have so many gaps in the mean: straight bands without ink, a few pixels wide."""
    ink = written.ink.copy()
    for left, top, right, bottom in written.boxes:
        place = ink[top:bottom, left:right]
        y, x = np.indices(place.shape)
        for _ in range(rng.poisson(per_digit)):
            angle = rng.uniform(0, np.pi)
            spot = rng.integers(place.shape[0]), rng.integers(place.shape[1])
            distance = np.abs((y - spot[0]) * np.cos(angle) + (x - spot[1]) * np.sin(angle))
            place[distance < len(place) * rng.uniform(0.02, 0.05)] = 0
    return ink
