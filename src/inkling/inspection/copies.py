"""Copies of images, within a part of the data and across parts, exact or nearly so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from inkling.data import Dataset
from inkling.data.copies import first_copies
from inkling.inspection.finding import Finding

# Correlation of the pixels of two images. Copies have at least this, be they brighter or compressed as JPEG of quality
# 75; of 20,000 images of MNIST, none has it with another one (the nearest are ones, at .986).
NEARLY = 0.99
MOST = 200_000  # images among which near copies are looked for: every pair is compared, 70,000 images in some seconds
_DIMENSIONS = 64  # of the projection in which pairs are compared first
_SAMPLE = 5_000  # images by which this projection is chosen
_BLOCK = 2_048  # images that are compared with all others at a time
_ROUNDING = 1e-4  # of squared distances in float32


def copies(parts: Sequence[Dataset]) -> Iterator[Finding]:
    """Images that equal, or nearly equal, an earlier one, and those of them whose label is another one."""
    for shape in dict.fromkeys(part.image_shape for part in parts):
        pool = _Pool([part for part in parts if part.image_shape == shape])
        first = first_copies(pool.images)
        for later in np.flatnonzero(first != np.arange(len(first))).tolist():
            yield from pool.findings("duplicates", later, int(first[later]), "equals")
        different = np.flatnonzero(first == np.arange(len(first)))
        if len(different) <= MOST:
            for later, earlier, correlation in nearly_equal(pool.images[different]):
                pair = int(different[later]), int(different[earlier])
                yield from pool.findings("near-duplicates", *pair, "nearly equals", correlation)


class _Pool:
    """The images of several parts of one size, one after the other."""

    def __init__(self, parts: Sequence[Dataset]) -> None:
        self.images = np.concatenate([part.images for part in parts])
        self._places = [(part, row) for part in parts for row in range(len(part))]

    def findings(self, kind: str, later: int, earlier: int, how: str, score: float = 1.0) -> Iterator[Finding]:
        """That one image is a copy of the other, and that their labels differ where they do."""
        (part, row), (other, other_row) = self._places[later], self._places[earlier]
        place = other.name, int(other.rows[other_row])
        called = f"row {place[1]}" if other is part else f"row {place[1]} of {place[0]}"
        label, other_label = label_of(part, row), label_of(other, other_row)
        own = part.name, int(part.rows[row]), label
        yield Finding(kind, *own, f"{how} {called}", score, place)
        if label is not None and other_label is not None and label != other_label:
            yield Finding("conflicts", *own, f"{how} {called}, which is labelled {other_label}", score, place)


def label_of(part: Dataset, row: int) -> str | None:
    """The name of the class of an image; None without labels."""
    return None if part.labels is None else part.class_names[part.labels[row]]


def nearly_equal(images: np.ndarray) -> Iterator[tuple[int, int, float]]:
    """Of each image (N, H, W) the earlier one that it correlates with most, and how much, from NEARLY on.

    The correlation of two images is the product of their unit vectors, 1 − |a − b|²/2. A projection onto an orthonormal
    basis makes no distance larger, so that pairs which are too far apart in a few dimensions are so in all.
    """
    units = _unit_vectors(images)
    sample = units[:: max(1, len(units) // _SAMPLE)]
    _, basis = np.linalg.eigh(sample.T @ sample)
    few = units @ basis[:, -_DIMENSIONS:]
    squares = np.einsum("nd,nd->n", few, few)
    blank = np.asarray((units == 0).all(axis=1))
    for start in range(0, len(few), _BLOCK):
        stop = min(start + _BLOCK, len(few))
        distances = squares[start:stop, np.newaxis] + squares[:stop] - 2 * few[start:stop] @ few[:stop].T
        distances[blank[start:stop]] = np.inf
        close = distances <= 2 * (1 - NEARLY) + _ROUNDING
        later, earlier = np.nonzero(np.tril(close, start - 1))  # of row i the images 0 … start + i − 1
        later += start
        correlations = np.einsum("nd,nd->n", units[later], units[earlier])
        for row in np.unique(later[correlations >= NEARLY]).tolist():
            own = np.flatnonzero(later == row)
            best = own[correlations[own].argmax()]
            yield row, int(earlier[best]), min(1.0, float(correlations[best]))


def _unit_vectors(images: np.ndarray) -> np.ndarray:
    """The pixels of each image without their mean, as a vector (N, H·W) of length 1; 0 for an image of one grey."""
    x = images.reshape(len(images), -1).astype(np.float32)
    x -= x.mean(axis=1, keepdims=True)
    return x / np.maximum(np.sqrt(np.einsum("nd,nd->n", x, x)), 1e-6)[:, np.newaxis]
