"""The tests of the exercise on max pooling."""

from __future__ import annotations

import numpy as np

from inkling.learning.answer import Answer
from inkling.learning.comparison import expect, expect_shape
from inkling.learning.exercises.exercise import Exercise, Test
from inkling.learning.exercises.inputs import digit_images, normal
from inkling.learning.single_layer import layer_pass
from inkling.learning.solutions.gradient import numeric_gradient
from inkling.nn import AvgPool2d, MaxPool2d

IMAGE = np.array([[1.0, 2.0, 0.0, 4.0], [3.0, -1.0, 5.0, 1.0], [-2.0, -3.0, 0.0, 0.5], [-4.0, -1.0, 2.0, 1.0]])
DY = np.array([[1.0, 2.0], [3.0, -1.0]])


def _as_images(numbers: np.ndarray) -> np.ndarray:
    return numbers[np.newaxis, :, :, np.newaxis]


def _shape(answer: Answer) -> None:
    y = answer("max_pool_forward", x=normal(2, 7, 9, 3), K=3)
    expect_shape("y", y, (2, 2, 3, 3), "7 rows hold two whole squares of 3; the row that is left over is left out.")


def _forward(answer: Answer) -> None:
    x = _as_images(IMAGE)
    given = {"x": IMAGE, "K": 2}
    mistakes = {
        "Those are the means of the squares.": layer_pass(AvgPool2d(2), x, _as_images(DY)).y,
        "Those are the minima.": -layer_pass(MaxPool2d(2), -x, _as_images(DY)).y,
        "A square whose pixels are all below 0 has a maximum below 0.": _as_images(np.array([[3.0, 5.0], [0.0, 2.0]])),
        "That takes every second pixel, not squares of pixels that lie together.": x.reshape(1, 2, 2, 2, 2, 1).max(
            axis=(1, 3)
        ),
    }
    expected = layer_pass(MaxPool2d(2), x, _as_images(DY)).y
    expect("y", answer("max_pool_forward", x=x, K=2), expected, given, mistakes=mistakes)


def _backward(answer: Answer) -> None:
    x, dy = _as_images(IMAGE), _as_images(DY)
    given = {"x": IMAGE, "dy": DY, "K": 2}
    expected = layer_pass(MaxPool2d(2), x, dy).dx
    mistakes = {
        "All pixels of a square get dy; only its maximum does.": dy.repeat(2, axis=1).repeat(2, axis=2),
        "Those are shares of dy for all pixels of a square, as in a mean.": layer_pass(AvgPool2d(2), x, dy).dx,
        "The maximum gets 1; it gets dy.": (expected != 0).astype(float),
        "The maximum gets its own value times dy; it gets dy.": expected * x,
    }
    expect("dx", answer("max_pool_backward", x=x, dy=dy, K=2), expected, given, mistakes=mistakes)


def _ties(answer: Answer) -> None:
    x, dy = _as_images(np.ones((2, 4))), _as_images(np.array([[1.0, 3.0]]))
    dx = answer("max_pool_backward", x=x, dy=dy, K=2)
    expect_shape("dx", dx, (1, 2, 4, 1))
    sums = np.stack([dx[0, :, :2].sum(), dx[0, :, 2:].sum()])
    given = {"x": x[0, :, :, 0], "dy": dy[0, :, :, 0], "K": 2}
    all_of_them = {"All of the equal pixels get dy; one of them does.": np.array([4.0, 12.0])}
    expect("the sum of dx over each square", sums, np.array([1.0, 3.0]), given, mistakes=all_of_them)
    expect("the number of pixels that get dy", np.count_nonzero(dx), 2, given)


def _digits(answer: Answer) -> None:
    x = digit_images()[:4, :, :, np.newaxis] / 255.0 + 1e-3 * normal(4, 28, 28, 1)  # no two pixels are equal
    dy = normal(4, 9, 9, 1)
    of_layer = layer_pass(MaxPool2d(3), x, dy)
    expect("y", answer("max_pool_forward", x=x, K=3), of_layer.y)
    expect("dx", answer("max_pool_backward", x=x, dy=dy, K=3), of_layer.dx)


def _gradient(answer: Answer) -> None:
    x, dy = normal(2, 4, 5, 2), normal(2, 2, 2, 2)
    numeric = numeric_gradient(lambda moved: float(np.vdot(dy, answer("max_pool_forward", x=moved, K=2))), x)
    expect("dx", answer("max_pool_backward", x=x, dy=dy, K=2), numeric)


EXERCISE = Exercise(
    "Max pooling and its gradient",
    "8-pooling.md",
    "pooling",
    (
        Test("y has a pixel per whole square", _shape),
        Test("squares of 2×2 in an image of 4×4", _forward),
        Test("dx of the same image", _backward),
        Test("of several equal pixels, one gets the gradient", _ties),
        Test("digits and squares of 3×3 give what inkling.nn.MaxPool2d gives", _digits),
        Test("several channels pass the gradient check", _gradient),
    ),
)
