"""The tests of the exercise on `Linear`."""

from __future__ import annotations

import numpy as np

from inkling.learning.answer import Answer
from inkling.learning.comparison import FLOAT32_TOLERANCE, expect, expect_dtype, expect_parts, expect_shape
from inkling.learning.exercises.exercise import Exercise, Test
from inkling.learning.exercises.inputs import digit_rows, normal
from inkling.learning.single_layer import layer_pass
from inkling.learning.solutions.gradient import numeric_gradient
from inkling.nn import Linear

PARTS = ("dW", "db", "dx")
SMALL = {"x": np.array([[1.0, 2.0], [0.0, -1.0]]), "W": np.array([[1.0, 0.0, 2.0], [3.0, -1.0, 0.0]])}
BIAS = np.array([0.5, 0.0, -0.5])
DY = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]])


def _shape(answer: Answer) -> None:
    expect_shape("y", answer("linear_forward", x=normal(4, 3), W=normal(3, 2), b=normal(2)), (4, 2))


def _small_forward(answer: Answer) -> None:
    given = SMALL | {"b": BIAS}
    expected = layer_pass(Linear(3), SMALL["x"], DY, weight=SMALL["W"], bias=BIAS).y
    without = {"It is x W: is b missing?": expected - BIAS}
    expect("y", answer("linear_forward", **given), expected, given, mistakes=without)


def _small_backward(answer: Answer) -> None:
    given = SMALL | {"dy": DY}
    of_layer = layer_pass(Linear(3), SMALL["x"], DY, weight=SMALL["W"], bias=BIAS)
    expected = [of_layer.gradients["weight"], of_layer.gradients["bias"], of_layer.dx]
    mean = {"It is the mean over the rows: b is added to every row, so that db is the sum.": DY.mean(axis=0)}
    expect_parts(PARTS, answer("linear_backward", **given), expected, given, rows=2, mistakes=mean)


def _digits(answer: Answer) -> None:
    x, W, b, dy = digit_rows(8), normal(784, 10), normal(10), normal(8, 10)
    of_layer = layer_pass(Linear(10), x, dy, weight=W, bias=b)
    expect("y", answer("linear_forward", x=x, W=W, b=b), of_layer.y)
    expected = [of_layer.gradients["weight"], of_layer.gradients["bias"], of_layer.dx]
    expect_parts(PARTS, answer("linear_backward", x=x, W=W, dy=dy), expected)


def _gradient(answer: Answer) -> None:
    x, W, b, dy = normal(3, 4), normal(4, 2), normal(2), normal(3, 2)
    numeric = [
        numeric_gradient(lambda moved: float(np.vdot(dy, answer("linear_forward", x=x, W=moved, b=b))), W),
        numeric_gradient(lambda moved: float(np.vdot(dy, answer("linear_forward", x=x, W=W, b=moved))), b),
        numeric_gradient(lambda moved: float(np.vdot(dy, answer("linear_forward", x=moved, W=W, b=b))), x),
    ]
    expect_parts(PARTS, answer("linear_backward", x=x, W=W, dy=dy), numeric)


def _float32(answer: Answer) -> None:
    x, W, b, dy = (each.astype(np.float32) for each in (normal(3, 4), normal(4, 2), normal(2), normal(3, 2)))
    y = answer("linear_forward", x=x, W=W, b=b)
    expect_dtype("y", y, np.float32)
    expect("y", y, x.astype(np.float64) @ W + b, tolerance=FLOAT32_TOLERANCE)
    for name, each in zip(PARTS, answer("linear_backward", x=x, W=W, dy=dy), strict=True):
        expect_dtype(name, each, np.float32)


EXERCISE = Exercise(
    "Linear and its gradient",
    "3-linear.md",
    "linear",
    (
        Test("y has a row per image and a column per output", _shape),
        Test("y of two small rows", _small_forward),
        Test("dW, db and dx of two small rows", _small_backward),
        Test("eight digits give what inkling.nn.Linear gives", _digits),
        Test("the gradients pass the gradient check", _gradient),
        Test("float32 in, float32 out", _float32),
    ),
)
