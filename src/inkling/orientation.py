"""Orientation: are digits upright and bright on dark, or does a model read them far better in another way?"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from inkling.classes import DIGITS
from inkling.data import Dataset
from inkling.errors import InklingWarning
from inkling.ink import DIGIT_SHAPE
from inkling.model import WEIGHTS, load

SUSPICIOUS = 0.7  # Digits of which a model reads at least this share are taken to be as they should.
_MODEL = "tiny"  # The other bundled model, the reader, has learnt to read inverted digits and would not tell.
_SAMPLE = 200  # So many images, evenly spread, are read in every way.
_LEAST_GAIN = 0.3  # The other way has to read so much more of the sample.

Images = np.ndarray
TURNS: dict[str, Callable[[Images], Images]] = {
    "": lambda images: images,
    "transposed": lambda images: images.swapaxes(1, 2),
    "mirrored left to right": lambda images: images[:, :, ::-1],
    "mirrored top to bottom": lambda images: images[:, ::-1],
    "rotated by 180°": lambda images: images[:, ::-1, ::-1],
    "rotated by 90° to the left": lambda images: images[:, :, ::-1].swapaxes(1, 2),
    "rotated by 90° to the right": lambda images: images[:, ::-1].swapaxes(1, 2),
    "transposed along the other diagonal": lambda images: images[:, ::-1, ::-1].swapaxes(1, 2),
}


def suspected_orientation(part: Dataset, accuracy: float | None = None) -> str:
    """A sentence where a bundled model reads digits far better in another orientation or inverted; else "".

    Parameters
    ----------
    accuracy : share of the images that a model has read already. From SUSPICIOUS on nothing is looked at.
    """
    if part.labels is None or part.class_names != DIGITS or part.image_shape != DIGIT_SHAPE or not len(part):
        return ""
    if accuracy is not None and accuracy >= SUSPICIOUS:
        return ""
    sample = part[np.linspace(0, len(part) - 1, min(_SAMPLE, len(part))).astype(int)]
    model = load(WEIGHTS / f"{_MODEL}.safetensors")  # by its name, a file in the current folder would come first

    def share(images: Images) -> float:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", InklingWarning)  # The range of the pixels was told when they were loaded.
            return float((model.predict(np.ascontiguousarray(images)) == sample.labels).mean())

    now = share(sample.images)
    if now >= SUSPICIOUS:
        return ""
    ways = {(name, inverted): turn for name, turn in TURNS.items() for inverted in ("", "inverted")}
    shares = {way: share(turn(255 - sample.images if way[1] else sample.images)) for way, turn in ways.items()}
    best = max(shares, key=shares.__getitem__)
    if shares[best] < max(SUSPICIOUS, now + _LEAST_GAIN):
        return ""
    how = " and ".join(filter(None, best))
    return (
        f"the images are not as MNIST's, upright and bright on dark: of {len(sample)} the bundled model {_MODEL} reads "
        f"{100 * now:.0f} %, and {100 * shares[best]:.0f} % once they are {how}"
    )


def warn_of_orientation(part: Dataset, accuracy: float) -> None:
    """InklingWarning where `suspected_orientation` says something."""
    if suspected := suspected_orientation(part, accuracy):
        warnings.warn(f"{part.name}: {suspected}", InklingWarning, stacklevel=2)
