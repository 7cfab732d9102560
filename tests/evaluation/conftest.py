"""Answers of an imaginary model to imaginary images, for pictures and reports."""

import numpy as np
import pytest

from inkling.evaluation import Evaluation


def imagined(seed: int, images: int, skill: float) -> Evaluation:
    """Softmax answers to images of random digits; the higher the skill, the more are right."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, images)
    exponentials = np.exp(rng.normal(size=(images, 10)) + skill * np.eye(10)[labels])
    probabilities = exponentials / exponentials.sum(axis=1, keepdims=True)
    return Evaluation(labels, probabilities.astype(np.float32), "imagined")


@pytest.fixture(scope="session")
def evaluation() -> Evaluation:
    """300 answers, some of them wrong."""
    return imagined(0, 300, skill=3)


@pytest.fixture(scope="session")
def perfect() -> Evaluation:
    """60 right answers and no mistake."""
    return imagined(1, 60, skill=40)


@pytest.fixture(scope="session")
def images() -> np.ndarray:
    """300 pictures, each of its own even grey."""
    greys = np.arange(300, dtype=np.uint16) % 251 + 5
    return np.broadcast_to(greys.astype(np.uint8)[:, None, None], (300, 28, 28))
