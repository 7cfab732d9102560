"""Drift: how far what was scored is from the images that the model was trained on.

The population stability index of two histograms with the shares p and q is the sum of (p - q) ln(p / q) over their
bins. In credit scoring, where it comes from, up to .1 counts as no drift and from .25 on as a strong one (N. Siddiqi,
"Credit Risk Scorecards", 2006).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkling.cluster.scoring.answering import Answering
from inkling.cluster.scoring.statistics import Statistics, statistics_of
from inkling.data import Dataset

STRONG = 0.25
_MOST = 10_000  # training images that are compared with
_LEAST_COUNT = 0.5  # stands for an empty bin, whose logarithm would be infinite


def reference_of(training: Dataset, model: Answering) -> Statistics:
    """The statistics of what a model was trained on, of 10,000 images at most."""
    images = training.images[:: -(-len(training) // _MOST)]
    answers = model.answers(images)
    names = [model.model.class_names[place] for place in answers.probabilities.argmax(axis=1)]
    return statistics_of(list(names), answers.confidence, images)


def drifts(found: Statistics, reference: Statistics) -> dict[str, float]:
    """The population stability index of confidence, ink and size; none where nothing was answered."""
    pairs = {
        "confidence": (found.confidence, reference.confidence),
        "ink": (found.ink, reference.ink),
        "size": (found.size, reference.size),
    }
    return {name: _index(*pair) for name, pair in pairs.items() if sum(pair[0]) and sum(pair[1])}


def _index(found: Sequence[int], reference: Sequence[int]) -> float:
    p, q = (np.maximum(np.asarray(counts, float), _LEAST_COUNT) for counts in (found, reference))
    p, q = p / p.sum(), q / q.sum()
    return float(((p - q) * np.log(p / q)).sum())
