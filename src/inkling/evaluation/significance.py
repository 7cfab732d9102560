"""Significance: of two models tried on the same images, is one better, or was it chance? McNemar's exact test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class McNemar:
    """The images on which exactly one of two models is right, and how likely such a split is by chance.

    Images that both models read correctly, or both wrongly, do not tell which model is better. If both were equally
    good, each remaining image would be the toss of a fair coin. The test compares these two sets of weights; it does
    not predict how another training run of either recipe would do.

    Attributes
    ----------
    only_a_right, only_b_right : numbers of images.
    p_value : probability of a split at least this uneven between equally good models, a fraction.
    """

    only_a_right: int
    only_b_right: int
    p_value: float

    def sentence(self, a: str = "A", b: str = "B") -> str:
        """The result in plain words; `a` and `b` name the two models."""
        if self.only_a_right + self.only_b_right == 0:
            return f"{a} and {b} are right on exactly the same images, so these cannot tell which is better."
        split = (
            f"{a} is right on {_images(self.only_a_right)} where {b} is wrong, "
            f"{b} on {_images(self.only_b_right)} where {a} is wrong"
        )
        if self.only_a_right == self.only_b_right:
            return f"{split}: an even split, which favours neither."
        verdict = (
            "so chance alone is an unlikely explanation"
            if self.p_value < 0.05
            else "so these images do not show that either is better"
        )
        return (
            f"{split}; were both equally good, a split at least this uneven would come by chance "
            f"in {_percent(self.p_value)} of such comparisons, {verdict}."
        )


def mcnemar(labels: np.ndarray, predictions_a: np.ndarray, predictions_b: np.ndarray) -> McNemar:
    """McNemar's exact, two-sided test of two models on the same N images.

    Parameters
    ----------
    labels, predictions_a, predictions_b : int64 (N,), classes.

    Source: Q. McNemar, "Note on the sampling error of the difference between correlated proportions or
    percentages", 1947, with the exact binomial distribution in place of its approximation.
    """
    right_a, right_b = predictions_a == labels, predictions_b == labels
    only_a = int(np.count_nonzero(right_a & ~right_b))
    only_b = int(np.count_nonzero(right_b & ~right_a))
    return McNemar(only_a, only_b, _two_sided(only_a, only_b))


def _two_sided(heads: int, tails: int) -> float:
    """min(1, 2 · P(X ≤ min(heads, tails))) for the number of heads X in heads + tails tosses of a fair coin."""
    tosses = heads + tails
    coefficient = total = 1  # binomial coefficients as exact integers; only the division at the end rounds
    for i in range(min(heads, tails)):
        coefficient = coefficient * (tosses - i) // (i + 1)
        total += coefficient
    return min(1.0, 2 * total / 2**tosses)


def _images(count: int) -> str:
    return "1 image" if count == 1 else f"{count:,} images"


def _percent(p: float) -> str:
    """A fraction as a percentage with two significant digits."""
    if p < 0.0001:
        return "less than 0.01 %"
    decimals = 2 if p < 0.01 else 1 if p < 0.1 else 0
    return f"{100 * p:.{decimals}f} %"
