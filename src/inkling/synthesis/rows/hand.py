"""A hand: all digits of a row have one slant, about one size and one width of stroke, as one writer's have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PIL import Image

from inkling.data.dataset import Dataset
from inkling.ink.thin import stroke_width
from inkling.synthesis.alphabet import strokes_of
from inkling.synthesis.pen import fit, ink, unsteady
from inkling.synthesis.rows.styles import DRAWN, ROW_STYLES

_SAME_WIDTH = 0.12  # A hand takes digits whose strokes are among this share of all, in order of their width.
_CROSSED = 0.5  # This share of the sevens that are not drawn gets a bar.
_SIDE = 20  # pixels; the longer side of a digit of MNIST


@dataclass(frozen=True)
class Figure:
    """The ink of one digit in its box, float32 (H, W) from 0 to 1, and its slant in columns per row downwards."""

    ink: np.ndarray
    slant: float


class Hands:
    """Writers, made of digits with labels: each takes digits of a similar width of stroke."""

    def __init__(self, digits: Dataset) -> None:
        assert digits.labels is not None
        self.images, self.labels = digits.images, digits.labels

    @cached_property
    def _by_width(self) -> list[np.ndarray]:
        """Of each digit, the rows of its images in the order of their width of stroke."""
        widths = np.array([stroke_width(image / 255) for image in self.images])
        return [rows[np.argsort(widths[rows], kind="stable")] for rows in self._rows]

    @cached_property
    def _rows(self) -> list[np.ndarray]:
        return [np.flatnonzero(self.labels == digit) for digit in range(10)]

    def digit(self, digit: int, width: float, rng: np.random.Generator) -> Figure:
        """A digit whose stroke has a place from 0, the thinnest, to 1 among those of all digits of its class."""
        if rng.random() < DRAWN.get(digit, 0.0):
            return _drawn(digit, width, rng)
        rows = self._by_width[digit]
        place = np.clip(width + rng.uniform(-0.5, 0.5) * _SAME_WIDTH, 0, 1)
        image = self.images[rows[int(place * (len(rows) - 1))]].astype(np.float32) / 255
        return figure_of(_crossed(image, rng) if digit == 7 and rng.random() < _CROSSED else image)


def _crossed(seven: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A seven (28, 28) with a bar across its stem."""
    inked = np.flatnonzero(seven.max(axis=1) > 0.5)
    y = inked[0] + rng.uniform(0.4, 0.72) * len(inked)
    row = seven[int(y)]
    x = float(row @ np.arange(len(row))) / max(float(row.sum()), 1e-6) + 0.5
    left, right = rng.uniform(2.5, 7.5, 2)
    tilt = rng.uniform(-0.35, 0.15)
    bar = np.array([[x - left, y - tilt * left], [x + right, y + tilt * right]])
    return np.maximum(seven, ink([bar], stroke_width(seven) * rng.uniform(0.7, 1.1)))


def _drawn(digit: int, width: float, rng: np.random.Generator) -> Figure:
    styles = ROW_STYLES[digit]
    lines = unsteady(strokes_of(styles[rng.integers(len(styles))]), rng)
    return figure_of(ink(*fit(lines, 0.07 + 0.1 * width)))


def figure_of(image: np.ndarray) -> Figure:
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    cropped = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Figure(cropped, _slant(cropped))


def _slant(ink: np.ndarray) -> float:
    """Columns to the right per row downwards, by second moments."""
    total = ink.sum()
    y, x = np.arange(len(ink)), np.arange(ink.shape[1])
    my, mx = ink.sum(axis=1) @ y / total, ink.sum(axis=0) @ x / total
    variance = ink.sum(axis=1) @ (y - my) ** 2 / total
    covariance = (y - my) @ ink @ (x - mx) / total
    return float(covariance / max(variance, 1.0))


def placed(figure: Figure, height: float, stretch: float, shear: float, turn: float) -> np.ndarray:
    """The figure `height` pixels high for 20 pixels of MNIST's, sheared and turned: float32 (H, W) from 0 to 1.

    `stretch` is width over height of what was square; `shear` in columns per row downwards, `turn` in radians.
    """
    scale = height / _SIDE
    c, s = np.cos(turn), np.sin(turn)
    forward = np.array([[c, s], [-s, c]]) @ np.array([[stretch, shear * stretch], [0, 1]]) * scale
    h, w = figure.ink.shape
    corners = np.array([[x, y] for x in (-w / 2, w / 2) for y in (-h / 2, h / 2)]) @ forward.T
    out_w, out_h = (int(np.ceil(np.ptp(corners[:, axis]))) + 4 for axis in (0, 1))
    back = np.linalg.inv(forward)
    offset = np.array([w / 2, h / 2]) - back @ [out_w / 2, out_h / 2]
    padded = Image.fromarray(np.pad(figure.ink, 2))
    data = (back[0, 0], back[0, 1], offset[0] + 2, back[1, 0], back[1, 1], offset[1] + 2)
    if scale < 0.7:  # area averaging: draw it twice as large, and average
        half = placed(figure, 2 * height, stretch, shear, turn)
        half = np.pad(half, [(0, side % 2) for side in half.shape])
        return half.reshape(len(half) // 2, 2, -1, 2).mean(axis=(1, 3))
    drawn = np.asarray(padded.transform((out_w, out_h), Image.Transform.AFFINE, data, Image.Resampling.BILINEAR))
    sharpness = max(1.0, 0.8 * scale)
    return ((drawn - 0.5) * sharpness + 0.5).clip(0, 1)
