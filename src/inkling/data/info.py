"""What there is to know about data before training on it: classes, grey levels, duplicates, and leaked test images."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from inkling.data.dataset import Dataset, Source
from inkling.data.fingerprints import count_mnist_test_images, count_mnist_training_images, fingerprints


@dataclass(frozen=True)
class PartInfo:
    """One part of a source.

    Attributes
    ----------
    rows : number of images.
    image_size : rows and columns of pixels of each.
    class_names : the name of each class.
    counts : number of images of each class, or None without labels.
    pixel_range : smallest and largest grey level.
    mean_ink : mean grey level, as a fraction of 255; MNIST's is 0.13.
    duplicates : number of images equal to an earlier one.
    contradictions : number of duplicates whose label is not that of the earlier image.
    mnist_test_rows : number of images equal to one of MNIST's 10,000 test images; 0 where they are not 28×28. Of images
        that were compressed since, a lower bound.
    mnist_training_rows : lower bound of the number of images that are in MNIST's training set.
    sha256 : of images and labels in order.
    """

    rows: int
    image_size: tuple[int, int]
    class_names: tuple[str, ...]
    counts: tuple[int, ...] | None
    pixel_range: tuple[int, int]
    mean_ink: float
    duplicates: int
    contradictions: int
    mnist_test_rows: int
    mnist_training_rows: int
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
        image_size=part.image_shape,
        class_names=part.class_names,
        counts=None if labels is None else tuple(np.bincount(labels, minlength=part.n_classes).tolist()),
        pixel_range=(int(images.min(initial=255)), int(images.max(initial=0))),
        mean_ink=float(images.mean(dtype=np.float64)) / 255 if len(part) else 0.0,
        duplicates=duplicates,
        contradictions=contradictions,
        mnist_test_rows=count_mnist_test_images(images),
        mnist_training_rows=count_mnist_training_images(images),
        sha256=part.sha256,
    )


def _repeats(prints: list[bytes], labels: np.ndarray | None) -> tuple[int, int]:
    """How many images equal an earlier one, and how many of these have another label."""
    first: dict[bytes, int] = {}
    repeats = [(first[image], row) for row, image in enumerate(prints) if first.setdefault(image, row) != row]
    if labels is None:
        return len(repeats), 0
    return len(repeats), sum(int(labels[one] != labels[other]) for one, other in repeats)
