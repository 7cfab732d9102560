"""The temperature is the minimum of the cross-entropy: against SciPy, against a grid, and as a law of scaling."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

from inkling.evaluation import fit_temperature
from inkling.nn import softmax, softmax_cross_entropy


def drawn(seed: int, images: int = 2000, spread: float = 3.0) -> tuple[np.ndarray, np.ndarray]:
    """Logits, and labels drawn from their very softmax: T = 1 is right but for chance."""
    rng = np.random.default_rng(seed)
    logits = (spread * rng.normal(size=(images, 10))).astype(np.float32)
    labels = (rng.random((images, 1)) > softmax(logits).cumsum(axis=1)).sum(axis=1).clip(max=9)
    return logits, labels


def test_calibrated_logits_want_a_temperature_of_one() -> None:
    assert fit_temperature(*drawn(0, images=50_000)) == pytest.approx(1, abs=0.01)


@settings(max_examples=30)
@given(st.integers(0, 99), st.floats(0.1, 10))
def test_logits_k_times_as_large_want_a_temperature_k_times_as_high(seed: int, k: float) -> None:
    logits, labels = drawn(seed, images=300)
    assert fit_temperature(k * logits.astype(np.float64), labels) == pytest.approx(
        k * fit_temperature(logits, labels), rel=1e-9
    )


@settings(max_examples=30)
@given(st.integers(0, 99), st.integers(1, 50), st.floats(0.01, 100))
def test_no_temperature_of_a_grid_is_better(seed: int, images: int, k: float) -> None:
    """Few images too, where the minimum lies outside and an end is best."""
    logits, labels = drawn(seed, images)
    logits = k * logits.astype(np.float64)
    fitted = fit_temperature(logits, labels)
    assert 0.05 <= fitted <= 20.000001
    best = softmax_cross_entropy(logits / fitted, labels)
    for t in np.geomspace(0.05, 20, 200).tolist():
        assert best <= softmax_cross_entropy(logits / t, labels) + 1e-9, t


def test_against_scipy() -> None:
    logits, labels = drawn(3)
    scaled = 2.7 * logits.astype(np.float64)

    def loss(log_t: float) -> float:
        of_label = scaled[np.arange(len(labels)), labels] / math.exp(log_t)
        return float((logsumexp(scaled / math.exp(log_t), axis=1) - of_label).mean())

    theirs = minimize_scalar(loss, bounds=(-3, 3), method="bounded", options={"xatol": 1e-9})
    assert fit_temperature(scaled, labels) == pytest.approx(math.exp(theirs.x), rel=1e-6)


def test_answers_all_right_or_all_wrong_end_at_the_bounds() -> None:
    logits, _ = drawn(1, images=50)
    assert fit_temperature(logits, logits.argmax(axis=1)) == pytest.approx(0.05)
    assert fit_temperature(logits, logits.argmin(axis=1)) == pytest.approx(20)


def test_huge_logits_overflow_nowhere() -> None:
    logits, labels = drawn(2, images=200)
    assert 0.05 <= fit_temperature(logits * np.float32(1e30), labels) <= 20.000001
