"""The layout of a row: digits side by side with gaps or touching, on a line that is not quite straight, and marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from inkling.classes import OTHER
from inkling.synthesis.alphabet import LETTERS, SYMBOLS, strokes_of
from inkling.synthesis.pen import Stroke, fit, ink, unsteady
from inkling.synthesis.rows.hand import Figure, Hands, figure_of, placed

# Symbols that are as high as digits; dots, dashes and equals signs are marks, which have no place in a text.
_UPRIGHT_SYMBOLS = {each: SYMBOLS[each] for each in "+%#@?€$£*√<>[]"}
_ROW_LETTERS = {letter: strokes for letter, strokes in LETTERS.items() if letter not in "Pp"}  # Some people's nines.
_WITH_POINTS = 0.2  # share of rows that have a mark at each thousand
_WITH_END = 0.25  # share of rows that end in a mark, as amounts do: "-", "=", ".-"
_LEAST_GAP = -0.16  # between digits, in heights of a digit; below 0 they overlap
_GAP_SPREAD = 0.08  # the greatest standard deviation of gaps in a row, in the same heights


@dataclass(frozen=True)
class Laid:
    """A row of digits as ink, and where its digits are.

    Attributes
    ----------
    ink : float32 (H, W), 0 to 1.
    text : the digits.
    boxes : of each digit, (left, top, right, bottom) in pixels.
    height : of a usual digit, pixels.
    """

    ink: np.ndarray
    text: str
    boxes: np.ndarray
    height: float


class _Line:
    """The ink of a row as it is written, part by part, from left to right."""

    def __init__(self, height: float, unsteadiness: float, rng: np.random.Generator) -> None:
        self.height, self.unsteadiness, self.rng = height, unsteadiness, rng
        self.slant, self.stretch = 0.0, 1.0  # of digits
        self.parts: list[_Part] = []
        self.end = 0.0

    def add_digit(self, figure: Figure, high: float, middle: float, gap: float) -> None:
        shear = np.clip(self.slant - figure.slant, -0.8, 0.8) * 0.9 + self.rng.normal(0, 0.3 * self.unsteadiness)
        self._add(figure, high, middle, gap, self.stretch, shear, is_digit=True)

    def add_mark(self, figure: Figure, high: float, middle: float, gap: float) -> None:
        self._add(figure, high, middle, gap, 1.0, 0.0, is_digit=False)

    def _add(
        self, figure: Figure, high: float, middle: float, gap: float, stretch: float, shear: float, *, is_digit: bool
    ) -> None:
        drawn = placed(figure, high, stretch, shear, self.rng.normal(0, 0.4 * self.unsteadiness))
        if (drawn > 0.2).any():
            drawn = drawn[np.ix_(drawn.max(axis=1) > 0.2, drawn.max(axis=0) > 0.2)]
        self.end += gap * self.height
        self.parts.append(_Part(drawn, self.end, middle - len(drawn) / 2, is_digit))
        self.end += drawn.shape[1]


class _Part(NamedTuple):
    """Ink, float32 (H, W), and where its left upper corner is."""

    ink: np.ndarray
    left: float
    top: float
    is_digit: bool


def lay(hands: Hands, text: str, height: float, rng: np.random.Generator) -> Laid:
    """Write a text with digits about so many pixels high."""
    slant, stretch, width = rng.normal(-0.15, 0.2), rng.uniform(0.75, 1.25), rng.beta(1.2, 1.2)
    unsteadiness, jitter = rng.uniform(0.02, 0.12), rng.uniform(0, 0.12)
    gap, spread = rng.choice([rng.uniform(_LEAST_GAP, 0.12), rng.uniform(0, 0.5)]), rng.uniform(0, _GAP_SPREAD)
    with_points, apart = rng.random() < _WITH_POINTS, rng.choice([0.0, 0.25], p=[0.8, 0.2])
    rise, wave = rng.normal(0, 0.02), rng.uniform(0, 0.06)
    line = _Line(height, unsteadiness, rng)
    line.slant, line.stretch = slant, stretch
    for number, character in enumerate(text):
        if number and (rng.random() < 0.04 or (with_points and (len(text) - number) % 3 == 0)):
            _mark(line, at_end=False)
        high = height * float(np.exp(rng.normal(0, 0.7 * unsteadiness)))
        own = gap + rng.normal(0, spread)
        if rng.random() < apart:
            own += rng.uniform(0.3, 1.5)
        middle = rise * line.end + height * (wave * np.sin(line.end / (3 * height)) + rng.normal(0, jitter))
        if character == OTHER:
            figure, times = _other(0.07 + 0.1 * width, 0 < number < len(text) - 1, rng)
            line.add_digit(figure, times * high, middle, (own if number else 0.0) + 0.05)
        else:
            line.add_digit(hands.digit(int(character), width, rng), high, middle, own if number else 0.0)
    if rng.random() < _WITH_END:
        for _ in range(int(rng.integers(1, 3))):
            _mark(line, at_end=True)
    return _joined(line.parts, text, height)


def _other(pen: float, is_between: bool, rng: np.random.Generator) -> tuple[Figure, float]:
    """A letter, a symbol or, between digits, a slash or a vertical line; and its height over that of a digit."""
    kind = rng.choice(["letter", "symbol", "slash"], p=[0.5, 0.25, 0.25] if is_between else [0.65, 0.35, 0])
    if kind == "slash":
        lean, times = rng.choice([0.0, rng.uniform(0.35, 0.8)]), rng.uniform(1.3, 1.8)
        strokes = [Stroke(np.array([[lean * 8, 0.0], [0.0, 8.0]]))]
        return figure_of(ink(*fit(unsteady(strokes, rng), 0.6 * pen))), times
    if kind == "letter":
        table, times = _ROW_LETTERS, rng.uniform(0.7, 1.3)
    else:
        table, times = _UPRIGHT_SYMBOLS, rng.uniform(0.6, 1.1)
    lines = unsteady(strokes_of(table[rng.choice(list(table))]), rng)
    return figure_of(ink(*fit(lines, pen))), times


def _mark(line: _Line, *, at_end: bool) -> None:
    """A dot, a comma, a dash or, at the end, a symbol: ink that is no digit."""
    rng, height = line.rng, line.height
    kind = rng.choice(["dot", "comma", "dash", "symbol"], p=[0.35, 0.2, 0.3, 0.15] if at_end else [0.5, 0.3, 0.2, 0])
    if kind == "dot":
        drawn, high, middle = np.ones((3, 3), np.float32), height * rng.uniform(1, 2.2), 0.42 * height
    elif kind == "comma":
        drawn, high, middle = np.tri(5, 3, dtype=np.float32)[::-1], height * rng.uniform(0.8, 1.4), 0.5 * height
    elif kind == "dash":
        drawn, high, middle = np.ones((2, int(rng.integers(6, 14))), np.float32), height, rng.normal(0, 0.1) * height
    else:
        lines = unsteady(strokes_of(SYMBOLS["="]), rng)
        drawn, high, middle = ink(*fit(lines, rng.uniform(0.07, 0.15))), height * rng.uniform(0.4, 0.9), 0.0
    line.add_mark(figure_of(np.pad(drawn, 1)), high, middle, rng.uniform(0.08, 0.4))


def _joined(parts: list[_Part], text: str, height: float) -> Laid:
    margin = int(0.6 * height) + 3
    left, top = margin, margin - min(part.top for part in parts)
    bottom = max(part.top + len(part.ink) for part in parts)
    right = max(part.left + part.ink.shape[1] for part in parts)
    canvas = np.zeros((int(top + bottom) + margin, int(left + right) + margin), np.float32)
    boxes = []
    for drawn, x, y, is_digit in parts:
        x0, y0 = max(0, round(x + left)), round(y + top)
        place = canvas[y0 : y0 + len(drawn), x0 : x0 + drawn.shape[1]]
        np.maximum(place, drawn[: place.shape[0], : place.shape[1]], out=place)
        if is_digit:
            boxes.append((x0, y0, x0 + drawn.shape[1], y0 + len(drawn)))
    return Laid(canvas, text, np.array(boxes, float), height)
