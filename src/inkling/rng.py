"""Random generators: one seed gives an independent generator for each purpose, epoch and shard.

A generator is a function of these alone. So no use of randomness disturbs another, and a checkpoint keeps none of them.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What randomness is for. The numbers are part of every seed: they never change."""

    INIT = 0
    SPLIT = 1
    SHUFFLE = 2
    LAYERS = 3
    STATISTICS = 4
    AUGMENT = 5
    NON_DIGITS = 6
    DRAWN_DIGITS = 7


def make_rng(seed: int, purpose: Purpose, *which: int) -> np.random.Generator:
    """The generator for a purpose; `which` is the epoch where it has one, and the shard where it has one."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(purpose, *which)))
