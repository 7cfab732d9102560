"""Two models on the same images: is one better, or was it luck? McNemar's exact test answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class McNemar:
    """The images on which exactly one of two models is right, and what chance says about them.

    Images that both read rightly or both wrongly say nothing about which is better; were both equally good,
    each of the others would be the throw of a fair coin. The test is about these two sets of weights, not
    about how another training run of either would do.

    Attributes
    ----------
    only_a_right, only_b_right : counts of images.
    p_value : chance of a split at least this uneven between equally good models, a fraction.
    """

    only_a_right: int
    only_b_right: int
    p_value: float

    def sentence(self, a: str = "A", b: str = "B") -> str:
        """The result in plain words, with what to call the two models."""
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
    """McNemar's exact, two-sided test of two models on the same N images; all arrays (N,) of digits.

    Source: Q. McNemar, "Note on the sampling error of the difference between correlated proportions or
    percentages", 1947, with the exact binomial distribution in place of its approximation.
    """
    right_a, right_b = predictions_a == labels, predictions_b == labels
    only_a = int(np.count_nonzero(right_a & ~right_b))
    only_b = int(np.count_nonzero(right_b & ~right_a))
    return McNemar(only_a, only_b, _two_sided(only_a, only_b))


def _two_sided(heads: int, tails: int) -> float:
    """min(1, 2 · P(X ≤ min(heads, tails))) for X heads of a fair coin thrown heads + tails times."""
    throws = heads + tails
    ways = total = 1  # binomial coefficients, exact: the integers grow, the one division at the end rounds
    for i in range(min(heads, tails)):
        ways = ways * (throws - i) // (i + 1)
        total += ways
    return min(1.0, 2 * total / 2**throws)


def _images(count: int) -> str:
    return "1 image" if count == 1 else f"{count:,} images"


def _percent(p: float) -> str:
    """Two significant digits of a fraction, as a percentage."""
    if p < 0.0001:
        return "less than 0.01 %"
    decimals = 2 if p < 0.01 else 1 if p < 0.1 else 0
    return f"{100 * p:.{decimals}f} %"
