"""What an evaluation lists: how well each digit is read, which pairs are confused, and single mistakes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DigitScore:
    """How well one digit is recognised; shares are fractions, and 0/0 counts as 0 as in scikit-learn.

    Attributes
    ----------
    digit : 0-9.
    precision : of the images read as this digit, the share that is it.
    recall : of the images of this digit, the share read as it.
    f1 : harmonic mean of the two.
    support : images of this digit.
    """

    digit: int
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class ConfusedPair:
    """Images of `label` that were read as `prediction`."""

    label: int
    prediction: int
    images: int


@dataclass(frozen=True)
class Mistake:
    """One image read wrongly, and the probability of the wrong answer.

    Attributes
    ----------
    index : its place among the images that were evaluated, from 0.
    row : its row in the data they were taken from, from 0.
    """

    index: int
    row: int
    label: int
    prediction: int
    confidence: float
