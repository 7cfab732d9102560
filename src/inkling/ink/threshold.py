"""The threshold between ground and ink: how deep a pixel is at least that somebody wrote."""

from __future__ import annotations

import math

import numpy as np

# Depths go from 0, on the ground, to 1; sigmas are standard deviations of the ground's noise.
_INK_SIGMAS = 4.0  # Ink is deeper than this, unless the deepest ink of the picture is not.
_BLANK_SIGMAS = 4.2  # Where nothing is deeper than this and than _BLANK_DEPTH, nothing is written.
_BLANK_DEPTH = 0.08  # The same in depth: on smooth paper, shadows and stains have many sigmas.
_WRITTEN_DEPTH = 0.35  # Where something is as deep as this, it is written, and what seems to be noise is a pattern.
_CERTAIN_PIXELS = 20  # This number of pixels is written if they are _CERTAIN_SIGMAS deep, also in a large picture.
_CERTAIN_SIGMAS = 8.0  # Noise is never so deep in as many pixels.
_VISIBLE_DEPTH = 0.006  # Nobody sees ink of less depth, not even on a flat ground.


def ink_threshold(depth: np.ndarray, noise: float) -> float:
    """The least depth of ink: half of the deepest ink's, or Otsu's threshold where that is less."""
    depths = ordered(depth)
    deepest, deep = quantile(depths, 0.998), quantile(depths, 0.995)
    certain = float(depths[-_CERTAIN_PIXELS]) if len(depths) > _CERTAIN_PIXELS else 0.0
    if certain > _CERTAIN_SIGMAS * noise:
        deepest, deep = max(deepest, certain), max(deep, certain)
    if deepest < (min(max(_BLANK_SIGMAS * noise, _BLANK_DEPTH), _WRITTEN_DEPTH) if noise else _VISIBLE_DEPTH):
        return np.inf
    above_noise = min(max(_INK_SIGMAS * noise, _VISIBLE_DEPTH), 0.4 * deepest)
    return max(min(_otsu_threshold(depths), 0.5 * deep), above_noise)


def ordered(depth: np.ndarray) -> np.ndarray:
    """All depths from the least to the greatest: sorting a picture takes less time than `np.median` of it."""
    return np.sort(depth, axis=None)


def quantile(depths: np.ndarray, share: float) -> float:
    """A quantile of ordered depths, interpolated linearly as `np.quantile` does."""
    place = share * (len(depths) - 1)
    low, high = float(depths[int(place)]), float(depths[math.ceil(place)])
    return low + place % 1 * (high - low)


def _otsu_threshold(ordered: np.ndarray) -> float:
    """The threshold with the greatest variance between the depths below and above it.

    Otsu, "A threshold selection method from gray-level histograms", 1979.
    """
    edges = np.linspace(ordered[0], ordered[-1], 257)
    counts = np.diff(np.searchsorted(ordered, edges[:-1]), append=len(ordered))
    middles = (edges[:-1] + edges[1:]) / 2
    below, sums = np.cumsum(counts), np.cumsum(counts * middles)
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(edges[1 + np.nanargmax(between)])
