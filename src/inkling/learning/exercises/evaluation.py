"""The tests of the exercise on dropout and on the interval of an accuracy."""

from __future__ import annotations

import numpy as np

from inkling.evaluation.intervals import wilson_interval
from inkling.learning.answer import Answer
from inkling.learning.comparison import expect, expect_parts
from inkling.learning.exercises.exercise import Exercise, Test
from inkling.learning.exercises.inputs import normal
from inkling.learning.single_layer import layer_pass
from inkling.learning.solutions.gradient import numeric_gradient
from inkling.nn import Dropout

X = np.array([[1.0, 2.0, 3.0], [-4.0, 5.0, -6.0]])
U = np.array([[0.1, 0.9, 0.3], [0.7, 0.2, 0.5]])
P = 0.25
ENDS = ("lower end", "upper end")
INTERVAL_TOLERANCE = 1e-4  # z is 1.96 in one and 1.95996 in the other


def _forward(answer: Answer) -> None:
    given = {"x": X, "u": U, "p": P}
    kept = U >= P
    mistakes = {
        "The numbers that are kept have to be divided by 1 − p.": X * kept,
        "The numbers that are kept are multiplied by 1 − p; they are divided by it.": X * kept * (1 - P),
        "Those are kept that should be 0: a number is 0 where u < p.": X * ~kept / (1 - P),
        "The numbers that are kept are divided by p; they are divided by 1 − p.": X * kept / P,
    }
    expect("y", answer("dropout_forward", **given), X * kept / (1 - P), given, mistakes=mistakes)


def _backward(answer: Answer) -> None:
    given = {"dy": X, "u": U, "p": P}
    mistakes = {
        "Where a number was set to 0, no gradient passes.": X / (1 - P),
        "What was divided by 1 − p going forward is divided by it going backward, too.": X * (U >= P),
    }
    expect("dx", answer("dropout_backward", **given), X * (U >= P) / (1 - P), given, mistakes=mistakes)


def _layer(answer: Answer) -> None:
    x, dy = normal(50, 20), normal(50, 20, seed=1)
    u = np.random.default_rng(5).random(x.shape, np.float32)
    of_layer = layer_pass(Dropout(0.3), x, dy, rng=np.random.default_rng(5))
    expect("y", answer("dropout_forward", x=x, u=u, p=0.3), of_layer.y)
    expect("dx", answer("dropout_backward", dy=dy, u=u, p=0.3), of_layer.dx)


def _gradient(answer: Answer) -> None:
    x, dy, u = normal(3, 4), normal(3, 4, seed=1), np.random.default_rng(0).random((3, 4))
    numeric = numeric_gradient(lambda moved: float(np.vdot(dy, answer("dropout_forward", x=moved, u=u, p=0.5))), x)
    expect("dx", answer("dropout_backward", dy=dy, u=u, p=0.5), numeric)


def _interval(answer: Answer) -> None:
    given = {"k": 90, "n": 100}
    a, z = 0.9, 1.96
    half = z * np.sqrt(a * (1 - a) / 100)
    mistakes = {
        "That is a − z √(a (1 − a) / n), which is not the Wilson interval.": a - half,
        "Those are percents; fractions are expected.": 100 * np.asarray(wilson_interval(90, 100)[0]),
    }
    came = answer("accuracy_interval", **given)
    expected = [np.asarray(end) for end in wilson_interval(90, 100)]
    expect_parts(ENDS, came, expected, given, mistakes=mistakes, tolerance=INTERVAL_TOLERANCE)


def _extremes(answer: Answer) -> None:
    for k, n in ((0, 20), (20, 20), (1, 1), (9960, 10_000)):
        expected = [np.asarray(end) for end in wilson_interval(k, n)]
        came = answer("accuracy_interval", k=k, n=n)
        expect_parts(ENDS, came, expected, {"k": k, "n": n}, tolerance=INTERVAL_TOLERANCE)


EXERCISE = Exercise(
    "Dropout, and how sure an accuracy is",
    "10-evaluation.md",
    "evaluation",
    (
        Test("y of six numbers", _forward),
        Test("dx of six numbers", _backward),
        Test("a thousand numbers give what inkling.nn.Dropout gives", _layer),
        Test("the gradient passes the gradient check", _gradient),
        Test("90 of 100 images are read correctly", _interval),
        Test("none, all and nearly all images are read correctly", _extremes),
    ),
)
