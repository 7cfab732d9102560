"""One step: a batch is cut into shards, each goes forward and backward on its own thread, then θ moves once.

The shards' gradients are added in a fixed order, so one thread and several give the same bits. A batch that is
not cut leaves the second core to the matrix products instead; `Network.flops` says whether that pays.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from inkling.nn import Network, Parameters, Workspace, softmax_cross_entropy
from inkling.optim import Optimizer, OptimizerState
from inkling.training.team import Team

PIXEL_SCALE = np.float32(1 / 255)


class Shard:
    """What one thread needs to read a shard: scratch of the network, and its images as bytes and as numbers."""

    def __init__(self, network: Network, capacity: int, *, training: bool) -> None:
        self.workspace = Workspace(network, capacity, training=training)
        self.bytes = np.empty((capacity, *network.input_shape), np.uint8)
        self.x = np.empty((capacity, *network.input_shape), np.float32)

    def gather(self, images: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Images (n, *input_shape) float32 in 0-1 of the given rows of bytes."""
        n = len(rows)
        np.take(images, rows, axis=0, out=self.bytes[:n], mode="clip")  # "raise" would buffer a copy
        return np.multiply(self.bytes[:n], PIXEL_SCALE, out=self.x[:n])


class Step:
    """Training steps of a network on bytes of images (N, *input_shape) and labels (N,)."""

    def __init__(
        self,
        network: Network,
        optimizer: Optimizer,
        batch_size: int,
        generators: list[np.random.Generator],
        team: Team,
    ) -> None:
        self.network, self.optimizer, self.team, self.generators = network, optimizer, team, generators
        shards = len(generators)
        capacity = -(-batch_size // shards)
        self.scratch = [Shard(network, capacity, training=True) for _ in range(min(team.size, shards))]
        self.gradients = [Parameters(network.layout) for _ in range(shards)]

    def __call__(
        self,
        params: Parameters,
        state: OptimizerState,
        images: np.ndarray,
        labels: np.ndarray,
        rows: np.ndarray,
        lr: float,
    ) -> tuple[float, int]:
        """Move θ once; the mean loss (nats) of the batch before the step, and how many of it were right."""
        parts = np.array_split(rows, len(self.gradients)) if len(self.gradients) > 1 else [rows]
        parts = [part for part in parts if len(part)]
        losses, right = [0.0] * len(parts), [0] * len(parts)

        def forward_backward(k: int, worker: int) -> None:
            scratch = self.scratch[worker]
            x, y = scratch.gather(images, parts[k]), labels[parts[k]]
            logits = self.network.forward(params, x, scratch.workspace, training=True, rng=self.generators[k])
            right[k] = int(np.count_nonzero(logits.argmax(axis=1) == y))
            _, dlogits = scratch.workspace.rows(len(x))
            losses[k] = softmax_cross_entropy(logits, y, dlogits, count=len(rows))
            self.network.backward(params, self.gradients[k], dlogits, scratch.workspace)

        self.team.run(forward_backward, len(parts))
        loss = sum(losses)
        if np.isfinite(loss):
            self._move(params, state, [len(part) / len(rows) for part in parts], lr)
        return loss, sum(right)

    def _move(self, params: Parameters, state: OptimizerState, shares: list[float], lr: float) -> None:
        total, *others = self.gradients[: len(shares)]
        spans = _spans(len(total.flat), self.team.size)
        state.steps += 1

        def add_and_update(k: int, worker: int) -> None:
            start, stop = spans[k]
            for other in others:
                total.flat[start:stop] += other.flat[start:stop]
            self.optimizer.update(
                params.flat, total.flat, state, lr=lr, decayed=params.layout.decayed, span=(start, stop)
            )

        self.team.run(add_and_update, len(spans))
        if len(total.statistics):
            total.statistics *= shares[0]
            for share, other in zip(shares[1:], others, strict=True):
                total.statistics += share * other.statistics
            self.network.observe(params, total)


def _spans(size: int, parts: int) -> list[tuple[int, int]]:
    edges = [size * i // parts for i in range(parts + 1)]
    return list(pairwise(edges))
