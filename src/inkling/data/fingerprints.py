"""Fingerprints of images: equal for equal images, and too short to tell anything else about them.

That of all grey levels tells which images are MNIST's test images. That of the ink alone, of which pixels are above a
level, often survives a few grey levels of change, as JPEG makes them: by some of its images it tells a set that was
compressed. `docs/log.md` has how many.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import numpy as np

from inkling.ink.normalization import DIGIT_SHAPE

_BYTES = 5  # With 10,000 known images, one of 10⁸ others is taken for one of them by chance.
_INK_LEVEL = 100  # Of the levels from 60 to 127 this is the one across which JPEG moves the fewest pixels.
_INK_BYTES = 4  # With 60,000 known images, one of 70,000 others is taken for one of them by chance.
# Where at most this fraction of images have the ink of a known image, it may be chance: 0.1 % of other people's digits
# have the ink of one, mostly ones.
CHANCE = 0.003


def fingerprints(images: np.ndarray) -> list[bytes]:
    """Of each image (N, H, W) uint8 the first five bytes of its BLAKE2b digest."""
    rows = np.ascontiguousarray(images).reshape(len(images), -1)
    return [hashlib.blake2b(row.data, digest_size=_BYTES).digest() for row in rows]


def ink_fingerprints(images: np.ndarray) -> np.ndarray:
    """Of each image (N, H, W) uint8 four bytes, uint32 (N,), of the digest of which pixels are ink."""
    ink = np.packbits((images > _INK_LEVEL).reshape(len(images), -1), axis=1)
    digests = b"".join(hashlib.blake2b(row.data, digest_size=_INK_BYTES).digest() for row in ink)
    return np.frombuffer(digests, np.dtype("<u4"))


@cache
def mnist_test_fingerprints() -> frozenset[bytes]:
    """Those of MNIST's 10,000 test images."""
    stored = Path(__file__).with_name("mnist_test.hashes").read_bytes()
    return frozenset(stored[at : at + _BYTES] for at in range(0, len(stored), _BYTES))


@cache
def mnist_ink_fingerprints(part: str) -> np.ndarray:
    """The ink fingerprints, uint32, of MNIST's images to train or to test on, without those that are in both."""
    return np.frombuffer(Path(__file__).with_name(f"mnist_{part}_ink.hashes").read_bytes(), np.dtype("<u4"))


def count_mnist_test_images(images: np.ndarray) -> int:
    """How many of the images (N, H, W) uint8 are in MNIST's test set; none where they are not 28×28.

    A model that learnt from such images cannot be judged on MNIST's test set. Of images that were compressed since, at
    least so many are in the test set.
    """
    if images.shape[1:] != DIGIT_SHAPE:
        return 0
    return sum(map(mnist_test_fingerprints().__contains__, fingerprints(images))) or _count_ink(images, "test")


def count_mnist_training_images(images: np.ndarray) -> int:
    """How many of the images (N, H, W) uint8 at least are in MNIST's training set; none where they are not 28×28."""
    return _count_ink(images, "train") if images.shape[1:] == DIGIT_SHAPE else 0


def _count_ink(images: np.ndarray, part: str) -> int:
    """How many images have the ink of a known image; none where so few have that it may be chance."""
    known = int(np.isin(ink_fingerprints(images), mnist_ink_fingerprints(part)).sum())
    return known if known > max(CHANCE * len(images), 1) else 0
