"""Weather: fog in front of the digit, and mud on the lens."""

from __future__ import annotations

import itertools
import math

import numpy as np

from inkling.evaluation.corruptions.plasma import plasma
from inkling.evaluation.pixels import ndimage, to_float, to_uint8
from inkling.ink.normalization import DIGIT_SHAPE

SIDE = DIGIT_SHAPE[0]
FOG, FOG_ROUNDS, FOG_SHRINK = 3.0, 8, 1.4**2  # severity 5 of 5; the published noise shrinks by 1.4, and is then squared
WET_MEAN, WET_DEVIATION, WET_SIGMA, WET_FROM = 0.65, 0.3, 1.0, 0.65  # severity 4 of 5, as are the next
MUD_SIGMA, MUD_FROM, MUD = 1.5, 0.8, 63 / 255


def fog(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Three times as much light from a cloud as the image has, and the sum brought back to the image's brightest.

    As published, a cloud of 256×256 is normalised to 0-1 and its corner is laid over the image. There the edges meet,
    so that the four squares around it are alike in distribution, turned about: ours uses all four, for four images.
    """
    light = to_float(images)
    clouds = plasma(rng, math.ceil(len(images) / 4), FOG_ROUNDS, FOG_SHRINK)
    ways = (np.arange(SIDE), -np.arange(SIDE))
    corners = [clouds[:, y[:, None], x] for y, x in itertools.product(ways, ways)]
    cloud = np.stack(corners, axis=1).reshape(-1, SIDE, SIDE)[: len(images)]
    brightest = light.max(axis=(1, 2), keepdims=True)
    return to_uint8((light + np.float32(FOG) * cloud) * brightest / (brightest + np.float32(FOG)))


def spatter(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Blots of dark grey mud, 63 of 255, that cover what is under them and are a little transparent at their rims.

    Wet is where normal noise (mean 0.65, deviation 0.3), smoothed over 1 pixel, is above 0.65; mud lies where of this,
    smoothed over 1.5 pixels, 0.8 is reached, and that is how opaque it is.
    """
    smooth = ndimage().gaussian_filter
    noise = rng.standard_normal(images.shape, np.float32) * np.float32(WET_DEVIATION) + np.float32(WET_MEAN)
    wet = smooth(noise, (0, WET_SIGMA, WET_SIGMA), mode="nearest") > WET_FROM
    mud = smooth(wet.astype(np.float32), (0, MUD_SIGMA, MUD_SIGMA), mode="nearest")
    mud[mud < MUD_FROM] = 0
    return to_uint8(to_float(images) * (1 - mud) + np.float32(MUD) * mud)
