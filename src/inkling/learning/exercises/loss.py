"""The tests of the exercise on the cross-entropy of the softmax."""

from __future__ import annotations

from typing import Any

import numpy as np

from inkling.learning.answer import Answer
from inkling.learning.comparison import FLOAT32_TOLERANCE, expect, expect_dtype, expect_parts
from inkling.learning.exercises.exercise import Exercise, Test
from inkling.learning.exercises.inputs import normal
from inkling.learning.failure import Failure
from inkling.learning.solutions.gradient import numeric_gradient
from inkling.nn import one_hot, softmax
from inkling.nn import softmax_cross_entropy as inkling_loss

PARTS = ("loss", "dlogits")
GIVEN = {"logits": np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]]), "labels": np.array([1, 0])}


def _expected(logits: np.ndarray, labels: np.ndarray) -> tuple[Any, np.ndarray]:
    dlogits = np.empty_like(logits, np.float64)
    return inkling_loss(logits.astype(np.float64), labels, dlogits), dlogits


def _pair(answer: Answer, logits: np.ndarray, labels: np.ndarray) -> Any:
    """What came, which is a pair."""
    came = answer("softmax_cross_entropy", logits=logits, labels=labels)
    if not isinstance(came, tuple | list) or len(came) != 2:
        raise Failure("two results were expected, the loss and its gradient dlogits: return loss, dlogits")
    return came


def _loss(answer: Answer) -> None:
    loss, _ = _pair(answer, **GIVEN)
    expected, _ = _expected(**GIVEN)
    p = softmax(GIVEN["logits"])[[0, 1], GIVEN["labels"]]
    mistakes = {
        "That is the mean probability of the true classes; the loss is minus the logarithm of each.": p.mean(),
        "That is minus the logarithm of the mean; the mean of the logarithms is wanted.": -np.log(p.mean()),
        "The logarithm to the base of 2 was taken; np.log has the base of e.": expected / np.log(2),
    }
    expect("loss", loss, expected, GIVEN, rows=2, mistakes=mistakes)


def _dlogits(answer: Answer) -> None:
    p, N = softmax(GIVEN["logits"]), 2
    mistakes = {
        "Those are the probabilities over N; 1 is subtracted at the label.": p / N,
        "Those are the probabilities; 1 is subtracted at the label, and all is divided by N.": p,
    }
    _, dlogits = _pair(answer, **GIVEN)
    expect("dlogits", dlogits, (p - one_hot(GIVEN["labels"], 3)) / N, GIVEN, rows=N, mistakes=mistakes)


def _large(answer: Answer) -> None:
    given = {"logits": np.array([[1000.0, 999.0], [-1000.0, -1001.0]]), "labels": np.array([0, 1])}
    expect_parts(PARTS, answer("softmax_cross_entropy", **given), _expected(**given), given)


def _far(answer: Answer) -> None:
    given = {"logits": np.array([[0.0, 2000.0]]), "labels": np.array([0])}
    expect_parts(PARTS, answer("softmax_cross_entropy", **given), _expected(**given), given)


def _many(answer: Answer) -> None:
    logits, labels = 3 * normal(16, 10), np.arange(16) % 10
    expect_parts(PARTS, answer("softmax_cross_entropy", logits=logits, labels=labels), _expected(logits, labels))


def _gradient(answer: Answer) -> None:
    logits, labels = normal(3, 4), np.array([3, 0, 0])
    numeric = numeric_gradient(lambda moved: float(_pair(answer, moved, labels)[0]), logits)
    expect("dlogits", _pair(answer, logits, labels)[1], numeric)


def _float32(answer: Answer) -> None:
    logits, labels = normal(5, 4).astype(np.float32), np.array([0, 1, 2, 3, 3])
    _, dlogits = _pair(answer, logits, labels)
    expect_dtype("dlogits", dlogits, np.float32)
    expect("dlogits", dlogits, _expected(logits, labels)[1], tolerance=FLOAT32_TOLERANCE)


EXERCISE = Exercise(
    "Softmax, cross-entropy and their gradient",
    "5-loss.md",
    "loss",
    (
        Test("the loss of two rows", _loss),
        Test("dlogits of two rows", _dlogits),
        Test("logits of 1000", _large),
        Test("a true class whose probability is 0 in float64", _far),
        Test("sixteen rows give what inkling.nn gives", _many),
        Test("the gradient passes the gradient check", _gradient),
        Test("float32 in, float32 out", _float32),
    ),
)
