"""Digits in styles that MNIST lacks. Its writers are from the United States; in many other countries a 1 has a long
upstroke and a 7 is crossed. A network that has only seen MNIST takes such a 1 for a 7.
"""

from __future__ import annotations

import numpy as np

from inkling.ink.normalization import DIGIT_SHAPE
from inkling.synthesis.alphabet import strokes_of
from inkling.synthesis.pen import write

# Digit → its styles. A style is strokes in the notation of `alphabet.py`: points xy, and ~ before a curve.
STYLES = {
    1: (
        "04-30-38",
        "05-40-48",
        "07-50-58",
        "~05-23-40 40-48",
        "03-30-38 18-58",
        "04-40-48 08-78",
        "02-20-28 08-48",
    ),
    7: (
        "00-60-28 14-64",
        "00-60-38 15-65",
        "02-00-60-28 14-54",
        "~02-11-21-50 50-28 14-54",
        "02-10-60-38",
        "~01-20-40-60 60-44-38 15-65",
        "~02-10-21-51-60 60-45-38",
    ),
    4: ("00-04-64 50-58", "40-05-65 45-48"),
    9: ("~52-30-11-13-34-52 50-58", "~52-30-11-13-34-52 52-28"),
}
SHARES = {1: 0.5, 7: 0.35, 4: 0.08, 9: 0.07}  # Digit → its fraction of the drawn digits; they add up to 1.


def drawn_digits(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Digits drawn by an unsteady pen, normalised: uint8 (n, 28, 28), and their labels int64 (n,)."""
    labels = rng.choice(list(SHARES), n, p=list(SHARES.values()))
    images = np.zeros((n, *DIGIT_SHAPE), np.uint8)
    for image, label in zip(images, labels, strict=True):
        styles = STYLES[int(label)]
        image[...] = write(strokes_of(styles[rng.integers(len(styles))]), rng)
    return images, labels
