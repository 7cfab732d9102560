"""What there is to know about data before training on it: how much of what, doubles, and a test set in disguise."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from inkling.classes import DIGITS
from inkling.data.dataset import Dataset, Source
from inkling.data.fingerprints import fingerprints, mnist_test_fingerprints


@dataclass(frozen=True)
class PartInfo:
    """One part of a source.

    Attributes
    ----------
    rows : images.
    image_size : rows and columns of each.
    counts : images of each digit 0-9, or None without labels.
    pixel_range : smallest and largest grey level.
    mean_ink : mean grey level, as a fraction of 255; MNIST's is 0.13.
    duplicates : rows equal to an earlier row.
    contradictions : those of them whose label is not the earlier row's.
    mnist_test_rows : rows equal to one of MNIST's 10,000 test images.
    sha256 : of images and labels in order.
    """

    rows: int
    image_size: tuple[int, int]
    counts: tuple[int, ...] | None
    pixel_range: tuple[int, int]
    mean_ink: float
    duplicates: int
    contradictions: int
    mnist_test_rows: int
    sha256: str


@dataclass(frozen=True)
class SourceInfo:
    """A source: its parts by name ("train", "test"), and what loading it had to say."""

    name: str
    notes: tuple[str, ...]
    parts: dict[str, PartInfo]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return asdict(self)


def describe(source: Source) -> SourceInfo:
    """Count what is in each part of a source."""
    return SourceInfo(source.name, source.notes, {name: _describe(part) for name, part in source.parts.items()})


def _describe(part: Dataset) -> PartInfo:
    images, labels = part.images, part.labels
    prints = fingerprints(images)
    duplicates, contradictions = _repeats(prints, labels)
    return PartInfo(
        rows=len(part),
        image_size=(images.shape[1], images.shape[2]),
        counts=None if labels is None else tuple(np.bincount(labels, minlength=len(DIGITS)).tolist()),
        pixel_range=(int(images.min(initial=255)), int(images.max(initial=0))),
        mean_ink=float(images.mean(dtype=np.float64)) / 255 if len(part) else 0.0,
        duplicates=duplicates,
        contradictions=contradictions,
        mnist_test_rows=sum(map(mnist_test_fingerprints().__contains__, prints)),
        sha256=part.sha256,
    )


def _repeats(prints: list[bytes], labels: np.ndarray | None) -> tuple[int, int]:
    """How many rows equal an earlier one, and how many of these bear another label."""
    first: dict[bytes, int] = {}
    repeats = [(first[mark], row) for row, mark in enumerate(prints) if first.setdefault(mark, row) != row]
    if labels is None:
        return len(repeats), 0
    return len(repeats), sum(int(labels[one] != labels[other]) for one, other in repeats)
