"""The tests of the exercise on batch normalisation."""

from __future__ import annotations

import numpy as np

from inkling.learning.answer import Answer
from inkling.learning.comparison import expect, expect_parts
from inkling.learning.exercises.exercise import Exercise, Test
from inkling.learning.exercises.inputs import normal
from inkling.learning.single_layer import LayerPass, layer_pass
from inkling.learning.solutions.gradient import numeric_gradient
from inkling.nn import BatchNorm1d

PARTS = ("dgamma", "dbeta", "dx")
EPS = 0.25
X = np.array([[1.0, 4.0], [3.0, 0.0], [2.0, -1.0]])
GAMMA, BETA = np.array([2.0, 1.0]), np.array([0.0, -1.0])
DY = np.array([[1.0, 0.0], [0.0, 2.0], [-1.0, 1.0]])


def _layer(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, dy: np.ndarray, eps: float) -> LayerPass:
    return layer_pass(BatchNorm1d(eps), x, dy, weight=gamma, bias=beta)


def _gradients(of_layer: LayerPass) -> list[np.ndarray]:
    return [of_layer.gradients["weight"], of_layer.gradients["bias"], of_layer.dx]


def _forward(answer: Answer) -> None:
    given = {"x": X, "gamma": GAMMA, "beta": BETA, "eps": EPS}
    centred, per_row = X - X.mean(axis=0), X.mean(axis=1, keepdims=True)
    mistakes = {
        "The variance is over N, not over N − 1.": GAMMA * centred / np.sqrt(X.var(axis=0, ddof=1) + EPS) + BETA,
        "eps is added to the variance, below the root.": GAMMA * centred / (X.std(axis=0) + EPS) + BETA,
        "Is eps missing?": GAMMA * centred / X.std(axis=0) + BETA,
        "The root of the variance is missing.": GAMMA * centred / (X.var(axis=0) + EPS) + BETA,
        "Rows are normalised; features are to be, which are columns: axis=0.": GAMMA
        * (X - per_row)
        / np.sqrt(X.var(axis=1, keepdims=True) + EPS)
        + BETA,
    }
    expect("y", answer("batch_norm_forward", **given), _layer(X, GAMMA, BETA, DY, EPS).y, given, mistakes=mistakes)


def _backward(answer: Answer) -> None:
    given = {"x": X, "gamma": GAMMA, "dy": DY, "eps": EPS}
    r = 1 / np.sqrt(X.var(axis=0) + EPS)
    x_hat = (X - X.mean(axis=0)) * r
    mistakes = {
        "Mean and variance are taken as constants; both depend on x.": GAMMA * r * DY,
        "The variance is taken as a constant; it depends on x.": GAMMA * r * (DY - DY.mean(axis=0)),
        "gamma is missing.": r * (DY - (DY.sum(axis=0) + x_hat * (DY * x_hat).sum(axis=0)) / len(X)),
        "x_hat is multiplied with dy, not x.": (DY * X).sum(axis=0),
    }
    expected = _gradients(_layer(X, GAMMA, BETA, DY, EPS))
    expect_parts(PARTS, answer("batch_norm_backward", **given), expected, given, rows=3, mistakes=mistakes)


def _many(answer: Answer) -> None:
    x, gamma, beta, dy = 3 * normal(16, 5) + 10, normal(5), normal(5, seed=1), normal(16, 5, seed=1)
    of_layer = _layer(x, gamma, beta, dy, 1e-5)
    expect("y", answer("batch_norm_forward", x=x, gamma=gamma, beta=beta, eps=1e-5), of_layer.y)
    expect_parts(PARTS, answer("batch_norm_backward", x=x, gamma=gamma, dy=dy, eps=1e-5), _gradients(of_layer))


def _gradient(answer: Answer) -> None:
    x, gamma, beta, dy = normal(4, 3), normal(3), normal(3, seed=1), normal(4, 3, seed=1)

    def f(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray) -> float:
        return float(np.vdot(dy, answer("batch_norm_forward", x=x, gamma=gamma, beta=beta, eps=0.1)))

    numeric = [
        numeric_gradient(lambda moved: f(x, moved, beta), gamma),
        numeric_gradient(lambda moved: f(x, gamma, moved), beta),
        numeric_gradient(lambda moved: f(moved, gamma, beta), x),
    ]
    expect_parts(PARTS, answer("batch_norm_backward", x=x, gamma=gamma, dy=dy, eps=0.1), numeric)


EXERCISE = Exercise(
    "Batch normalisation and its gradient",
    "9-batch-normalization.md",
    "batch_normalization",
    (
        Test("y of three small rows", _forward),
        Test("dgamma, dbeta and dx of three small rows", _backward),
        Test("sixteen rows give what inkling.nn.BatchNorm1d gives", _many),
        Test("the gradients pass the gradient check", _gradient),
    ),
)
