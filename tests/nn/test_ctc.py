"""The CTC loss: all alignments added up by hand, its gradient by differences, PyTorch's numbers, and every refusal."""

import itertools
import math

import numpy as np
import pytest

from inkling.errors import UsageError
from inkling.nn import CTCLoss, ctc_alignment, ctc_log_probabilities, ctc_log_probability, ctc_loss, log_softmax
from needs import needs_torch

RNG = np.random.default_rng(0)
T, C = 5, 4  # 1,024 paths


def shown_by(path, blank):
    """The text of a path: equal neighbours as one, without blanks."""
    return tuple(symbol for symbol, _ in itertools.groupby(path) if symbol != blank)


def added_up(log_probs, blank):
    """The probability of each text that some path shows, and the most probable path of each."""
    texts, best = {}, {}
    for path in itertools.product(range(log_probs.shape[1]), repeat=len(log_probs)):
        text, p = shown_by(path, blank), math.exp(sum(log_probs[t, k] for t, k in enumerate(path)))
        texts[text] = texts.get(text, 0.0) + p
        best[text] = max(best.get(text, (0.0, ())), (p, path))
    return texts, best


def batch(rows=8, columns=20, symbols=11, longest=6, blank=None):
    """Logits float32, labels of 0 to `longest` symbols with repeats among them, and their lengths."""
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 3, (rows, columns, symbols)).astype(np.float32)
    lengths = np.append(rng.integers(0, longest + 1, rows - 2), [0, longest])
    labels = rng.integers(0, symbols - 1, (rows, longest))
    labels[-1, 1] = labels[-1, 0]
    if blank is not None:
        labels += labels >= blank
    labels[np.arange(longest) >= lengths[:, np.newaxis]] = -1
    return logits, labels, lengths


@pytest.mark.parametrize("blank", [None, 0, 2])
def test_the_probability_of_a_text_is_the_sum_over_its_paths(blank):
    log_probs = log_softmax(RNG.normal(0, 2, (T, C)))
    texts, _ = added_up(log_probs, C - 1 if blank is None else blank)
    assert sum(texts.values()) == pytest.approx(1)
    assert () in texts
    assert any(a == b for text in texts for a, b in itertools.pairwise(text))
    for text, p in texts.items():
        assert ctc_log_probability(log_probs, text, blank) == pytest.approx(math.log(p), rel=1e-9)
        label = np.array([[*text, -1, -1]], np.int64)  # padding changes nothing
        assert ctc_loss(log_probs[np.newaxis], label, blank=blank) == pytest.approx(-math.log(p), rel=1e-9)
    labels = np.array([[*text, *[-1] * (T - len(text))] for text in texts], np.int64)
    assert ctc_log_probabilities(log_probs, labels, blank) == pytest.approx(np.log([*texts.values()]), rel=1e-9)


def test_the_best_alignment_is_the_best_path():
    log_probs = log_softmax(RNG.normal(0, 2, (T, C)))
    _, best = added_up(log_probs, C - 1)
    for text, (_, path) in best.items():
        runs, place = [], 0
        for symbol, group in itertools.groupby(path):
            width = len(list(group))
            if symbol != C - 1:
                runs.append((place, place + width - 1))
            place += width
        np.testing.assert_array_equal(ctc_alignment(log_probs, text), np.reshape(runs, (-1, 2)))


@pytest.mark.parametrize("label", [(0,) * 4, (0, 1, 2, 0, 1, 2), (0, 0, 1, 1, 2)])
def test_a_text_that_the_columns_cannot_show(label):
    log_probs = log_softmax(RNG.normal(0, 2, (T, C)))
    assert ctc_log_probability(log_probs, label) == -math.inf
    with pytest.raises(UsageError, match=f"{T} columns cannot show a label of {len(label)} symbols"):
        ctc_alignment(log_probs, label)


