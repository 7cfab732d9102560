"""Pictures, one digit each, in folders that are named after it: `3/anything.png`, `train/3/…` beside `test/3/…`."""

from __future__ import annotations

import re

import numpy as np

from inkling.classes import DIGITS
from inkling.data.dataset import Dataset, Source
from inkling.data.files import Collection
from inkling.errors import DataError
from inkling.ink import ENDINGS, digit_image, open_picture
from inkling.ink.normalization import DIGIT_SHAPE

_NAME = re.compile(
    rf"(?:.*?/)??(?:(?P<part>train|test)[^/]*/)?(?P<label>[^/]+)/[^/]+\.({'|'.join(ENDINGS)})", re.IGNORECASE
)
_DIGITS = {str(digit) for digit in range(len(DIGITS))}


def find_pictures(files: Collection) -> Source | None:
    """The digits in folders `0` to `9`, or None where there is no folder of pictures.

    Raises
    ------
    DataError
        The folders have other names, or a picture cannot be opened.
    """
    matches = [match for match in map(_NAME.fullmatch, files.names) if match]
    digits = [match for match in matches if match["label"] in _DIGITS]
    others = sorted({match["label"] for match in matches if match["label"] not in _DIGITS})
    if not matches:
        return None
    if not digits:
        raise DataError(
            f"{files.name}: pictures in folders named 0 to 9 were expected, found them in {', '.join(others[:5])}"
        )
    parts = {}
    for part in ("train", "test"):
        members = [match for match in digits if (match["part"] or "train").lower() == part]
        if members:
            parts[part] = _dataset(files, members)
    notes = ["pictures in folders named after the digit"]
    if others:
        notes.append(f"left out: pictures in other folders ({', '.join(others[:5])})")
    return Source.of(files.name, parts.get("train"), parts.get("test"), tuple(notes), normalized=True)


def _dataset(files: Collection, members: list[re.Match[str]]) -> Dataset:
    images = np.empty((len(members), *DIGIT_SHAPE), np.uint8)
    for image, match in zip(images, members, strict=True):
        image[...] = read_picture(files.reader(match[0]), f"{match[0]} in {files.name}")
    return Dataset(images, np.array([int(match["label"]) for match in members]))


def read_picture(data: bytes, name: str) -> np.ndarray:
    """The digit in an encoded picture, uint8 (28, 28).

    What is 28×28 with a dark ground is MNIST's form already and stays as it is; all else is normalised.

    Raises
    ------
    DataError
        Not a picture, or a damaged one.
    """
    levels = open_picture(data, name).levels
    if levels.shape == DIGIT_SHAPE and 2 * _border_level(levels) < levels.max():
        return np.rint(levels).astype(np.uint8)
    return digit_image(levels)


def _border_level(levels: np.ndarray) -> float:
    """The median grey level of the outermost pixels."""
    return float(np.median(np.concatenate([levels[0], levels[-1], levels[1:-1, 0], levels[1:-1, -1]])))
