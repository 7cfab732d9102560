"""Statistics of what was scored: counts per answer, and how confidence, ink and size are distributed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from inkling.data.mnist_form import extents

BINS = 20  # of each histogram
UNREADABLE = "unreadable"
_INK = 64  # A pixel of at least this level, of 255, counts as ink where the size of an image's ink is measured.
_MOST_INK = 0.5  # the upper end of the histogram of ink; the brightest of MNIST's digits has .39


@dataclass(frozen=True)
class Statistics:
    """Counts of images.

    Attributes
    ----------
    counts : how many have each label; "unreadable" are the pictures without an answer.
    confidence : per twentieth from 0 to 1.
    ink : per twentieth of the mean level of an image, from 0 to half of white; empty for pages.
    size : per twentieth of the longer side of the ink's box, from 0 to the side of the image; empty for pages.
    """

    counts: dict[str, int] = field(default_factory=dict)
    confidence: list[int] = field(default_factory=lambda: [0] * BINS)
    ink: list[int] = field(default_factory=list)
    size: list[int] = field(default_factory=list)

    @property
    def images(self) -> int:
        return sum(self.counts.values())

    @property
    def unreadable(self) -> int:
        return self.counts.get(UNREADABLE, 0)

    def __add__(self, other: Statistics) -> Statistics:
        counts = Counter(self.counts)
        counts.update(other.counts)
        return Statistics(
            dict(sorted(counts.items())),
            _sum(self.confidence, other.confidence),
            _sum(self.ink, other.ink),
            _sum(self.size, other.size),
        )

    def to_dict(self) -> dict[str, Any]:
        return {"counts": self.counts, "confidence": self.confidence, "ink": self.ink, "size": self.size}

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> Statistics:
        return cls(record["counts"], record["confidence"], record["ink"], record["size"])


def statistics_of(labels: list[str | None], confidence: np.ndarray, images: np.ndarray | None = None) -> Statistics:
    """The statistics of answers.

    Parameters
    ----------
    labels : of each image; None where there is no answer.
    confidence : (M,) of those with an answer.
    images : uint8 (M, H, W), those with an answer; None for pages.
    """
    counts = Counter(UNREADABLE if label is None else label for label in labels)
    measured = ([], []) if images is None else (_histogram(_ink(images)), _histogram(_size(images)))
    return Statistics(dict(sorted(counts.items())), _histogram(confidence), *measured)


def _histogram(fractions: np.ndarray) -> list[int]:
    places = np.clip((fractions * BINS).astype(np.int64), 0, BINS - 1)
    return [int(count) for count in np.bincount(places, minlength=BINS)]


def _ink(images: np.ndarray) -> np.ndarray:
    """The mean level of each image, as a fraction of _MOST_INK of white."""
    area = images.shape[1] * images.shape[2]
    return np.asarray(images.sum(axis=(1, 2), dtype=np.int64) / (255 * area * _MOST_INK))


def _size(images: np.ndarray) -> np.ndarray:
    """The longer side of the box of each image's ink, as a fraction of the side of the image."""
    ink = images >= _INK
    sides = []
    for axis in (2, 1):
        inked = np.asarray(ink.any(axis=axis))
        sides.append(extents(inked) / inked.shape[1])
    return np.asarray(np.maximum(*sides))


def _sum(one: list[int], other: list[int]) -> list[int]:
    if not one or not other:
        return one or other
    return [a + b for a, b in zip(one, other, strict=True)]
