"""Quantised weights: each output channel of a weight lies on a grid of whole numbers times one scale of the channel.

A grid of b bits has the levels −L … L with L = 2^(b−1) − 1, so that 2 bits are −1, 0 and 1. The output channel is the
last axis: of a kernel (K, K, C, O), of a matrix (F, O), and of a kernel for each channel by itself (K, K, C).

A quantised weight is an ordinary float32 array, which `levels_of` takes apart again. So a model file needs nothing new,
and a batch normalisation, whose folding multiplies whole channels, changes scales and no level.
"""

from __future__ import annotations

import numpy as np

BITS = range(2, 9)  # of a grid; the levels of each fit into int8
TRIES = 6  # scales that are tried for a channel
# Scales have 16 significant bits and levels 7, so that a product of both is exact in the 24 bits of float32.
_SPARE_BITS = 8
_ROUNDING = 2.0**-20  # relative; a weight that was folded is a product of float32 numbers, rounded twice


def largest_level(bits: int) -> int:
    """L, the largest level of a grid of 2 to 8 bits."""
    if bits not in BITS:
        raise ValueError(f"a grid has 2 to 8 bits, not {bits}")
    return int(2 ** (bits - 1) - 1)


def quantized(weight: np.ndarray, bits: int) -> np.ndarray:
    """The weight (…, O) float on a grid of so many bits for each of its O channels: a new array of its dtype.

    The scale s of a channel w has about the least error ‖w − s q‖², with q = round(w / s) kept within −L … L. Each
    of the scales max |w| / L · r^k, k = 0 … 5, gives a q, which has a best scale s = w·q / q·q and then the error
    ‖w‖² − (w·q)² / q·q; the best of these six is taken. r is .8 for 2 and 3 bits and .9 for more: the fewer levels, the
    more of the largest weights it pays to cut. A weight on such a grid stays as it is, if each channel has the level L.
    """
    rows = weight.reshape(-1, weight.shape[-1])
    most = largest_level(bits)
    scale = _with_spare_bits(_best_scale(np.abs(rows), most)).astype(weight.dtype)
    levels = np.rint(rows / scale)
    return (np.clip(levels, -most, most, out=levels) * scale).reshape(weight.shape)


def levels_of(weight: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """The levels (…, O) int8 and the scales (O,) float32 of a weight that is on a grid of so many bits.

    Levels are the smallest whole numbers in the ratios of the channel's weights: of 2s and 4s, 1 and 2. A channel of
    zeros has the scale 1. Raises ValueError where a channel is on no such grid.
    """
    rows = weight.reshape(-1, weight.shape[-1]).astype(np.float64)
    peak = np.abs(rows).max(axis=0)
    rows = rows / np.where(peak > 0, peak, 1.0)
    largest = np.zeros(rows.shape[1], np.int64)  # of each channel's levels; 0 where it is not known yet
    for level in range(1, largest_level(bits) + 1):
        scaled = rows * level
        fits = (np.abs(scaled - np.rint(scaled)) <= level * _ROUNDING).all(axis=0)
        largest[fits & (largest == 0)] = level
    if not largest.all():
        raise ValueError(f"channel {int(largest.argmin())} of the weight is on no grid of {bits} bits")
    scales = np.where(peak > 0, peak / largest, 1.0).astype(np.float32)
    return np.rint(rows * largest).astype(np.int8).reshape(weight.shape), scales


def bits_of(weight: np.ndarray) -> int | None:
    """The bits of the coarsest grid that each channel of a weight (…, O) is on; None where it is on none."""
    for bits in BITS:
        try:
            levels_of(weight, bits)
        except ValueError:
            continue
        return bits
    return None


def _best_scale(magnitude: np.ndarray, most: int) -> np.ndarray:
    """The best (O,) of the scales that are tried; 1 for a channel of zeros."""
    peak = magnitude.max(axis=0) / magnitude.dtype.type(most)
    peak[~(peak > 0)] = 1
    scales, gains = np.empty((2, TRIES, len(peak)), magnitude.dtype)
    levels = np.empty_like(magnitude)
    ratio = 0.8 if most <= 3 else 0.9
    for k in range(TRIES):
        np.divide(magnitude, peak * magnitude.dtype.type(ratio**k), out=levels)
        np.minimum(np.rint(levels, out=levels), most, out=levels)
        product = np.einsum("ro,ro->o", magnitude, levels)
        scales[k] = product / np.maximum(np.einsum("ro,ro->o", levels, levels), 1)
        gains[k] = product * scales[k]
    best = scales[gains.argmax(axis=0), np.arange(len(peak))]
    return np.where(best > 0, best, 1).astype(magnitude.dtype)


def _with_spare_bits(scale: np.ndarray) -> np.ndarray:
    """The nearest float32 numbers (O,) of which the last 8 of 24 significant bits are 0."""
    whole = np.uint32(1 << _SPARE_BITS)
    bits = scale.astype(np.float32).view(np.uint32) + whole // np.uint32(2)
    return (bits - bits % whole).view(np.float32)
