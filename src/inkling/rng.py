"""Random streams: one seed, and an independent generator for every purpose, epoch and shard.

A stream is a function of these alone, so none disturbs another, and a checkpoint needs to keep none of them.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    INIT = 0
    SPLIT = 1
    SHUFFLE = 2
    LAYERS = 3
    STATISTICS = 4
    AUGMENT = 5
    NON_DIGITS = 6
    DRAWN_DIGITS = 7


def make_rng(seed: int, purpose: Purpose, *which: int) -> np.random.Generator:
    """The generator for a purpose: `which` is the epoch, and for layers and augmentation also the shard."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(purpose, *which)))
