"""The roofline: float32 operations per second that this machine makes in a large matrix product, on all cores."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch

SIZE = 2048  # rows and columns of each matrix
REPEATS = 7


def peak_flops() -> float:
    """Operations per second of the faster product, NumPy's or PyTorch's; no network can make more."""
    rng = np.random.default_rng(0)
    a, b = rng.random((2, SIZE, SIZE), dtype=np.float32)
    theirs = torch.from_numpy(a), torch.from_numpy(b)
    ours, out = np.empty_like(a), torch.empty(SIZE, SIZE)
    products = (lambda: np.matmul(a, b, out=ours), lambda: torch.matmul(*theirs, out=out))
    return 2 * SIZE**3 / min(_seconds(product) for product in products)


def _seconds(product: Callable[[], object]) -> float:
    """Seconds of the fastest call, after one warm-up call."""
    times = []
    for _ in range(REPEATS + 1):
        started = time.perf_counter()
        product()
        times.append(time.perf_counter() - started)
    return min(times[1:])
