"""The survey: every shard is read once before anything is scored, for its hash and for what its numbers mean."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from inkling.cluster.scoring.content import Digest, read_pictures, read_stored
from inkling.cluster.scoring.shards import Shard
from inkling.data.mnist_form import unlike_mnist
from inkling.errors import DataError, printable
from inkling.ink import DIGIT_SHAPE
from inkling.pixel_values import PixelRange, PixelValueError, pixel_range, to_levels

_JUDGED = 2_000  # images of a shard whose form is looked at


@dataclass(frozen=True)
class Surveying:
    """The task of surveying a shard; `tolerant` is that of `read_pictures`."""

    shard: Shard
    output: str
    tolerant: bool = False


class Survey(NamedTuple):
    """What is known of a shard once it was read.

    Attributes
    ----------
    black, white : the numbers that stand for them, by the rule of `inkling.pixel_values`; equal where nothing tells,
        as for pictures and for images that are all blank.
    note : what is suspicious about the numbers, or differs from MNIST's form in images of 28×28; "" where nothing does.
    """

    sha256: str
    black: float = 0.0
    white: float = 0.0
    note: str = ""


def survey(task: Surveying) -> Survey:
    """Read a shard; DataError where it cannot be read, or its numbers are no pixels."""
    shard = task.shard
    if shard.kind == "pictures":
        digest = Digest()
        for picture in read_pictures(shard, task.output, tolerant=task.tolerant):
            digest.add(picture)
        return Survey(digest.hexdigest())
    images, sha256 = read_stored(shard)
    if not isinstance(images, np.ndarray) or not images.size:
        return Survey(sha256)
    try:
        found = pixel_range(images)
    except PixelValueError as error:
        raise DataError(f"{printable(shard.source)}, image {shard.first + error.row + 1:,}: {error}") from None
    if images.min() == images.max():
        return Survey(sha256)
    note = found.note if found.kind == "faint" else _unlike_mnist(images, found)
    return Survey(sha256, found.black, found.white, note)


def _unlike_mnist(images: np.ndarray, found: PixelRange) -> str:
    """What differs from MNIST's form, judged by some of the images; "" for other sizes than 28×28."""
    if math.prod(images.shape[1:]) != math.prod(DIGIT_SHAPE):
        return ""
    some = images[:: -(-len(images) // _JUDGED)]
    return unlike_mnist(to_levels(some.reshape(-1, *DIGIT_SHAPE), found))
