"""A shard is the part of a batch that one worker takes: from its images to its loss and its gradient.

`loss_and_gradient` is a pure function of its arguments, so any process of any machine can compute it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from inkling.augmentation import Augmentation, Augmenter
from inkling.inference import PIXEL_SCALE, Predictor
from inkling.nn import CPU, CrossEntropyLoss, Device, Loss, Network, Parameters, Workspace, softmax


@dataclass(frozen=True)
class Objective:
    """What training minimises: the mean loss of a network on augmented images.

    Attributes
    ----------
    images, labels, weights : those of `Examples`.
    augment : random changes of the images.
    label_smoothing : the part of each label that is spread over all classes alike.
    teacher : its probabilities for the augmented images are the targets in place of the labels; or None.
    loss : of one shard of the images.
    """

    network: Network
    images: np.ndarray
    labels: np.ndarray
    augment: Sequence[Augmentation] = ()
    label_smoothing: float = 0.0
    teacher: Predictor | None = None
    weights: np.ndarray | None = None
    loss: Loss = CrossEntropyLoss()


class Shard(NamedTuple):
    """Rows (n,) of the images, the size of the whole batch, and the generators for augmentation and for the layers."""

    rows: np.ndarray
    batch_size: int
    augment_rng: np.random.Generator
    layers_rng: np.random.Generator


class ShardScratch:
    """Scratch for shards of up to `capacity` images: the network's, and the images as bytes and as numbers.

    `augmenter` is None where nothing is changed: rows of features are no images. The workspace lies on the device.
    Images are gathered and augmented by the processor, and only then moved there.
    """

    def __init__(
        self,
        network: Network,
        capacity: int,
        *,
        training: bool,
        augment: Sequence[Augmentation] = (),
        device: Device = CPU,
    ) -> None:
        self.device = device
        self.workspace = Workspace(network, capacity, training=training, device=device)
        self.augmenter = Augmenter(augment, network.input_shape[:2]) if augment else None
        self._bytes: np.ndarray | None = None  # of images alone: rows of numbers do not pass through it
        self._x = np.empty((capacity, *network.input_shape), np.float32)
        self._x_on_device = device.put(self._x)

    def gather(self, images: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Numbers (n, *input_shape) float32 for n rows: images uint8 from 0 to 1, inputs float32 as they are.

        They are valid until the next call.
        """
        n = len(rows)
        if images.dtype == np.float32:
            return images.take(rows, axis=0, out=self._x[:n], mode="clip")
        if self._bytes is None:
            self._bytes = np.empty(self._x.shape, np.uint8)
        images.take(rows, axis=0, out=self._bytes[:n], mode="clip")  # "raise" would buffer a copy
        x = self._x[:n]
        np.copyto(x, self._bytes[:n])  # a product of bytes and floats would convert the bytes in small, slow pieces
        x *= PIXEL_SCALE
        return x

    def on_device(self, x: np.ndarray) -> np.ndarray:
        """The numbers that `gather` returned, on the device."""
        return self.device.put(x, out=self._x_on_device[: len(x)])


def loss_and_gradient(
    objective: Objective, params: Parameters, shard: Shard, gradient: Parameters, scratch: ShardScratch
) -> tuple[float, int]:
    """Write the shard's part of the batch's gradient to `gradient`.

    Returns
    -------
    loss : the shard's part of the mean loss of the batch, in nats: the shards' parts add up to the mean.
    correct : how many images of the shard are answered with their label.
    """
    network, labels, device = objective.network, objective.labels[shard.rows], scratch.device
    x = scratch.gather(objective.images, shard.rows)
    if scratch.augmenter is not None:
        scratch.augmenter(x, shard.augment_rng)
    rng = device.generator(shard.layers_rng)
    logits = device.get(network.forward(params, scratch.on_device(x), scratch.workspace, training=True, rng=rng))
    correct = int(np.count_nonzero(objective.loss.correct(logits, labels)))
    _, dlogits_on_device = scratch.workspace.buffers_for(len(labels))
    dlogits = device.host_array(dlogits_on_device)
    targets, smoothing = labels, objective.label_smoothing
    if objective.teacher is not None:
        n_logits = logits.shape[1]  # the teacher may have one more, for what is no digit
        targets, smoothing = softmax(objective.teacher.logits(x)[:, :n_logits]), 0.0
    weights = None if objective.weights is None else objective.weights[shard.rows]
    loss = objective.loss(logits, targets, dlogits, label_smoothing=smoothing, count=shard.batch_size, weights=weights)
    network.backward(params, gradient, device.put(dlogits, out=dlogits_on_device), scratch.workspace)
    return loss, correct
