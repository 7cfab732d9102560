"""Connectionist temporal classification (CTC): how probable a text is, given the symbol probabilities of T columns.

Graves et al. 2006, "Connectionist temporal classification: labelling unsegmented sequence data with recurrent neural
networks". docs/ctc.md derives what stands here; the letters are those of `trellis.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkling.errors import UsageError
from inkling.nn.trellis import Trellis, require_columns, row_of


def ctc_loss(
    logits: np.ndarray,
    labels: np.ndarray,
    dlogits: np.ndarray | None = None,
    *,
    blank: int | None = None,
    count: int | None = None,
    weights: np.ndarray | None = None,
) -> float:
    """−log p(label) in nats under the softmax of `logits`, averaged over the rows; its gradient goes into `dlogits`.

    p           Σ over all alignments of the label of Πₜ yₜ[symbol of column t]        yₜ = softmax(zₜ)
    αₜ(s)       probability of columns 1 … t, of which the last is in state s
    βₜ(s)       probability of columns t+1 … T, given that column t is in state s      p = Σₛ αₜ(s) βₜ(s) for each t
    loss        −Σₙ wₙ log pₙ / count
    gradient    wₙ (yₜ[k] − Σ over the states s of symbol k of αₜ(s) βₜ(s) / pₙ) / count

    The sums are computed from logarithms, in float64. β is α of the label from right to left, without yₜ: one loop over
    the columns computes both. A label that T columns cannot show (`columns_needed`) has the loss infinity, and its row
    the gradient 0; where training starts, `CTCLoss` refuses it. PyTorch's `ctc_loss` computes the same sums, but its
    "mean" divides the loss of each row by the length of its label.

    Parameters
    ----------
    logits : (N, T, C)
    labels : (N, L) symbols, whole numbers from 0 to C − 1 without the blank; shorter labels are padded with −1.
    dlogits : (N, T, C), overwritten; may be `logits` itself. None where only the loss is wanted.
    blank : the symbol for "nothing new", by default the last, C − 1.
    count : the number to divide by, N by default; the size of the whole batch where `logits` is one shard of it.
    weights : (N,) how much each row counts, 1 by default.

    Raises
    ------
    UsageError
        Logits, labels or the blank are not as described above, or there are no rows or no columns.
    """
    if logits.ndim != 3 or 0 in logits.shape:
        raise UsageError(
            f"logits of CTC are (N, T, C), one row and one column or more, not of the shape {logits.shape}"
        )
    trellis = Trellis.of(labels, logits.shape[2], blank)
    if len(labels) != len(logits):
        raise UsageError(f"{len(logits)} rows of logits need as many labels, not {len(labels)}")
    count = len(logits) if count is None else count
    log_probs = log_softmax(logits)
    shown = trellis.emitted(log_probs)
    if dlogits is None:
        log_p = trellis.log_probability(trellis.arriving(shown)[-1] + shown[-1])
    else:
        both = trellis.with_reversed().arriving(np.concatenate([shown, shown[::-1, :, ::-1]], axis=1))
        α, β = both[:, : len(logits)] + shown, both[::-1, len(logits) :, ::-1]
        log_p = trellis.log_probability(α[-1])
        gradient = np.exp(log_probs) - _given_label(α + β, log_p, trellis, logits.shape[2])
        gradient[np.isneginf(log_p)] = 0.0
        gradient *= 1.0 / count if weights is None else weights[:, np.newaxis, np.newaxis] / count
        dlogits[...] = gradient
    return -float((log_p if weights is None else log_p * weights).sum()) / count


def _given_label(αβ: np.ndarray, log_p: np.ndarray, trellis: Trellis, count: int) -> np.ndarray:
    """The probability (N, T, C) that a column shows a symbol, given the label; `αβ` (T, N, S) are logarithms."""
    of_state = np.exp(αβ - np.where(np.isneginf(log_p), 0.0, log_p)[:, np.newaxis])
    is_symbol = (trellis.symbols[:, :, np.newaxis] == np.arange(count)).astype(np.float64)  # (N, S, C)
    return of_state.transpose(1, 0, 2) @ is_symbol


def ctc_log_probability(log_probs: np.ndarray, label: Sequence[int] | np.ndarray, blank: int | None = None) -> float:
    """log p(label) in nats, summed over all alignments; −∞ where the columns cannot show the label.

    Parameters
    ----------
    log_probs : (T, C) logarithms of the probabilities of each column, such as `log_softmax` of logits.
    label : (L,) symbols without the blank, perhaps padded with −1. With none at all, it is the probability of a row
        without symbols.
    blank : as in `ctc_loss`.

    Raises
    ------
    UsageError
        There is no column, or the label or the blank are not as described above.
    """
    return float(ctc_log_probabilities(log_probs, row_of(label), blank)[0])


def ctc_log_probabilities(log_probs: np.ndarray, labels: np.ndarray, blank: int | None = None) -> np.ndarray:
    """`ctc_log_probability` (N,) of several labels (N, L) of the same columns, padded with −1, all at once."""
    require_columns(log_probs)
    trellis = Trellis.of(labels, log_probs.shape[1], blank)
    shown = trellis.emitted(np.broadcast_to(log_probs.astype(np.float64), (len(labels), *log_probs.shape)))
    return trellis.log_probability(trellis.arriving(shown)[-1] + shown[-1])


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """The logarithms of the softmax along the last axis, float64, without overflow for any finite logits."""
    z = logits - logits.max(axis=-1, keepdims=True).astype(np.float64)
    z -= np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return z
