"""Every number of an evaluation: by hand, against scikit-learn, and as laws that hold for any answers."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import confusion_matrix, log_loss, precision_recall_fscore_support

from inkling.errors import DataError
from inkling.evaluation import ClassScore, ConfusedPair, Evaluation


def answers(*rows: tuple[int, int, float]) -> Evaluation:
    """An evaluation from (label, prediction, confidence); the rest of each row is spread evenly."""
    labels, predictions, confidences = (np.array(column) for column in zip(*rows, strict=True))
    probabilities = np.repeat((1 - confidences)[:, None] / 9, 10, axis=1)
    probabilities[np.arange(len(rows)), predictions] = confidences
    return Evaluation(labels, probabilities.astype(np.float32), "by hand")


def random_answers(seed: int, images: int = 500, digits: int = 10) -> Evaluation:
    """About two thirds right, with softmax-like probabilities; only the first `digits` digits occur."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, digits, images)
    logits = rng.normal(size=(images, 10)) + 3 * np.eye(10)[labels]
    logits[:, digits:] = -20
    exponentials = np.exp(logits)
    return Evaluation(labels, (exponentials / exponentials.sum(1, keepdims=True)).astype(np.float32))


FIVE = answers((3, 3, 0.9), (3, 5, 0.95), (3, 5, 0.6), (5, 5, 0.5), (8, 3, 0.7))


def test_headline_numbers_by_hand() -> None:
    assert (FIVE.n_images, FIVE.errors, FIVE.accuracy) == (5, 3, 0.4)
    assert FIVE.predictions.tolist() == [3, 5, 5, 5, 3]
    assert FIVE.predictions.dtype == np.int64
    assert FIVE.confidences == pytest.approx([0.9, 0.95, 0.6, 0.5, 0.7])
    of_label = [0.9, 0.05 / 9, 0.4 / 9, 0.5, 0.3 / 9]
    assert FIVE.cross_entropy == pytest.approx(-sum(map(math.log, of_label)) / 5, rel=1e-6)


def test_per_class_by_hand() -> None:
    assert FIVE.per_class[3] == ClassScore("3", precision=1 / 2, recall=1 / 3, f1=2 / 5, support=3)
    assert FIVE.per_class[5] == ClassScore("5", precision=1 / 3, recall=1.0, f1=1 / 2, support=1)
    assert FIVE.per_class[8] == ClassScore("8", precision=0.0, recall=0.0, f1=0.0, support=1)
    assert FIVE.per_class[0] == ClassScore("0", precision=0.0, recall=0.0, f1=0.0, support=0)


def test_mistakes_by_hand() -> None:
    assert FIVE.confused_pairs(9) == (ConfusedPair(3, 5, 2), ConfusedPair(8, 3, 1))
    assert FIVE.confused_pairs(1) == (ConfusedPair(3, 5, 2),)
    worst = FIVE.worst_mistakes(2)
    assert [(m.row, m.label, m.prediction) for m in worst] == [(1, 3, 5), (4, 8, 3)]
    assert [m.confidence for m in worst] == pytest.approx([0.95, 0.7])
    assert len(FIVE.worst_mistakes(99)) == 3
    elsewhere = Evaluation(FIVE.labels, FIVE.probabilities, "five", np.array([50, 40, 30, 20, 10]))
    assert [(m.index, m.row) for m in elsewhere.worst_mistakes(2)] == [(1, 40), (4, 10)]


def test_ties_keep_the_order_of_digits_and_rows() -> None:
    tied = answers((7, 1, 0.8), (2, 4, 0.8), (2, 3, 0.8))
    assert [(p.label, p.prediction) for p in tied.confused_pairs(3)] == [(2, 3), (2, 4), (7, 1)]
    assert [m.row for m in tied.worst_mistakes(3)] == [0, 1, 2]


def test_calibration_by_hand() -> None:
    # Bins of 1/15: 0.9 in (13/15, 14/15], 0.95 in (14/15, 1], 0.6 in (8/15, 9/15], 0.5 and 0.7 alone.
    assert [(b.n_images, b.n_correct) for b in FIVE.reliability] == [(1, 1), (1, 0), (1, 0), (1, 1), (1, 0)]
    gaps = [0.1, 0.95, 0.6, 0.5, 0.7]
    assert FIVE.calibration_error == pytest.approx(sum(gaps) / 5, rel=1e-6)


def test_calibration_averages_within_a_bin() -> None:
    shared = answers((1, 1, 0.82), (1, 1, 0.86), (1, 2, 0.84), (1, 1, 0.81))
    (only,) = shared.reliability
    assert (only.lower, only.upper, only.n_images, only.n_correct) == (12 / 15, 13 / 15, 4, 3)
    assert only.confidence == pytest.approx(0.8325)
    assert shared.calibration_error == pytest.approx(0.0825)


