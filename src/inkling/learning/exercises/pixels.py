"""The tests of the exercise on images as rows of numbers."""

from __future__ import annotations

import numpy as np

from inkling.learning.answer import Answer
from inkling.learning.comparison import FLOAT32_TOLERANCE, expect, expect_dtype, expect_shape
from inkling.learning.exercises.exercise import Exercise, Test
from inkling.learning.exercises.inputs import digit_images, digit_rows

SMALL = np.array([[[0, 255, 51], [102, 0, 255]], [[255, 0, 0], [0, 51, 204]]], np.uint8)


def _shape(answer: Answer) -> None:
    expect_shape("to_rows(images)", answer("to_rows", images=digit_images()[:5]), (5, 784))


def _small(answer: Answer) -> None:
    expected = np.array([[0, 1, 0.2, 0.4, 0, 1], [1, 0, 0, 0, 0.2, 0.8]])
    mistakes = {
        "Pixels are 0 to 255: divide by 255.": 255 * expected,
        "The largest pixel is 255, and becomes 1: divide by 255, not by 256.": expected * 255 / 256,
        "Integers were divided: // leaves 0 and 1 only.": np.floor(expected),
        "A row has to hold the first row of the image, then the second.": expected.reshape(2, 2, 3)
        .swapaxes(1, 2)
        .reshape(2, 6),
    }
    given = {"images": SMALL}
    came = answer("to_rows", **given)
    expect("to_rows(images)", came, expected, given, mistakes=mistakes, tolerance=FLOAT32_TOLERANCE)


def _dtype(answer: Answer) -> None:
    expect_dtype("to_rows(images)", answer("to_rows", images=SMALL), np.float32)


def _digits(answer: Answer) -> None:
    rows = answer("to_rows", images=digit_images()[:100])
    expect("to_rows(images)", rows, digit_rows(100), tolerance=FLOAT32_TOLERANCE)


EXERCISE = Exercise(
    "Images as rows of numbers",
    "1-pixels.md",
    "pixels",
    (
        Test("a digit of 28×28 becomes a row of 784", _shape),
        Test("two small images of 2×3", _small),
        Test("the rows are made of float32", _dtype),
        Test("a hundred digits", _digits),
    ),
)
