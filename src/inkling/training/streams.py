"""Random streams: one seed, an independent generator for every purpose, so that no use disturbs another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass
class Streams:
    """Generators for drawing first weights, splitting data, shuffling, and for the layers of each shard."""

    init: np.random.Generator
    split: np.random.Generator
    shuffle: np.random.Generator
    layers: list[np.random.Generator]

    @classmethod
    def of(cls, seed: int, shards: int) -> Streams:
        init, split, shuffle, layers = np.random.SeedSequence(seed).spawn(4)
        new = np.random.default_rng
        return cls(new(init), new(split), new(shuffle), [new(shard) for shard in layers.spawn(shards)])

    def get_state(self) -> dict[str, Any]:
        """JSON-ready positions of the streams that training draws from."""
        return {"shuffle": self.shuffle.bit_generator.state, "layers": [g.bit_generator.state for g in self.layers]}

    def set_state(self, state: dict[str, Any]) -> None:
        self.shuffle.bit_generator.state = state["shuffle"]
        for generator, position in zip(self.layers, state["layers"], strict=True):
            generator.bit_generator.state = position
