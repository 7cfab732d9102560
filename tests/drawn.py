"""Handwriting that tests draw themselves: numbers of embedded digits, by writers whom no model has seen, on any paper.

Ink is float32 (H, W) from 0 to 1; a box is (x, y, width, height).
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from PIL import Image

from inkling.data.digits import read_digits
from inkling.data.square_digits import enlarge

Box = tuple[int, int, int, int]

MARGIN = 30  # pixels around a number
_TEST_ROWS = 1437  # and up
_CELL = 16  # levels of the embedded digits
_TIMES = 4  # pixels of a glyph per pixel of an embedded digit
_GROUND = 0.2  # what is fainter is the halo of enlarging


@cache
def glyphs() -> tuple[np.ndarray, np.ndarray]:
    """Ink (360, 48, 48) of the embedded digits' test rows, and labels."""
    images, labels = (values[_TEST_ROWS:] for values in read_digits())
    return ((enlarge(images, _TIMES) / _CELL - _GROUND) / (1 - _GROUND)).clip(0, 1), labels


def resized(ink: np.ndarray, height: int, width: int) -> np.ndarray:
    """Of another size, smoothly; without what that adds around."""
    large = Image.fromarray(ink.astype(np.float32)).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(large).clip(0, 1) * (np.asarray(large) > 0.02)


def trimmed(ink: np.ndarray) -> np.ndarray:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def glyph(row: int, height: int = 48) -> np.ndarray:
    """The ink of one embedded digit, so high, without a margin."""
    ink = trimmed(glyphs()[0][row])
    return trimmed(resized(ink, height, max(1, round(ink.shape[1] * height / ink.shape[0]))))


def slanted(ink: np.ndarray, slant: float) -> np.ndarray:
    """Leaning to the right by `slant` columns per row."""
    room = int(abs(slant) * len(ink)) + 2
    wide = np.pad(ink, ((0, 0), (room, room)))
    matrix = (1, slant, -slant * (len(ink) - 1) / 2, 0, 1, 0)
    image = Image.fromarray(wide).transform(wide.shape[::-1], Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
    return trimmed(np.asarray(image))


def side_by_side(inks: Sequence[np.ndarray], gaps: Sequence[float], rise: float = 0) -> tuple[np.ndarray, list[Box]]:
    """Ink of several on one base line, and the box of each.

    gaps : pixels from each to the next; less than 0 where their boxes overlap.
    rise : rows per column that the base line rises.
    """
    widths = [ink.shape[1] + gap for ink, gap in zip(inks, [*gaps, 0], strict=True)]
    lefts = np.rint(np.cumsum([0, *widths[:-1]])).astype(int)
    tops = [-len(ink) - round(rise * left) for ink, left in zip(inks, lefts.tolist(), strict=True)]
    boxes = [
        (left + MARGIN, top - min(tops) + MARGIN, ink.shape[1], len(ink))
        for ink, left, top in zip(inks, lefts.tolist(), tops, strict=True)
    ]
    size = max(y + h for _, y, _, h in boxes) + MARGIN, max(x + w for x, _, w, _ in boxes) + MARGIN
    canvas = np.zeros(size, np.float32)
    for ink, (x, y, width, height) in zip(inks, boxes, strict=True):
        place = canvas[y : y + height, x : x + width]
        np.maximum(place, ink, out=place)
    return canvas, boxes


def levels(ink: np.ndarray) -> np.ndarray:
    """As a drawing: black on white, float32 (H, W)."""
    return np.rint(255 - 255 * ink).astype(np.float32)


def on_paper(
    ink: np.ndarray, rng: np.random.Generator, light: np.ndarray | float = 1, depth: float = 0.7
) -> np.ndarray:
    """As a photo: noisy paper in that light (H, W), float32 (H, W)."""
    seen = 220 * light * (1 - depth * ink) + rng.normal(0, 4, ink.shape)
    return np.rint(seen).clip(0, 255).astype(np.float32)


def fading(shape: tuple[int, ...], least: float = 0.6) -> np.ndarray:
    """Light (H, W) that falls off towards the lower right corner."""
    return 1 - (1 - least) * np.linspace(0, 1, shape[0])[:, None] * np.linspace(0, 1, shape[1])
