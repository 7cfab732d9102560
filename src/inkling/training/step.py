"""One step: a batch is cut into shards, each goes forward and backward in its own process, then θ moves once.

The shards' gradients are added in a fixed order, so one process and several give the same bits.
"""

from __future__ import annotations

import numpy as np

from inkling.augmentation import Augmenter
from inkling.inference import PIXEL_SCALE, Predictor
from inkling.nn import Network, Parameters, Workspace, softmax, softmax_cross_entropy
from inkling.optim import Matrix, OptimizerState
from inkling.recipes.recipe import Recipe
from inkling.rng import Purpose, make_rng
from inkling.training.average import ema_update
from inkling.training.batch_statistics import IMAGES, measure_statistics, without_dropout
from inkling.training.state import TrainingState
from inkling.training.workers import WorkerPool, shared

FORWARD_BACKWARD, UPDATE, SHOW = range(3)  # tasks of the team
WORTH_SHARING = 100_000  # parameters from which it pays to divide an update; fewer move faster than they travel


class Shard:
    """Scratch to read a shard: that of the network, and the shard's images as bytes and as numbers."""

    def __init__(self, network: Network, capacity: int, *, training: bool) -> None:
        self.workspace = Workspace(network, capacity, training=training)
        self.bytes = np.empty((capacity, *network.input_shape), np.uint8)
        self.x = np.empty((capacity, *network.input_shape), np.float32)

    def gather(self, images: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Images (n, *input_shape) float32 in 0-1 of the given rows of bytes."""
        n = len(rows)
        images.take(rows, axis=0, out=self.bytes[:n], mode="clip")  # "raise" would buffer a copy
        x = self.x[:n]
        np.copyto(x, self.bytes[:n])  # a product of bytes and floats would convert them in small, slow pieces
        x *= PIXEL_SCALE
        return x


class Step:
    """Training steps on bytes of images (N, *input_shape) and labels (N,), or a teacher's answers. Use it as a context.

    The vectors of `state` are exchanged for copies, in shared memory where there are several workers.
    """

    def __init__(
        self,
        recipe: Recipe,
        state: TrainingState,
        images: np.ndarray,
        labels: np.ndarray,
        workers: int,
        teacher: Predictor | None = None,
    ) -> None:
        self.recipe, self.images, self.labels, self.teacher = recipe, images, labels, teacher
        batch_size = len(images) if recipe.batch_size == "full" else min(recipe.batch_size, len(images))
        home = shared if workers > 1 else np.copy
        layout = recipe.network.layout
        self.params = state.params = Parameters(layout, home(state.params.flat), home(state.params.statistics))
        self.optimizer = state.optimizer = OptimizerState(
            tuple(home(moment) for moment in state.optimizer.moments), state.optimizer.steps
        )
        self.average, self.calm = state.average, without_dropout(recipe.network)
        if state.average is not None:
            self.average = state.average = Parameters(layout, home(state.average.flat), home(state.average.statistics))
        self.gradients = [
            Parameters(layout, home(np.zeros_like(self.params.flat)), home(np.zeros_like(self.params.statistics)))
            for _ in range(recipe.shards)
        ]
        self.rows, self.learning_rate = home(np.zeros(batch_size, np.int64)), home(np.zeros(1))
        self.numbers = home(np.zeros(3, np.int64))  # rows of this batch, steps made, epoch
        self.losses, self.right = home(np.zeros(recipe.shards)), home(np.zeros(recipe.shards, np.int64))
        counts = (batch_size, min(batch_size, 3))  # of three images, a shard that needs two may get all
        largest = max(-(-count // self._shards(count)) for count in counts)
        self.scratch = Shard(recipe.network, largest, training=True)  # one in each process
        self.augmenter = Augmenter(recipe.augment, recipe.network.input_shape[:2])  # and one of these
        pieces = workers if layout.size >= WORTH_SHARING and recipe.optimizer.elementwise else 1
        self.matrices = [Matrix(*place) for place in recipe.network.hidden_matrices]
        self.spans = [_part(layout.size, pieces, k) for k in range(pieces)]
        self.generators: list[tuple[np.random.Generator, np.random.Generator]] = []
        self.generators_epoch = -1
        self.team = WorkerPool(workers, [self._forward_backward, self._update, self._show])

    def __enter__(self) -> Step:
        self.team.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self.team.__exit__(*exception)  # type: ignore[arg-type]

    def __call__(self, rows: np.ndarray, lr: float, epoch: int) -> tuple[float, int]:
        """Move θ once; the mean loss (nats) of the batch before the step, and how many of it were right."""
        shards = self._shards(len(rows))
        self.rows[: len(rows)], self.learning_rate[0] = rows, lr
        self.numbers[:] = len(rows), self.optimizer.steps + 1, epoch
        self.team.run(FORWARD_BACKWARD, shards)
        loss = float(self.losses[:shards].sum())
        if np.isfinite(loss):
            self.team.run(UPDATE, len(self.spans))
            self.optimizer.steps += 1
            if len(self.params.statistics):
                self.recipe.network.update_statistics(self.params, self._seen(len(rows), shards))
        return loss, int(self.right[:shards].sum())

    def reestimate(self, epoch: int) -> None:
        """Give the averaged parameters batch statistics of their own, from training images as they are."""
        assert self.average is not None
        size = min(len(self.rows), IMAGES)
        order = make_rng(self.recipe.seed, Purpose.STATISTICS, epoch).permutation(len(self.images))
        batches = [order[i : i + size] for i in range(0, min(IMAGES, len(order)) - size + 1, size)]
        total, shards = np.zeros_like(self.average.statistics), self._shards(size)
        for rows in batches:
            self.rows[:size], self.numbers[0] = rows, size
            self.team.run(SHOW, shards)
            total += self._seen(size, shards).statistics
        np.divide(total, len(batches), out=self.average.statistics)

    def _forward_backward(self, k: int) -> None:
        """Shard k of the batch: its part of the loss, and its gradient."""
        network, (count, _, epoch) = self.recipe.network, self.numbers.tolist()
        rows, (for_images, for_layers) = self._rows(k), self._generators(epoch, k)
        x, labels = self.scratch.gather(self.images, rows), self.labels[rows]
        self.augmenter(x, for_images)
        logits = network.forward(self.params, x, self.scratch.workspace, training=True, rng=for_layers)
        self.right[k] = np.count_nonzero(logits.argmax(axis=1) == labels)
        _, dlogits = self.scratch.workspace.buffers_for(len(rows))
        targets, smoothing = labels, self.recipe.label_smoothing
        if self.teacher is not None:
            known = self.teacher.logits(x)[:, : logits.shape[1]]  # perhaps one more, for what is no digit
            targets, smoothing = softmax(known), 0.0
        self.losses[k] = softmax_cross_entropy(logits, targets, dlogits, label_smoothing=smoothing, count=count)
        network.backward(self.params, self.gradients[k], dlogits, self.scratch.workspace)

    def _show(self, k: int) -> None:
        """Shard k of the batch: its statistics, as the averaged parameters make them."""
        assert self.average is not None
        x = self.scratch.gather(self.images, self._rows(k))
        measure_statistics(self.calm, self.average, x, self.scratch.workspace, self.gradients[k])

    def _rows(self, k: int) -> np.ndarray:
        """Rows of the images of shard k of the batch."""
        count = int(self.numbers[0])
        return self.rows[slice(*_part(count, self._shards(count), k))]

    def _generators(self, epoch: int, k: int) -> tuple[np.random.Generator, np.random.Generator]:
        """Randomness of shard k for its images and for the layers; both go on from batch to batch of an epoch."""
        if self.generators_epoch != epoch:
            seed, shards = self.recipe.seed, range(self.recipe.shards)
            self.generators = [
                (make_rng(seed, Purpose.AUGMENT, epoch, shard), make_rng(seed, Purpose.LAYERS, epoch, shard))
                for shard in shards
            ]
            self.generators_epoch = epoch
        return self.generators[k]

    def _shards(self, count: int) -> int:
        """Pieces that a batch is cut into; the statistics of a batch, where layers keep some, need two images each."""
        return max(1, min(self.recipe.shards, count // 2 if self.params.layout.statistics else count))

    def _update(self, k: int) -> None:
        """Add the shards' gradients in span k of θ, in order, and move that span."""
        span, (count, steps, _) = self.spans[k], self.numbers.tolist()
        total, *others = [gradient.flat for gradient in self.gradients[: self._shards(count)]]
        for other in others:
            total[slice(*span)] += other[slice(*span)]
        self.recipe.optimizer.update(
            self.params.flat,
            total,
            OptimizerState(self.optimizer.moments, steps),
            lr=float(self.learning_rate[0]),
            decayed=self.params.layout.decayed,
            span=span,
            matrices=self.matrices,
        )
        if self.average is not None and self.recipe.ema is not None:
            part = slice(*span)
            ema_update(self.average.flat[part], self.params.flat[part], total[part], decay=self.recipe.ema, t=steps)

    def _seen(self, count: int, shards: int) -> Parameters:
        """What the batch showed to layers that keep statistics: the mean over its shards, weighted by their size."""
        total = self.gradients[0]
        for k in range(shards):
            start, stop = _part(count, shards, k)
            share = self.gradients[k].statistics
            share *= np.float32((stop - start) / count)
            if k > 0:
                total.statistics += share
        return total


def _part(count: int, parts: int, k: int) -> tuple[int, int]:
    """Where part k of `count` things begins and ends; sizes differ by one at most."""
    return count * k // parts, count * (k + 1) // parts
