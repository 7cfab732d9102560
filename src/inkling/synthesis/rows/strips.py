"""Strips of written rows with their labels: what a row network learns from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from inkling.classes import OTHER, ROW_SYMBOLS
from inkling.ink.ground import ink_depth
from inkling.ink.strip import STRIP_HEIGHT, Row, row_of, strip_of, stroke_depth
from inkling.synthesis.rows.hand import Hands
from inkling.synthesis.rows.row import WrittenRow, written_row

MOST_DIGITS = 10
_BETWEEN = 6  # columns between strips in one image
_TOGETHER = 400  # strips that are packed together
_MOST_SYMBOLS = 16  # of the strips in one image
_WITH_OTHERS = 0.12  # share of rows that have other ink among their digits
_OTHERS = 0.2  # share of the characters of such a row that are other ink
_ROUND = 0.12  # share of numbers that end in zeros, which many people write in one go
# A reader does not know where a row is as well as its writer: standard deviations, in heights of a digit.
_HEIGHT_ERROR = 0.1
_MIDDLE_ERROR = 0.05
_SLOPE_ERROR = 0.01
_END_ERROR = 0.15
_STROKE_ERROR = 0.12  # of the depth of strokes, relative


def written_strips(hands: Hands, n: int, width: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Strips uint8 (n, 32, width, 1) of rows of 1 to MOST_DIGITS digits, and labels int64 (n, MOST_DIGITS).

    Labels are filled up with -1. A strip begins at a random column, and beyond its ends there is no ink.
    """
    strips = np.zeros((n, STRIP_HEIGHT, width, 1), np.uint8)
    labels = np.full((n, MOST_DIGITS), -1, np.int64)
    for strip, label in zip(strips, labels, strict=True):
        text, found = _fitting(hands, width, rng)
        start = int(rng.integers(width - found.shape[1] + 1))
        strip[:, start : start + found.shape[1], 0] = found
        label[: len(text)] = [ROW_SYMBOLS.index(character) for character in text]
    return strips, labels


def _fitting(hands: Hands, width: int, rng: np.random.Generator) -> tuple[str, np.ndarray]:
    """A text, and its strip of at most so many columns."""
    count = int(rng.integers(1, MOST_DIGITS + 1))
    while True:
        text = _number(count, rng)
        if rng.random() < _WITH_OTHERS:
            text = "".join(OTHER if rng.random() < _OTHERS else each for each in text)
        strip = _strip(written_row(hands, text, rng), rng)
        if strip.shape[1] <= width:
            return text, strip
        count = max(1, count - 1)


def _number(count: int, rng: np.random.Generator) -> str:
    """A text of so many digits."""
    text = "".join(map(str, rng.integers(0, 10, count)))
    if count < 2 or rng.random() >= _ROUND:
        return text
    zeros = int(rng.integers(1, min(count, 5)))
    return text[:-zeros] + "0" * zeros


def _strip(row: WrittenRow, rng: np.random.Generator) -> np.ndarray:
    """The strip of a row whose place is known about as well as a reader knows it."""
    depth, _, _ = ink_depth(row.levels.astype(np.float32))
    exact = row_of([(left, top, right, bottom) for left, top, right, bottom in row.boxes])
    height = exact.height * float(np.exp(rng.normal(0, _HEIGHT_ERROR)))
    errors = rng.normal(0, [_END_ERROR, _END_ERROR, _MIDDLE_ERROR]) * height
    about = Row(
        exact.left - abs(errors[0]),
        exact.right + abs(errors[1]),
        exact.middle + errors[2],
        exact.slope + rng.normal(0, _SLOPE_ERROR),
        height,
    )
    exactly = stroke_depth(depth, exact.left, row.boxes[:, 1].min(), exact.right, row.boxes[:, 3].max())
    stroke = exactly * float(np.exp(rng.normal(0, _STROKE_ERROR)))
    return strip_of(depth, about, stroke)


def packed(
    strips: np.ndarray, labels: np.ndarray, border: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Fewer images (M, 32, width + 2 · border, 1) that show all strips, side by side where they fit, and their labels.

    Half of most strips is empty, and an image takes as long to learn whatever it shows. `border` columns on both sides
    stay empty. The widest strips are placed first, each where it leaves the least room, among _TOGETHER at a time.
    """
    width, images = strips.shape[2], []
    order = rng.permutation(len(strips))
    for start in range(0, len(order), _TOGETHER):
        cropped = [_cropped(strips[i], labels[i]) for i in order[start : start + _TOGETHER]]
        images += _in_bins([each for each in cropped if each.ink.size], width)
    shown = np.zeros((len(images), STRIP_HEIGHT, width + 2 * border, 1), np.uint8)
    texts = np.full((len(images), _MOST_SYMBOLS), -1, np.int64)
    for image, text, parts in zip(shown, texts, images, strict=True):
        used, place = sum(part.ink.shape[1] + _BETWEEN for part in parts) - _BETWEEN, 0
        column = border + int(rng.integers(max(1, width - used)))
        for part in (parts[i] for i in rng.permutation(len(parts))):
            image[:, column : column + part.ink.shape[1]] = part.ink
            text[place : place + len(part.label)] = part.label
            column, place = column + part.ink.shape[1] + _BETWEEN, place + len(part.label)
    return shown, texts


class _Part(NamedTuple):
    ink: np.ndarray
    label: np.ndarray


def _cropped(strip: np.ndarray, label: np.ndarray) -> _Part:
    columns = np.flatnonzero(strip.any(axis=(0, 2)))
    return _Part(strip[:, columns[0] : columns[-1] + 1] if len(columns) else strip[:, :0], label[label >= 0])


def _in_bins(parts: list[_Part], width: int) -> list[list[_Part]]:
    bins: list[tuple[int, int, list[_Part]]] = []  # columns and symbols that are used, and what uses them
    for part in sorted(parts, key=lambda each: -each.ink.shape[1]):
        needed, symbols = part.ink.shape[1] + _BETWEEN, len(part.label)
        fits = [
            n for n, (used, count, _) in enumerate(bins) if used + needed <= width and count + symbols <= _MOST_SYMBOLS
        ]
        if fits:
            best = max(fits, key=lambda n: bins[n][0])
            used, count, own = bins[best]
            bins[best] = used + needed, count + symbols, [*own, part]
        else:
            bins.append((needed, symbols, [part]))
    return [own for _, _, own in bins]
