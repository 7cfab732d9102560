"""The tests of the exercise on the numeric gradient."""

from __future__ import annotations

import numpy as np

from inkling.learning.answer import Answer
from inkling.learning.comparison import expect, expect_shape
from inkling.learning.exercises.exercise import Exercise, Test
from inkling.learning.exercises.inputs import digit_rows, normal
from inkling.nn import softmax_cross_entropy

STEP = 1e-3


def _product(x: np.ndarray) -> float:
    return float(x[0] * x[1] + x[1] * x[1] * x[2])


def _shape(answer: Answer) -> None:
    x = normal(2, 3)
    came = answer("numeric_gradient", f=lambda moved: float((moved**2).sum()), x=x, h=STEP)
    expect_shape("numeric_gradient(f, x, h)", came, (2, 3))


def _small(answer: Answer) -> None:
    x = np.array([2.0, 3.0, -1.0])
    expected = np.array([x[1], x[0] + 2 * x[1] * x[2], x[1] ** 2])
    forward = expected + STEP * np.array([0.0, x[2], 0.0])  # half of the second derivatives
    mistakes = {
        "The difference of f(x + h) and f(x − h) is over 2h, not over h.": 2 * expected,
        "That is (f(x + h) − f(x)) / h; take f(x − h) in place of f(x), and 2h in place of h.": forward,
        "f(x − h) is subtracted, not f(x).": forward / 2,
    }
    given = {"f": "x[0] * x[1] + x[1] * x[1] * x[2]", "x": x, "h": STEP}
    came = answer("numeric_gradient", f=_product, x=x, h=STEP)
    expect("numeric_gradient(f, x, h)", came, expected, given, mistakes=mistakes)


def _step(answer: Answer) -> None:
    """The error of a central difference of x³ is h², whatever x."""
    expected = np.array([3 * 2.0**2 + 0.5**2])
    mistakes = {"The step is not h: use the argument.": np.array([12.0])}
    given = {"f": "x[0] ** 3", "x": np.array([2.0]), "h": 0.5}
    came = answer("numeric_gradient", f=lambda moved: float(moved[0] ** 3), x=np.array([2.0]), h=0.5)
    expect("numeric_gradient(f, x, h)", came, expected, given, mistakes=mistakes)


def _softmax(answer: Answer) -> None:
    x, labels = digit_rows(3), np.array([0, 1, 2])
    weights = normal(784, 10) * 0.05
    logits = x @ weights
    expected = np.empty_like(logits)
    softmax_cross_entropy(logits, labels, expected)
    came = answer("numeric_gradient", f=lambda moved: softmax_cross_entropy(moved, labels), x=logits, h=1e-5)
    expect("the gradient of the cross-entropy", came, expected)


EXERCISE = Exercise(
    "The gradient of any function, by differences",
    "2-gradient.md",
    "gradient",
    (
        Test("the gradient has the shape of x", _shape),
        Test("three numbers that f multiplies with each other", _small),
        Test("the step is h", _step),
        Test("the cross-entropy of three digits, as inkling.nn has it", _softmax),
    ),
)
