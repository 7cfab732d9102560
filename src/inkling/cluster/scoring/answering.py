"""Answers: a model that is kept between the tasks of a process, and what it says about images and pictures."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from inkling.cluster.scoring.addresses import read_whole
from inkling.cluster.scoring.content import Picture
from inkling.compatibility import by
from inkling.data.pictures import Pictures
from inkling.errors import DataError, printable
from inkling.images import check_images
from inkling.inference import Predictor
from inkling.model import Model, load
from inkling.nn import softmax
from inkling.pixel_values import PixelRange, to_levels


@dataclass(frozen=True, eq=False)
class Answers:
    """What a model says of N images.

    Attributes
    ----------
    probabilities : float32 (N, K), of the classes, given that the image is one of them.
    none : float32 (N,), that the image is none of them; zeros where the model cannot tell.
    """

    probabilities: np.ndarray
    none: np.ndarray

    @property
    def confidence(self) -> np.ndarray:
        """float32 (N,): the probability of the most probable class."""
        return np.asarray(self.probabilities.max(axis=1) * (1 - self.none), np.float32)


@dataclass(frozen=True, eq=False)
class Answering:
    """A model that answers on one thread, since each worker has one core."""

    model: Model
    predictor: Predictor

    @classmethod
    def of(cls, model: Model) -> Answering:
        return cls(model, Predictor(model.network, model.params, model.temperature, threads=1))

    def answers(self, levels: np.ndarray) -> Answers:
        """Answers to images, uint8 (N, H, W)."""
        logits = self.predictor.logits(check_images(levels, self.model.input_shape))
        if not np.isfinite(logits).all():
            raise DataError("the model answers with numbers that are not finite: take another model")
        classes = softmax(logits[:, : self.model.n_classes])
        if not self.model.knows_non_digits:
            return Answers(classes, np.zeros(len(levels), np.float32))
        return Answers(classes, softmax(logits)[:, -1])


@lru_cache(maxsize=2)
def answering(address: str, sha256: str) -> Answering:
    """The model in a file whose bytes have this hash; DataError where the file has others."""
    content = read_whole(address)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DataError(f"{printable(address)}: another model than the one that this scoring began with")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.safetensors"
        file.write_bytes(content)
        return Answering.of(load(file))


def levels_of(pixels: np.ndarray, meaning: PixelRange, model: Model, name: str) -> np.ndarray:
    """Grey levels uint8 (N, H, W) of stored numbers; DataError where they are images of another size."""
    shape = model.input_shape[:2]
    if pixels.shape[1:] not in (shape, (*shape, 1), (shape[0] * shape[1],)):
        found = by(pixels.shape[1:]) if pixels.ndim == 3 else str(pixels.shape[1:])
        raise DataError(
            f"{printable(name)}: the model takes images of {by(shape)} pixels, found {found}: take images of that size"
        )
    return to_levels(pixels.reshape(-1, *shape), meaning)


def image_of(picture: Picture, model: Model) -> np.ndarray:
    """A picture of a single character as the model takes it, uint8 (H, W); DataError where it cannot be read."""
    content, name = picture.content, printable(picture.name)
    if isinstance(content, DataError):
        raise content
    return levels_of(Pictures([name], lambda _: content).normalized().images, PixelRange(), model, name)[0]
