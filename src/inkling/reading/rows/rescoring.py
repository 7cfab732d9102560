"""Rescoring: which text a line has, where several readers propose texts.

The path through the pieces of ink sees each digit alone, as it is cut out; the row networks see the whole row without
cuts. All propose texts, and all score each text that is proposed: by the mean of the log-probabilities that the row
networks give it, plus the weighted score of its best alignment with the pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from inkling.classes import OTHER, ROW_SYMBOLS
from inkling.nn import ctc_log_probabilities
from inkling.nn.trellis import PADDING
from inkling.reading.piece_alignment import PieceAligner, PieceAlignment

OTHER_COST = 4.0  # nats for each symbol of other ink: pictures that are read have less of it than the rows of training
ALIGNMENT_WEIGHT = 1.25  # of the alignment's score beside the row network's
TEMPERATURE = 2.0  # of scores: both readers are surer than they are right
_NO_ALIGNMENT = -60.0  # nats, of a text that the pieces cannot be
_NEITHER = 0.002  # the probability of texts that neither reader proposes where both are sure
_LEAST = -1000.0  # nats; the log-probability of a text that so few columns cannot show


class Hypothesis(NamedTuple):
    """A text that a line may have, its alignment with the pieces (None where there is none), and its score in nats."""

    text: str
    alignment: PieceAlignment | None
    score: float


def rescored(answers: Sequence[np.ndarray], aligner: PieceAligner, texts: Iterable[str]) -> list[Hypothesis]:
    """Each of the texts with its score.

    Parameters
    ----------
    answers : log-probabilities (T, 12) of each row network, of which the mean log-probability of a text is taken.
    """
    texts = list(dict.fromkeys(texts))
    found = []
    for text, log_p in zip(texts, _seen(answers, texts).tolist(), strict=True):
        alignment = aligner.align(text)
        aligned = _NO_ALIGNMENT if alignment is None else alignment.score
        found.append(Hypothesis(text, alignment, log_p + ALIGNMENT_WEIGHT * aligned - OTHER_COST * text.count(OTHER)))
    return found


def _seen(answers: Sequence[np.ndarray], texts: Sequence[str]) -> np.ndarray:
    """The mean over the row networks of the log-probability (N,) of each text, at least _LEAST."""
    labels = np.full((len(texts), max(map(len, texts), default=0)), PADDING)
    for label, text in zip(labels, texts, strict=True):
        label[: len(text)] = [ROW_SYMBOLS.index(each) for each in text]
    return np.maximum(_LEAST, np.mean([ctc_log_probabilities(each, labels) for each in answers], axis=0))


def probabilities(hypotheses: Sequence[Hypothesis]) -> np.ndarray:
    """Of each hypothesis that it is right; together they have 1 - _NEITHER."""
    scores = np.array([each.score for each in hypotheses]) / TEMPERATURE
    odds = np.exp(scores - scores.max())
    return (1 - _NEITHER) * odds / odds.sum()
