"""Images that are unlike the others of their part: without ink, inverted, or off the centre."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from inkling.data import Dataset
from inkling.data.mnist_form import has_dark_ground
from inkling.inspection.copies import label_of
from inkling.inspection.finding import Finding

_LEAST_CONTRAST = 32  # grey levels between the darkest and the brightest pixel; less is no ink
_FARTHEST = 1 / 7  # of the image's longer side, from where the ink of most images is: 4 pixels of 28


def damaged(part: Dataset) -> Iterator[Finding]:
    """Blank images, and images whose ground or place of the ink is not that of most."""
    if not len(part):
        return
    contrast = np.ptp(part.images.reshape(len(part), -1), axis=1)
    blank = contrast < _LEAST_CONTRAST
    for row in np.flatnonzero(blank).tolist():
        yield _finding("blank", part, row, f"has {contrast[row]} grey levels between darkest and brightest pixel", 1.0)
    inked = np.flatnonzero(~blank)
    if not len(inked):
        return
    dark = has_dark_ground(part.images[inked])
    mostly_dark = bool(dark.mean() >= 0.5)
    for row in inked[dark != mostly_dark].tolist():
        yield _finding("inverted", part, row, f"has a {'bright' if mostly_dark else 'dark'} ground", 1.0)
    alike = inked[dark == mostly_dark]
    away = _distances(part.images[alike] if mostly_dark else 255 - part.images[alike])
    longest = max(part.image_shape)
    for place in np.flatnonzero(away > _FARTHEST * longest).tolist():
        says = f"has its ink {away[place]:.1f} pixels from where that of most is"
        yield _finding("off-centre", part, int(alike[place]), says, min(1.0, float(away[place]) / longest))


def _distances(images: np.ndarray) -> np.ndarray:
    """How many pixels the centre of mass of each image (N, H, W), bright on dark, is from the median one."""
    mass = np.maximum(images.sum(axis=(1, 2), dtype=np.float64), 1)
    down = images.sum(axis=2, dtype=np.float64) @ np.arange(images.shape[1]) / mass
    across = images.sum(axis=1, dtype=np.float64) @ np.arange(images.shape[2]) / mass
    return np.hypot(down - np.median(down), across - np.median(across))


def _finding(kind: str, part: Dataset, row: int, says: str, score: float) -> Finding:
    return Finding(kind, part.name, int(part.rows[row]), label_of(part, row), says, score)


_FEW = 0.25  # of the mean number of images per class


def unbalanced(part: Dataset) -> Iterator[Finding]:
    """Classes with less than a quarter of the mean number of images per class."""
    if part.labels is None or not len(part):
        return
    counts = np.bincount(part.labels, minlength=part.n_classes)
    mean = counts.mean()
    for label in np.flatnonzero(counts < _FEW * mean).tolist():
        says = f"has {counts[label]:,} images, where classes have {mean:,.0f} on average"
        yield Finding("balance", part.name, None, part.class_names[label], says, float(1 - counts[label] / mean))
