"""The roofline: how many float32 operations a second this machine makes in a large matrix product, on all cores."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch

SIDE, TIMES = 2048, 7


def peak_flops() -> float:
    """Operations a second of the best product among NumPy's and PyTorch's; no network can have more."""
    rng = np.random.default_rng(0)
    a, b = rng.random((2, SIDE, SIDE), dtype=np.float32)
    theirs = torch.from_numpy(a), torch.from_numpy(b)
    ours, out = np.empty_like(a), torch.empty(SIDE, SIDE)
    products = (lambda: np.matmul(a, b, out=ours), lambda: torch.matmul(*theirs, out=out))
    return 2 * SIDE**3 / min(_seconds(product) for product in products)


def _seconds(product: Callable[[], object]) -> float:
    """Of the fastest of several, after one to get warm."""
    times = []
    for _ in range(TIMES + 1):
        started = time.perf_counter()
        product()
        times.append(time.perf_counter() - started)
    return min(times[1:])
