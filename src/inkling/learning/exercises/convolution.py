"""The tests of the exercise on convolution."""

from __future__ import annotations

import numpy as np

from inkling.learning.answer import Answer
from inkling.learning.comparison import expect, expect_parts, expect_shape
from inkling.learning.exercises.exercise import Exercise, Test
from inkling.learning.exercises.inputs import digit_images, normal
from inkling.learning.single_layer import LayerPass, layer_pass
from inkling.learning.solutions.gradient import numeric_gradient
from inkling.nn import Conv2d

PARTS = ("dweight", "dbias", "dx")
IMAGE = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [2.0, 0.0, 1.0]])[np.newaxis, :, :, np.newaxis]
KERNEL = np.array([[1.0, 0.0], [2.0, -1.0]])[:, :, np.newaxis, np.newaxis]
BIAS = np.array([0.5])
DY = np.array([[1.0, 0.0], [-1.0, 2.0]])[np.newaxis, :, :, np.newaxis]


def _layer(x: np.ndarray, weight: np.ndarray, bias: np.ndarray, dy: np.ndarray) -> LayerPass:
    return layer_pass(Conv2d(weight.shape[3], len(weight)), x, dy, weight=weight, bias=bias)


def _gradients(of_layer: LayerPass) -> list[np.ndarray]:
    return [of_layer.gradients["weight"], of_layer.gradients["bias"], of_layer.dx]


def _shape(answer: Answer) -> None:
    y = answer("conv_forward", x=normal(2, 6, 5, 3), weight=normal(3, 3, 3, 4), bias=normal(4))
    expect_shape("y", y, (2, 4, 3, 4), "A kernel of K rows has H − K + 1 places in H rows.")


def _forward(answer: Answer) -> None:
    flipped = _layer(IMAGE, KERNEL[::-1, ::-1], BIAS, DY).y
    y = _layer(IMAGE, KERNEL, BIAS, DY).y
    mistakes = {
        "The kernel is flipped; its first weight belongs to the first pixel that it sees.": flipped,
        "Rows and columns of the kernel are exchanged.": _layer(IMAGE, KERNEL.swapaxes(0, 1), BIAS, DY).y,
        "Is the bias missing?": y - BIAS,
    }
    given = {"x": IMAGE[0, :, :, 0], "weight": KERNEL[:, :, 0, 0], "bias": BIAS}
    came = answer("conv_forward", x=IMAGE, weight=KERNEL, bias=BIAS)
    expect("y", came, y, given, mistakes=mistakes)


def _backward(answer: Answer) -> None:
    given = {"x": IMAGE[0, :, :, 0], "weight": KERNEL[:, :, 0, 0], "dy": DY[0, :, :, 0]}
    expected = _gradients(_layer(IMAGE, KERNEL, BIAS, DY))
    flipped = _layer(IMAGE, KERNEL[::-1, ::-1], BIAS, DY).dx
    mistakes = {
        "The kernel is flipped: the pixel at h + i, w + j gets dy[h, w] times weight[i, j].": flipped,
        "It is the mean of dy; the bias is added at every place, so that dbias is the sum.": DY.mean(axis=(0, 1, 2)),
    }
    expect_parts(PARTS, answer("conv_backward", x=IMAGE, weight=KERNEL, dy=DY), expected, given, mistakes=mistakes)


def _digits(answer: Answer) -> None:
    x = digit_images()[:2, 4:24, 4:24, np.newaxis] / 255.0
    weight, bias, dy = normal(5, 5, 1, 4), normal(4), normal(2, 16, 16, 4)
    of_layer = _layer(x, weight, bias, dy)
    expect("y", answer("conv_forward", x=x, weight=weight, bias=bias), of_layer.y)
    expect_parts(PARTS, answer("conv_backward", x=x, weight=weight, dy=dy), _gradients(of_layer))


def _gradient(answer: Answer) -> None:
    x, weight, bias, dy = normal(2, 4, 3, 2), normal(2, 2, 2, 3), normal(3), normal(2, 3, 2, 3)

    def f(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> float:
        return float(np.vdot(dy, answer("conv_forward", x=x, weight=weight, bias=bias)))

    numeric = [
        numeric_gradient(lambda moved: f(x, moved, bias), weight),
        numeric_gradient(lambda moved: f(x, weight, moved), bias),
        numeric_gradient(lambda moved: f(moved, weight, bias), x),
    ]
    expect_parts(PARTS, answer("conv_backward", x=x, weight=weight, dy=dy), numeric)


EXERCISE = Exercise(
    "Convolution and its gradient",
    "7-convolution.md",
    "convolution",
    (
        Test("y has a number per place and kernel", _shape),
        Test("one kernel of 2×2 on an image of 3×3", _forward),
        Test("dweight, dbias and dx of the same image", _backward),
        Test("two digits and kernels of 5×5 give what inkling.nn.Conv2d gives", _digits),
        Test("several channels pass the gradient check", _gradient),
    ),
)
