"""The tests of the exercise on Adam."""

from __future__ import annotations

from typing import Any

import numpy as np

from inkling.learning.answer import Answer
from inkling.learning.comparison import expect, expect_parts
from inkling.learning.exercises.exercise import Exercise, Test
from inkling.learning.exercises.inputs import normal
from inkling.learning.solutions.optimizers import adam_step
from inkling.optim import Adam

PARTS = ("theta", "m", "v")
SETTINGS = {"lr": 0.1, "beta1": 0.9, "beta2": 0.99, "eps": 0.5}
SMALL: dict[str, Any] = {
    "theta": np.array([1.0, -2.0]),
    "gradient": np.array([0.5, -4.0]),
    "m": np.array([0.1, 1.0]),
    "v": np.array([0.2, 3.0]),
}


def _inkling(theta: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    """θ after steps of Inkling's Adam along given gradients."""
    rule = Adam(betas=(SETTINGS["beta1"], SETTINGS["beta2"]), eps=SETTINGS["eps"])
    theta, state = theta.copy(), rule.init(theta)
    for gradient in gradients:
        rule.step(theta, gradient.copy(), state, lr=SETTINGS["lr"])
    return theta


def _first(answer: Answer) -> None:
    given = SMALL | {"m": np.zeros(2), "v": np.zeros(2), "t": 1} | SETTINGS
    expected = adam_step(**given)
    theta, gradient, lr, eps = SMALL["theta"], SMALL["gradient"], SETTINGS["lr"], SETTINGS["eps"]
    mistakes = {
        "That is without the division by 1 − beta^t.": theta - lr * expected[1] / (np.sqrt(expected[2]) + eps),
        "eps stands inside of the root; it is added to the root.": theta - lr * gradient / np.sqrt(gradient**2 + eps),
        "The step goes up; descent goes against the gradient.": 2 * theta - expected[0],
        "That is without the factor 1 − beta1 of the gradient.": gradient,
        "v is made of the squares of the gradient.": (1 - SETTINGS["beta2"]) * gradient,
    }
    expect_parts(PARTS, answer("adam_step", **given), expected, given, mistakes=mistakes)


def _later(answer: Answer) -> None:
    given = SMALL | {"t": 7} | SETTINGS
    first = {"The divisor is 1 − beta^t, with the power t.": adam_step(**given | {"t": 1})[0]}
    expect_parts(PARTS, answer("adam_step", **given), adam_step(**given), given, mistakes=first)


def _many(answer: Answer) -> None:
    gradients, start = normal(20, 5), normal(5)
    theta, m, v = start, np.zeros(5), np.zeros(5)
    for t, gradient in enumerate(gradients, 1):
        theta, m, v = answer("adam_step", theta=theta, gradient=gradient, m=m, v=v, t=t, **SETTINGS)
    expect("theta after 20 steps", theta, _inkling(start, gradients))


EXERCISE = Exercise(
    "One step of Adam",
    "6-optimizers.md",
    "optimizers",
    (
        Test("the first step, from moments of 0", _first),
        Test("step 7, from given moments", _later),
        Test("twenty steps give what inkling.optim.Adam gives", _many),
    ),
)