@pytest.mark.parametrize("blank", [None, 0, 7])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_gradient_is_that_of_the_loss(blank, weighted):
    logits, labels, _ = batch(blank=blank)
    logits, h = logits.astype(np.float64), 1e-5
    weights = RNG.uniform(0, 2, len(logits)) if weighted else None
    gradient = np.full_like(logits, np.nan)
    loss = ctc_loss(logits, labels, gradient, blank=blank, count=20, weights=weights)
    assert ctc_loss(logits, labels, blank=blank, count=20, weights=weights) == loss
    for row in range(len(logits)):
        v = np.zeros_like(logits)
        v[row] = RNG.normal(size=logits.shape[1:])
        up, down = (ctc_loss(logits + s * v, labels, blank=blank, count=20, weights=weights) for s in (h, -h))
        assert np.vdot(gradient, v) == pytest.approx((up - down) / (2 * h), rel=1e-6)


def test_the_loss_is_the_mean_of_the_rows_and_dlogits_may_be_the_logits():
    logits, labels, lengths = batch()
    alone = [ctc_loss(logits[i : i + 1], labels[i : i + 1, :n]) for i, n in enumerate(lengths)]
    dlogits = np.empty_like(logits)
    assert ctc_loss(logits, labels, dlogits) == pytest.approx(np.mean(alone), rel=1e-12)
    weights = RNG.uniform(0, 2, len(logits)).astype(np.float32)
    assert ctc_loss(logits, labels, count=3, weights=weights) == pytest.approx(np.dot(alone, weights) / 3, rel=1e-12)
    own = logits.copy()
    ctc_loss(own, labels, own)
    np.testing.assert_array_equal(own, dlogits)
    np.testing.assert_allclose(dlogits.sum(axis=2), 0, atol=1e-6)


def test_an_impossible_label_has_an_infinite_loss_and_disturbs_no_other():
    logits, labels, _ = batch(columns=8)
    labels[2] = 5  # six times the same symbol needs eleven columns
    dlogits, others = np.empty_like(logits), np.empty_like(logits)
    assert ctc_loss(logits, labels, dlogits) == math.inf
    assert not dlogits[2].any()
    labels[2] = [5, -1, -1, -1, -1, -1]
    assert math.isfinite(ctc_loss(logits, labels, others))
    np.testing.assert_array_equal(np.delete(dlogits, 2, axis=0), np.delete(others, 2, axis=0))


def test_logits_of_any_size_give_finite_gradients():
    logits, labels, _ = batch()
    dlogits = np.empty_like(logits)
    assert math.isfinite(ctc_loss(logits * 1e5, labels, dlogits))
    assert np.isfinite(dlogits).all()
    logits[0, 3, 2] = np.nan
    with np.errstate(invalid="ignore"):  # as in the training loop, which notices it
        assert math.isnan(ctc_loss(logits, labels, dlogits))


@pytest.mark.parametrize("blank", [None, 0])
def test_values_and_gradients_are_those_of_pytorch(blank):
    torch = pytest.importorskip("torch", reason=needs_torch.reason("the CTC loss gives PyTorch's values and gradients"))
    logits, labels, lengths = batch(rows=16, columns=60, longest=12, blank=blank)
    dlogits = np.empty_like(logits)
    loss = ctc_loss(logits, labels, dlogits, blank=blank)
    theirs = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    value = torch.nn.functional.ctc_loss(
        theirs.log_softmax(2).transpose(0, 1),
        torch.tensor(np.where(labels < 0, 1, labels)),
        torch.full((16,), 60),
        torch.tensor(lengths),
        blank=10 if blank is None else blank,
        reduction="sum",
    )
    (value / 16).backward()
    assert loss == pytest.approx(value.item() / 16, rel=1e-9)
    np.testing.assert_allclose(dlogits, theirs.grad.numpy(), rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ([1, 2], r"labels of CTC are rows \(N, L\) of whole numbers, padded with -1, not int64 of the shape \(2,\)"),
        ([[1.0], [2.0]], r"rows \(N, L\) of whole numbers, .*, not float64"),
        ([[1], [11]], "are from 0 to 10 without the blank, 10, and padded with -1, but one is 11"),
        ([[1], [10]], "without the blank, 10, .* but one is 10"),
        ([[1], [-2]], "but one is -2"),
        ([[1, -1], [-1, 1]], "-1 behind all of their symbols, but label 1 has it between"),
    ],
)
def test_labels_that_are_none(labels, sentence):
    with pytest.raises(UsageError, match=sentence):
        ctc_loss(np.zeros((2, 8, 11), np.float32), np.array(labels))


