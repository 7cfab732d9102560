"""The random generators of the shards of a training."""

from __future__ import annotations

import numpy as np

from inkling.rng import Purpose, make_rng

Generators = tuple[np.random.Generator, np.random.Generator]  # of one shard, for augmentation and for the layers


class ShardGenerators:
    """The generators of the shards that this process has done in this epoch; they go on from batch to batch of it."""

    def __init__(self, seed: int) -> None:
        self._seed, self._epoch = seed, -1
        self._of: dict[int, Generators] = {}

    def of(self, epoch: int, k: int) -> Generators:
        """Those of shard k: at the beginning of the epoch, a function of seed, epoch and shard."""
        self._begin(epoch)
        if k not in self._of:
            augment, layers = (make_rng(self._seed, each, epoch, k) for each in (Purpose.AUGMENT, Purpose.LAYERS))
            self._of[k] = augment, layers
        return self._of[k]

    def replace(self, epoch: int, k: int, generators: Generators) -> None:
        """Go on with generators that another process has used meanwhile."""
        self._begin(epoch)
        self._of[k] = generators

    def _begin(self, epoch: int) -> None:
        if self._epoch != epoch:
            self._of, self._epoch = {}, epoch
