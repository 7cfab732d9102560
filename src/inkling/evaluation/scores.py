"""The entries of an evaluation's lists: the score of a class, a pair of classes that is confused, and a mistake."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ClassScore:
    """How well one class is recognised; shares are fractions, and 0/0 counts as 0 as in scikit-learn.

    Attributes
    ----------
    class_name : what the class is called.
    precision : of the images read as this class, the share that belongs to it.
    recall : of the images of this class, the share that was read as it.
    f1 : harmonic mean of precision and recall.
    support : number of images of this class.
    """

    class_name: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class ConfusedPair:
    """Images of the class `label` that were read as the class `prediction`.

    Attributes
    ----------
    label, prediction : classes, counted from 0 as in labels.
    n_images : number of these images.
    """

    label: int
    prediction: int
    n_images: int


@dataclass(frozen=True)
class Mistake:
    """One image that was read wrongly.

    Attributes
    ----------
    index : position of the image among those evaluated, from 0.
    row : row of the image in the data that it was taken from, from 0.
    label, prediction : classes, counted from 0 as in labels.
    confidence : probability of the wrong answer, a fraction.
    """

    index: int
    row: int
    label: int
    prediction: int
    confidence: float
