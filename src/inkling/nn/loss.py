"""The loss: cross-entropy of the softmax, and its gradient."""

from __future__ import annotations

import numpy as np


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities (N, O) of the classes, exp(zᵢ) / Σⱼ exp(zⱼ), without overflow for any finite logits."""
    y = _below_largest(logits)
    np.exp(y, out=y)
    y /= y.sum(axis=1, keepdims=True)
    return y


def one_hot(labels: np.ndarray, classes: int = 10) -> np.ndarray:
    """Targets (N, classes) float32: 1 in the column of the label, 0 elsewhere."""
    return np.eye(classes, dtype=np.float32)[labels]


def softmax_cross_entropy(
    logits: np.ndarray,
    labels: np.ndarray,
    dlogits: np.ndarray | None = None,
    *,
    label_smoothing: float = 0.0,
    count: int | None = None,
    weights: np.ndarray | None = None,
) -> float:
    """Cross-entropy in nats of the softmax of `logits`, averaged over the rows; its gradient goes into `dlogits`.

    loss        −Σₙ wₙ log softmax(zₙ)[labelₙ] / count
    gradient    wₙ (softmax(zₙ) − one_hot(labelₙ)) / count

    Parameters
    ----------
    logits : (N, O)
    labels : (N,) classes, or (N, O) targets that sum to 1 in each row (one-hot or soft).
    dlogits : (N, O), overwritten; may be `logits` itself. None where only the loss is wanted.
    label_smoothing : ε; each target becomes (1 − ε) target + ε / O. Szegedy et al. 2016, "Rethinking the inception
        architecture for computer vision", section 7.
    count : the number to divide by, N by default; the size of the whole batch where `logits` is one shard of it.
    weights : (N,) how much each row counts, 1 by default. They are not normalised: with weights whose mean over all
        training rows is 1, the expectation over batches is the weighted mean.
    """
    count = len(logits) if count is None else count
    if label_smoothing:
        classes = logits.shape[1]
        targets = one_hot(labels, classes) if labels.ndim == 1 else labels
        labels = (1 - label_smoothing) * targets + label_smoothing / classes
    rows = np.arange(len(logits))
    z = _below_largest(logits, out=dlogits)
    expected = z[rows, labels] if labels.ndim == 1 else z * labels
    expected_sum = _weighted_sum(expected, weights)
    y = np.exp(z, out=z)
    sums = np.add.reduce(y, axis=1, keepdims=True)
    if dlogits is not None:
        y /= sums
        if labels.ndim == 1:
            y[rows, labels] -= 1.0
        else:
            y -= labels
        y *= 1.0 / count
        if weights is not None:
            y *= weights[:, np.newaxis]
    return (_weighted_sum(np.log(sums), weights) - expected_sum) / count


def _weighted_sum(rows: np.ndarray, weights: np.ndarray | None) -> float:
    """The sum of all numbers of rows (N,) or (N, O), each row times its weight."""
    if weights is not None:
        rows = rows * (weights if rows.ndim == 1 else weights[:, np.newaxis])
    return float(rows.sum(dtype=np.float64))


def _below_largest(logits: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Each row less its largest logit, so that no exponential overflows."""
    largest = logits[np.arange(len(logits)), logits.argmax(axis=1)]  # five times as fast as max along so short an axis
    return np.subtract(logits, largest[:, np.newaxis], out=out)
