"""The images that an int8 export is calibrated on, and the others that it is judged on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inkling.compatibility import in_classes_of, require_image_size
from inkling.data import Dataset, Source
from inkling.errors import DataError
from inkling.model import Model
from inkling.provenance import unseen

MOST = 1000  # images to calibrate on; with 2,000, the reader's answers are not nearer to those in float32
LEAST = 100  # of the images that are not judged; where there are fewer, some of the judged ones calibrate instead


@dataclass(frozen=True)
class Calibration:
    """Images to calibrate on, and others to judge on.

    Attributes
    ----------
    images : uint8 (N, H, W), to calibrate on.
    source : the name of the data that they are from.
    taken : which ones of these they are, in words.
    judged : a labelled part.
    which : which one that is, in words.
    """

    images: np.ndarray
    source: str
    taken: str
    judged: Dataset
    which: str


def calibration_from(source: Source, model: Model, name: str) -> Calibration:
    """Up to MOST images of the source at random, always the same ones, and what `evaluate` would judge the model on.

    Parameters
    ----------
    name : what to call the model in messages.

    Raises
    ------
    DataError
        The data do not suit the model, or have no labelled images to judge on.
    """
    part, which = unseen(model, source)
    require_image_size(model, part, name)
    part = in_classes_of(model, part, name)
    rng = np.random.default_rng(0)
    others = _not_judged(source, part)
    if len(others) >= LEAST:
        assert source.train is not None
        chosen = np.sort(rng.permutation(others)[:MOST])
        return Calibration(source.train.images[chosen], source.name, "from its training part", part, which)
    order = rng.permutation(len(part))
    half = min(MOST, len(part) // 2)
    if half == 0:
        raise DataError(f"{source.name}: at least two images were expected, to calibrate and to judge on")
    taken = f"half of {which}, since {f'only {len(others):,}' if len(others) else 'no'} others are there"
    return Calibration(
        part.images[order[:half]], source.name, taken, part[np.sort(order[half:])], f"the other half of {which}"
    )


def _not_judged(source: Source, part: Dataset) -> np.ndarray:
    """Places in the training part of the source of the images that are not among those to judge on."""
    if source.train is None:
        return np.array([], np.int64)
    if source.test is not None and part.name == source.test.name:
        return np.arange(len(source.train))
    return np.flatnonzero(~np.isin(source.train.rows, part.rows))