@pytest.mark.parametrize("rows", [(), (1,)])
def test_a_row_is_correct_where_its_likeliest_symbols_show_its_label(rows):
    paths = np.array([[3, 0, 0, 3, 0], [1, 1, 2, 2, 3], [3, 3, 3, 3, 3], [0, 3, 0, 3, 0], [0, 1, 2, 0, 1]])
    logits = np.eye(4, dtype=np.float32)[paths].reshape(5, *rows, 5, 4)
    shown = np.array([[0, 0, -1], [1, 2, -1], [-1, -1, -1], [0, 0, 0], [0, 1, 2]])
    np.testing.assert_array_equal(CTCLoss().correct(logits, shown), [True, True, True, True, False])
    np.testing.assert_array_equal(CTCLoss().correct(logits, shown[:, :2]), [True, True, True, False, False])
    np.testing.assert_array_equal(CTCLoss().correct(logits, np.full((5, 9), -1)), [False, False, True, False, False])
    longer = np.column_stack([shown, [1, 1, 1, 1, 0], [-1, -1, -1, -1, 1]])
    longer[:3, 3] = -1
    np.testing.assert_array_equal(CTCLoss().correct(logits, longer), [True, True, True, False, True])


LOG_PROBS = log_softmax(np.random.default_rng(2).normal(0, 2, (T, C)))


@pytest.mark.parametrize("blank", [-1, C, 99, 1.0])
def test_a_blank_that_is_no_symbol(blank):
    sentence = f"the blank of CTC is one of {C} symbols, from 0 to {C - 1}, not {blank}"
    for call in (
        lambda: ctc_loss(LOG_PROBS[np.newaxis], np.array([[1, 0]]), blank=blank),
        lambda: ctc_log_probability(LOG_PROBS, [1, 0], blank),
        lambda: ctc_alignment(LOG_PROBS, [1, 0], blank),
    ):
        with pytest.raises(UsageError, match=sentence):
            call()


@pytest.mark.parametrize("shape", [(0, T, C), (2, 0, C), (2, T, 0), (T, C)])
def test_logits_without_rows_or_columns(shape):
    labels = np.zeros((shape[0], 1), np.int64)
    with pytest.raises(UsageError, match=r"logits of CTC are \(N, T, C\), one row and one column or more, not of the"):
        ctc_loss(np.zeros(shape), labels)


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_labels_as_rows(count):
    with pytest.raises(UsageError, match=f"2 rows of logits need as many labels, not {count}"):
        ctc_loss(np.zeros((2, T, C)), np.zeros((count, 1), np.int64))


@pytest.mark.parametrize("function", [ctc_log_probability, ctc_alignment])
def test_a_label_alone(function):
    for label, came in (
        ([1.7, 0], r"float64 of the shape \(2,\)"),
        ("10", r"<U2 of the shape \(\)"),
        ([True], r"bool of the shape \(1,\)"),
        ([[1, 0]], r"int64 of the shape \(1, 2\)"),
    ):
        with pytest.raises(UsageError, match=rf"a label of CTC is a row \(L,\) of whole numbers, not {came}"):
            function(LOG_PROBS, label)
    with pytest.raises(UsageError, match="label 0 has it between"):
        function(LOG_PROBS, [1, -1, 0])
    with pytest.raises(UsageError, match=r"log_probs are \(T, C\), one column or more, not of the shape \(0, 4\)"):
        function(np.zeros((0, C)), [1])
    for padded, label in (([1, -1], [1]), (np.array([0, 1, -1, -1], np.int32), [0, 1]), ([-1], [])):
        np.testing.assert_array_equal(function(LOG_PROBS, padded), function(LOG_PROBS, label))