@pytest.mark.parametrize(
    ("right", "images", "low", "high"),
    # Published values of the score interval: Newcombe 1998, "Two-sided confidence intervals for the single
    # proportion", table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_interval_against_published_values(right: int, images: int, low: float, high: float) -> None:
    judged = answers(*[(1, 1, 0.9)] * right, *[(1, 2, 0.9)] * (images - right))
    assert judged.interval == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("digits", [10, 7])
def test_against_scikit_learn(digits: int) -> None:
    judged, every = random_answers(7, digits=digits), list(range(10))
    theirs = precision_recall_fscore_support(judged.labels, judged.predictions, labels=every, zero_division=0)
    ours = [(s.precision, s.recall, s.f1, s.support) for s in judged.per_class]
    np.testing.assert_allclose(ours, np.transpose(theirs), rtol=1e-12)
    matrix = confusion_matrix(judged.labels, judged.predictions, labels=every)
    np.testing.assert_array_equal(judged.confusion, matrix)
    exact = judged.probabilities.astype(np.float64)
    exact /= exact.sum(axis=1, keepdims=True)
    assert judged.cross_entropy == pytest.approx(log_loss(judged.labels, exact, labels=every), rel=1e-6)


def test_a_probability_of_zero_costs_the_smallest_float() -> None:
    certain = answers((4, 4, 1.0), (4, 9, 1.0))
    assert certain.cross_entropy == pytest.approx(126 * math.log(2) / 2)


def test_nothing_wrong() -> None:
    perfect = answers((0, 0, 1.0), (1, 1, 1.0))
    assert (perfect.errors, perfect.accuracy, perfect.cross_entropy) == (0, 1.0, 0.0)
    assert perfect.interval[1] == 1.0
    assert perfect.confused_pairs(5) == perfect.worst_mistakes(5) == ()
    assert perfect.calibration_error == 0.0


def test_json_holds_the_same_numbers() -> None:
    there = json.loads(json.dumps(FIVE.to_dict(), allow_nan=False))
    assert (there["name"], there["images"], there["errors"], there["accuracy"]) == ("by hand", 5, 3, 0.4)
    assert there["accuracy_interval_95"] == pytest.approx(FIVE.interval)
    assert there["cross_entropy_nats"] == FIVE.cross_entropy
    assert there["calibration_error"] == FIVE.calibration_error
    assert there["per_class"][5] == {"class_name": "5", "precision": 1 / 3, "recall": 1.0, "f1": 0.5, "support": 1}
    assert there["confusion"][3][5] == 2
    assert there["confused_pairs"][0] == {"label": "3", "prediction": "5", "images": 2}
    assert there["worst_mistakes"][0]["row"] == 1
    assert sum(b["images"] for b in there["reliability"]) == 5


def test_refuses_what_cannot_be_judged() -> None:
    with pytest.raises(DataError, match="0 images: expected at least one"):
        Evaluation(np.zeros(0, np.int64), np.zeros((0, 10), np.float32))
    broken = np.full((3, 10), 0.1, np.float32)
    broken[1, 4] = np.nan
    with pytest.raises(DataError, match=r"not a finite number for image 1 .*train it again"):
        Evaluation(np.zeros(3, np.int64), broken)
    with pytest.raises(ValueError, match=r"3 labels of 10 classes but probabilities \(2, 10\)"):
        Evaluation(np.zeros(3, np.int64), np.full((2, 10), 0.1, np.float32))


@st.composite
def evaluations(draw: st.DrawFn) -> Evaluation:
    """Any 1 to 40 answers with 2 to 12 classes, ties and certainties included."""
    images, k = draw(st.integers(1, 40)), draw(st.integers(2, 12))
    labels = draw(hnp.arrays(np.int64, images, elements=st.integers(0, k - 1)))
    weights = draw(hnp.arrays(np.int64, (images, k), elements=st.integers(0, 5))) + 1e-9 * np.eye(k)[labels]
    probabilities = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return Evaluation(labels, probabilities, class_names=[f"class {i}" for i in range(k)])


@settings(max_examples=150)
@given(evaluations())
def test_laws(judged: Evaluation) -> None:
    confusion = judged.confusion
    assert confusion.sum() == judged.n_images
    assert judged.accuracy == np.trace(confusion) / judged.n_images
    support = np.bincount(judged.labels, minlength=judged.n_classes)
    assert [score.support for score in judged.per_class] == support.tolist()
    low, high = judged.interval
    assert 0 <= low <= judged.accuracy <= high <= 1
    assert low < high
    assert judged.cross_entropy >= 0
    assert 0 <= judged.calibration_error <= 1
    assert all(b.lower < b.confidence + 1e-6 and b.confidence <= b.upper + 1e-6 for b in judged.reliability)
    assert sum(b.n_correct for b in judged.reliability) == judged.n_images - judged.errors
    assert sum(pair.n_images for pair in judged.confused_pairs(200)) == judged.errors
    worst = judged.worst_mistakes(judged.n_images)
    assert len(worst) == judged.errors
    assert [m.confidence for m in worst] == sorted((m.confidence for m in worst), reverse=True)
    assert all(judged.labels[m.row] == m.label != m.prediction for m in worst)
