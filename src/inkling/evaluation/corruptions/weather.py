"""Weather: fog in front of the digit, and mud on it."""

from __future__ import annotations

import itertools
import math

import numpy as np

from inkling.evaluation.corruptions.plasma import plasma
from inkling.evaluation.pixels import ndimage, to_float, to_uint8
from inkling.ink.normalization import DIGIT_SHAPE

SIDE = DIGIT_SHAPE[0]
# Fog has severity 5 of 5: the weight of a cloud, where the image has weight 1.
FOG = 3.0
# A cloud has 2^FOG_ROUNDS pixels on each side.
FOG_ROUNDS = 8
# Each round divides the noise of a cloud by this. The published code divides by 1.4 and then squares the noise.
FOG_SHRINK = 1.4**2
# Spatter has severity 4 of 5. Mean and standard deviation of the normal noise that wets pixels.
WET_MEAN = 0.65
WET_DEVIATION = 0.3
# The noise is smoothed by a Gaussian of this standard deviation in pixels; wet is where it then exceeds the threshold.
WET_SIGMA = 1.0
WET_THRESHOLD = 0.65
# The mask of wet pixels is smoothed by this Gaussian, in pixels, and mud lies where it then reaches the threshold.
MUD_SIGMA = 1.5
MUD_THRESHOLD = 0.8
# Level of mud, from 0 to 1.
MUD = 63 / 255


def fog(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A cloud of three times the image's weight is added, and the sum scaled back to the image's largest level.

    As published, the cloud has 256×256 pixels, is normalised to 0-1, and its corner is laid over the image. Opposite
    edges of a cloud meet, so that all four corners have the same distribution up to reflection. The published code uses
    one of them per image; this one uses all four, for four images.
    """
    levels = to_float(images)
    clouds = plasma(rng, math.ceil(len(images) / 4), FOG_ROUNDS, FOG_SHRINK)
    ways = (np.arange(SIDE), -np.arange(SIDE))
    corners = [clouds[:, y[:, None], x] for y, x in itertools.product(ways, ways)]
    cloud = np.stack(corners, axis=1).reshape(-1, SIDE, SIDE)[: len(images)]
    brightest = levels.max(axis=(1, 2), keepdims=True)
    return to_uint8((levels + np.float32(FOG) * cloud) * brightest / (brightest + np.float32(FOG)))


def spatter(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Blots of dark grey mud, 63 of 255, that cover the digit and are a little transparent at their rims.

    A pixel is wet where normal noise (mean 0.65, deviation 0.3), smoothed over 1 pixel, is above 0.65. The mask of wet
    pixels is smoothed over 1.5 pixels; where it reaches 0.8 it is the opacity of the mud, elsewhere there is none.
    """
    smooth = ndimage().gaussian_filter
    noise = rng.standard_normal(images.shape, np.float32) * np.float32(WET_DEVIATION) + np.float32(WET_MEAN)
    wet = smooth(noise, (0, WET_SIGMA, WET_SIGMA), mode="nearest") > WET_THRESHOLD
    mud = smooth(wet.astype(np.float32), (0, MUD_SIGMA, MUD_SIGMA), mode="nearest")
    mud[mud < MUD_THRESHOLD] = 0
    return to_uint8(to_float(images) * (1 - mud) + np.float32(MUD) * mud)
