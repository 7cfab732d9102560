"""The tests of the exercise on `LeakyReLU`."""

from __future__ import annotations

import numpy as np

from inkling.learning.answer import Answer
from inkling.learning.comparison import FLOAT32_TOLERANCE, expect, expect_dtype
from inkling.learning.exercises.exercise import Exercise, Test
from inkling.learning.exercises.inputs import normal
from inkling.learning.single_layer import layer_pass
from inkling.learning.solutions.gradient import numeric_gradient
from inkling.nn import LeakyReLU

X = np.array([[2.0, -3.0], [-0.5, 4.0]])
DY = np.array([[1.0, 2.0], [-1.0, 5.0]])
SLOPE = 0.1


def _forward(answer: Answer) -> None:
    given = {"x": X, "negative_slope": SLOPE}
    mistakes = {
        "That is ReLU: below 0, y is negative_slope times x.": np.maximum(X, 0),
        "Below 0, y is negative_slope times x, not negative_slope.": np.where(X > 0, X, SLOPE),
    }
    expect("y", answer("leaky_relu_forward", **given), layer_pass(LeakyReLU(SLOPE), X, DY).y, given, mistakes=mistakes)


def _backward(answer: Answer) -> None:
    given = {"x": X, "dy": DY, "negative_slope": SLOPE}
    mistakes = {
        "That is the gradient of ReLU: below 0, the slope is negative_slope.": np.where(X > 0, DY, 0),
        "That is the slope of each number; times dy, it is dx.": np.where(X > 0, 1, SLOPE),
        "What decides is the sign of x, not that of dy.": np.where(DY > 0, DY, SLOPE * DY),
        "That is dy times y; the slope is wanted, 1 or negative_slope.": DY * np.where(X > 0, X, SLOPE * X),
    }
    expected = layer_pass(LeakyReLU(SLOPE), X, DY).dx
    expect("dx", answer("leaky_relu_backward", **given), expected, given, mistakes=mistakes)


def _images(answer: Answer) -> None:
    x, dy = normal(3, 5, 4, 2), normal(3, 5, 4, 2, seed=1)
    of_layer = layer_pass(LeakyReLU(0.2), x, dy)
    expect("y", answer("leaky_relu_forward", x=x, negative_slope=0.2), of_layer.y)
    expect("dx", answer("leaky_relu_backward", x=x, dy=dy, negative_slope=0.2), of_layer.dx)


def _gradient(answer: Answer) -> None:
    x, dy = normal(4, 6), normal(4, 6, seed=1)
    numeric = numeric_gradient(
        lambda moved: float(np.vdot(dy, answer("leaky_relu_forward", x=moved, negative_slope=0.3))), x
    )
    expect("dx", answer("leaky_relu_backward", x=x, dy=dy, negative_slope=0.3), numeric)


def _float32(answer: Answer) -> None:
    x, dy = X.astype(np.float32), DY.astype(np.float32)
    y = answer("leaky_relu_forward", x=x, negative_slope=SLOPE)
    expect_dtype("y", y, np.float32)
    expect("y", y, layer_pass(LeakyReLU(SLOPE), X, DY).y, tolerance=FLOAT32_TOLERANCE)
    expect_dtype("dx", answer("leaky_relu_backward", x=x, dy=dy, negative_slope=SLOPE), np.float32)


EXERCISE = Exercise(
    "LeakyReLU and its gradient",
    "4-activations.md",
    "activations",
    (
        Test("y of four numbers", _forward),
        Test("dx of four numbers", _backward),
        Test("arrays of images give what inkling.nn.LeakyReLU gives", _images),
        Test("the gradient passes the gradient check", _gradient),
        Test("float32 in, float32 out", _float32),
    ),
)
