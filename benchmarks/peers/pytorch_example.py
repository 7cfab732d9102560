"""PyTorch's own MNIST example, trained as published: Adadelta, batches of 64, the learning rate times 0.7 per epoch.

Source: examples/mnist/main.py of PyTorch, 2025, with its default arguments. Here its images are normalised floats in
memory, while the example reads them one by one. That is faster, and changes nothing but the time.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import torch
from torch.nn import functional

from benchmarks.harness.cnn_networks import NETWORKS
from benchmarks.harness.trainer import THREADS, try_settings
from benchmarks.peers.pytorch_network import to_torch
from benchmarks.peers.pytorch_trainer import Variant
from inkling.data import Dataset

BATCH, LR, GAMMA = 64, 1.0, 0.7
MEAN, STD = 0.1307, 0.3081  # of MNIST's training images
TRIAL_IMAGES = 640


class Example:
    """The training of the example from a seed, epoch by epoch."""

    def __init__(self, training: Dataset, seed: int, variant: Variant) -> None:
        torch.manual_seed(seed)
        self.images, self.variant = len(training), variant
        self.x, self.y = _normalised(training.images), torch.from_numpy(training.labels)
        self.module = to_torch(NETWORKS["pytorch-example"]).to(memory_format=variant.memory_format)
        self.optimizer = torch.optim.Adadelta(self.module.parameters(), lr=LR)
        self.scheduler = torch.optim.lr_scheduler.StepLR(self.optimizer, step_size=1, gamma=GAMMA)

    def run(self) -> float:
        """Train for one epoch and return its seconds."""
        torch.set_num_threads(self.variant.threads)
        self.module.train()
        started = time.perf_counter()
        for x, y in self._batches():
            self.optimizer.zero_grad()
            functional.cross_entropy(self.module(x), y).backward()
            self.optimizer.step()
        self.scheduler.step()
        return time.perf_counter() - started

    def _batches(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        for rows in torch.randperm(self.images).split(BATCH):
            yield self.x.index_select(0, rows), self.y.index_select(0, rows)

    def accuracy(self, test: Dataset) -> float:
        return float(np.mean(self.predict_proba(test.images).argmax(axis=1) == test.labels))

    @torch.inference_mode()
    def predict_proba(self, images: np.ndarray) -> np.ndarray:
        """Probabilities (N, 10) of images uint8 (N, 28, 28)."""
        self.module.eval()
        return torch.cat([self.module(x).softmax(dim=1) for x in _normalised(images).split(1000)]).numpy()


def fastest_variant(training: Dataset) -> Variant:
    """The fastest memory format and number of threads in a short trial."""
    variants = [Variant(threads, channels_last=each) for threads in THREADS for each in (False, True)]
    speeds = try_settings({variant: Example(training[:TRIAL_IMAGES], 0, variant) for variant in variants})
    return max(speeds, key=speeds.__getitem__)


def _normalised(images: np.ndarray) -> torch.Tensor:
    """(N, 1, 28, 28) float32."""
    return torch.from_numpy(((images[:, np.newaxis] / np.float32(255)) - np.float32(MEAN)) / np.float32(STD))
