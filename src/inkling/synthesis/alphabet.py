"""Letters and symbols that nobody takes for a digit, as strokes of our own drawing.

A stroke is a sequence of points, each of two figures: x from the left, y from the top. A tilde in front makes it a
curve.

Left out, since some people write a digit so: D O o Q (0), I i l j ! | / \\ ( ) (1), Z z (2), } (3), Y (4), S s (5), b G
(6), B & (8), g q y (9). Capitals and small letters of one shape (Cc, Vv, …) are there once.
"""

from __future__ import annotations

import numpy as np

from inkling.data.dataset import Dataset
from inkling.synthesis.pen import Stroke, write

LETTERS = {
    "A": "08-30-68 15-55",
    "C": "~51-30-11-04-17-38-57",
    "E": "50-00-08-58 04-44",
    "F": "50-00-08 04-44",
    "H": "00-08 60-68 04-64",
    "J": "10-60 ~40-46-28-06",
    "K": "00-08 50-04-58",
    "L": "00-08-58",
    "M": "08-00-35-60-68",
    "N": "08-00-68-60",
    "P": "00-08 ~00-40-52-44-04",
    "R": "00-08 ~00-40-52-44-04 24-58",
    "T": "00-60 30-38",
    "U": "~00-05-28-58-75-70",
    "V": "00-38-60",
    "W": "00-28-42-68-80",
    "X": "00-68 60-08",
    "a": "~53-32-04-07-28-56 53-56-68",
    "d": "~54-34-05-07-28-57 50-58",
    "e": "~05-55-53-32-13-06-18-38-57",
    "f": "~50-31-33-38 13-53",
    "h": "00-08 ~05-23-44-48",
    "k": "00-08 43-05-48",
    "m": "04-08 ~05-24-36-38 ~36-54-66-68",
    "n": "04-08 ~05-24-46-48",
    "p": "03-09 ~04-23-44-46-27-06",
    "r": "03-08 ~05-23-44",
    "t": "~20-26-38-57 03-53",
    "u": "~03-06-28-46-43 43-48",
    "w": "~00-06-28-44-68-86-80",
    "α": "~72-47-28-05-32-46-78",
    "λ": "00-68 34-08",
    "π": "00-80 20-28 60-68",
    "Δ": "08-40-88-08",
}
SYMBOLS = {
    "+": "03-63 30-36",
    "-": "00-60",
    "±": "02-62 30-34 06-66",
    "÷": "03-63 30 36",
    "=": "00-60 03-63",
    "≠": "02-62 05-65 50-17",
    "%": "80-08 ~10-21-12-01-10 ~76-87-78-67-76",
    "@": "~64-43-25-46-64 64-66 ~66-85-72-40-12-05-18-49-78",
    "#": "20-18 60-58 02-82 06-86",
    "?": "~02-20-42-34-26 28",
    "[": "30-00-08-38",
    "]": "00-30-38-08",
    "{": "~30-11-13-04-15-17-38",
    "<": "60-03-66",
    ">": "00-63-06",
    "*": "30-36 01-65 61-05",
    "~": "~03-20-43-60",
    "^": "03-30-63",
    ":": "00 05",
    '"': "00-03 20-23",
    "€": "~50-30-12-16-38-58 03-43 05-45",
    "$": "~61-31-02-34-66-37-07 30-39",
    "£": "~50-30-22-26-08 08-58 04-44",
    "¥": "00-33-60 33-38 14-54 16-56",
    "√": "04-14-28-60-90",
    "✓": "04-28-70",
    "→": "03-83 50-83-56",
    "☆": "18-40-78-03-83-18",
    "♥": "~42-21-02-25-48-65-82-61-42",
    "∞": "~42-20-02-24-42-60-82-64-42",
}


def strokes_of(text: str) -> list[Stroke]:
    """The strokes that an entry of the tables stands for."""
    return [
        Stroke(np.array([list(map(int, point)) for point in stroke.lstrip("~").split("-")], float), stroke[0] == "~")
        for stroke in text.split()
    ]


_LETTERS, _SYMBOLS = (list(map(strokes_of, table.values())) for table in (LETTERS, SYMBOLS))


def letter(_: Dataset, rng: np.random.Generator) -> np.ndarray:
    """A letter: uint8 (28, 28)."""
    return write(_LETTERS[rng.integers(len(_LETTERS))], rng)


def symbol(_: Dataset, rng: np.random.Generator) -> np.ndarray:
    """A symbol: uint8 (28, 28)."""
    return write(_SYMBOLS[rng.integers(len(_SYMBOLS))], rng)
