"""All 15 corruptions by name, in the order of the paper, and the seeds with which every run draws the same images."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from inkling.evaluation.corruptions.blur import glass_blur, motion_blur
from inkling.evaluation.corruptions.edges import canny_edges
from inkling.evaluation.corruptions.geometry import rotation, scale, shear, translation
from inkling.evaluation.corruptions.light import brightness, stripe
from inkling.evaluation.corruptions.noise import impulse_noise, shot_noise
from inkling.evaluation.corruptions.strokes import dotted_line, zigzag
from inkling.evaluation.corruptions.weather import fog, spatter

Corruption = Callable[[np.ndarray, np.random.Generator], np.ndarray]

CORRUPTIONS: Mapping[str, Corruption] = {
    "shot noise": shot_noise,
    "impulse noise": impulse_noise,
    "glass blur": glass_blur,
    "motion blur": motion_blur,
    "shear": shear,
    "scale": scale,
    "rotation": rotation,
    "brightness": brightness,
    "translation": translation,
    "stripe": stripe,
    "fog": fog,
    "spatter": spatter,
    "dotted line": dotted_line,
    "zigzag": zigzag,
    "canny edges": canny_edges,
}

SEED = 2019
# So many images are corrupted at a time, which bounds the memory. Another number draws other images from the same seed.
PIECE = 1000


def corrupt(images: np.ndarray, name: str, seed: int = SEED) -> np.ndarray:
    """Images uint8 (N, 28, 28) under one of CORRUPTIONS: the same images and seed give the same bytes.

    Each corruption has its own random stream, so that it does not depend on which other corruptions are applied.
    """
    rng = np.random.default_rng((seed, list(CORRUPTIONS).index(name)))
    corrupted = np.empty_like(images)
    for start in range(0, len(images), PIECE):
        part = slice(start, start + PIECE)
        corrupted[part] = CORRUPTIONS[name](images[part], rng)
    return corrupted
