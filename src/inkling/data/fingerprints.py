"""Fingerprints of images: equal for equal images, and too short to tell anything else about them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import numpy as np

_BYTES = 5  # with 10,000 known ones, one of 10⁸ other images is taken for one of them by chance


def fingerprints(images: np.ndarray) -> list[bytes]:
    """Of each image (N, 28, 28) uint8 the first five bytes of its BLAKE2b digest."""
    rows = np.ascontiguousarray(images).reshape(len(images), -1)
    return [hashlib.blake2b(row.data, digest_size=_BYTES).digest() for row in rows]


@cache
def mnist_test_fingerprints() -> frozenset[bytes]:
    """Those of MNIST's 10,000 test images."""
    stored = Path(__file__).with_name("mnist_test.hashes").read_bytes()
    return frozenset(stored[at : at + _BYTES] for at in range(0, len(stored), _BYTES))


def count_mnist_test_images(images: np.ndarray) -> int:
    """How many of the images (N, 28, 28) uint8 are in MNIST's test set; who learnt from them can't be judged on it."""
    return sum(map(mnist_test_fingerprints().__contains__, fingerprints(images)))
