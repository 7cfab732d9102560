"""A team of threads that share a batch: each takes whole shards, with one BLAS thread of its own.

NumPy releases the interpreter lock in its loops and products, so the element-wise half of the work runs in
parallel too, which BLAS threads alone never give. Which thread takes a shard changes no result.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType

from threadpoolctl import threadpool_limits


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Team:
    """`size` workers, of which the caller's thread is worker 0. While the team stands, BLAS has one thread in each.

    More BLAS threads would change the order of sums, hence the bits, and wait for each other by spinning: on a
    machine that does something else besides, a step then takes ten times as long (docs/log.md).
    """

    def __init__(self, size: int) -> None:
        self.size = size

    def __enter__(self) -> Team:
        self._limits = threadpool_limits(limits=1, user_api="blas")
        self._pool = ThreadPoolExecutor(self.size - 1, "inkling") if self.size > 1 else None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
        self._limits.restore_original_limits()

    def run(self, task: Callable[[int, int], None], count: int) -> None:
        """task(k, worker) for k in 0 … count − 1; worker w takes k = w, w + size, …; errors come out here."""
        if self._pool is None or count == 1:
            for k in range(count):
                task(k, 0)
            return
        others = [self._pool.submit(self._turn, task, count, worker) for worker in range(1, min(self.size, count))]
        try:
            self._turn(task, count, 0)
        finally:
            for other in others:
                other.result()

    def _turn(self, task: Callable[[int, int], None], count: int, worker: int) -> None:
        for k in range(worker, count, self.size):
            task(k, worker)
