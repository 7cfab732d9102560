"""Mean loss and accuracy of a network on labelled examples while it trains, given that each is of a known class."""

from __future__ import annotations

import math

import numpy as np

from inkling.data import Dataset
from inkling.nn import CPU, CrossEntropyLoss, Device, Loss, Network, Parameters
from inkling.training.examples import Examples
from inkling.training.shard import ShardScratch

CROSS_ENTROPY = CrossEntropyLoss()
CHUNK = 512  # answers per forward pass: images, or columns of rows


class Measure:
    """Loss and accuracy of a network on examples or datasets, with scratch that is made once.

    `Network.logits` would make its scratch anew after each epoch. `Predictor` folds batch normalisations, which takes
    time for parameters that are used once, and rounds differently.
    """

    def __init__(self, network: Network, loss: Loss = CROSS_ENTROPY, device: Device = CPU) -> None:
        self.network, self.loss, self.device = network, loss, device
        self.chunk = max(1, CHUNK // math.prod(network.shapes[-1][:-1]))
        self._scratch: ShardScratch | None = None

    def __call__(self, params: Parameters, data: Dataset | Examples | None, prefix: str) -> dict[str, float]:
        """`{prefix}_loss` in nats and `{prefix}_accuracy` as a fraction; nothing where there are no labelled images.

        Both are means weighted by the weights of the examples.
        """
        if data is None or data.labels is None or len(data) == 0:
            return {}
        examples = data if isinstance(data, Examples) else Examples.of(data, self.network.input_shape)
        classes = None if isinstance(data, Examples) else data.n_classes
        loss, correct, total = self._totals(params, examples, classes)
        return {f"{prefix}_loss": loss / total, f"{prefix}_accuracy": correct / total}

    def _totals(self, params: Parameters, examples: Examples, classes: int | None) -> tuple[float, float, float]:
        """The sums of losses (nats), of weights of correct examples and of all weights.

        Each example is of one of the first `classes` logits; None are all.
        """
        if self._scratch is None:
            self._scratch = ShardScratch(self.network, self.chunk, training=False, device=self.device)
        scratch, params = self._scratch, params.on(self.device)
        loss, correct, total = 0.0, 0.0, 0.0
        with np.errstate(over="ignore", invalid="ignore"):  # the loop checks the loss
            for start in range(0, len(examples), self.chunk):
                rows = np.arange(start, min(start + self.chunk, len(examples)))
                labels = examples.labels[rows]
                weights = None if examples.weights is None else examples.weights[rows]
                x = scratch.gather(examples.inputs, rows)
                logits = self.network.forward(params, scratch.on_device(x), scratch.workspace)
                logits = self.device.get(logits)[:, :classes]
                right = self.loss.correct(logits, labels)
                correct += float(np.count_nonzero(right) if weights is None else weights[right].sum(dtype=np.float64))
                total += float(len(rows) if weights is None else weights.sum(dtype=np.float64))
                loss += self.loss(logits, labels, count=1, weights=weights)
        return loss, correct, total
