"""Mean loss and accuracy of a network on labelled images while it trains, given that each is of a class of the data."""

from __future__ import annotations

import numpy as np

from inkling.data import Dataset
from inkling.nn import Network, Parameters, softmax_cross_entropy
from inkling.training.shard import ShardScratch

CHUNK = 512  # images per forward pass


class Measure:
    """Loss and accuracy of a network on datasets, with scratch that is made once.

    `Network.logits` would make its scratch anew after each epoch. `Predictor` folds batch normalisations, which takes
    time for parameters that are used once, and rounds differently.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self._scratch: ShardScratch | None = None

    def __call__(self, params: Parameters, dataset: Dataset | None, prefix: str) -> dict[str, float]:
        """`{prefix}_loss` in nats and `{prefix}_accuracy` as a fraction; nothing where there are no labelled images."""
        if dataset is None or dataset.labels is None or len(dataset) == 0:
            return {}
        scratch = self._scratch = self._scratch or ShardScratch(self.network, CHUNK, training=False)
        images = dataset.images.reshape(len(dataset), *self.network.input_shape)
        loss, correct = 0.0, 0
        with np.errstate(over="ignore", invalid="ignore"):  # the loop checks the loss
            for start in range(0, len(dataset), CHUNK):
                rows = np.arange(start, min(start + CHUNK, len(dataset)))
                labels = dataset.labels[rows]
                logits = self.network.forward(params, scratch.gather(images, rows), scratch.workspace)
                logits = logits[:, : dataset.n_classes]
                correct += int(np.count_nonzero(logits.argmax(axis=1) == labels))
                loss += softmax_cross_entropy(logits, labels, count=1)
        return {f"{prefix}_loss": loss / len(dataset), f"{prefix}_accuracy": correct / len(dataset)}
