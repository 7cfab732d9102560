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
    """`size` workers, of which the caller's thread is worker 0, with `blas_threads` for the products of each.

    The number of BLAS threads decides how OpenBLAS orders its sums, so it must follow from the recipe, never
    from the machine. The number of workers may follow from the machine.
    """

    def __init__(self, size: int, blas_threads: int = 1) -> None:
        self.size, self.blas_threads = size, blas_threads

    def __enter__(self) -> Team:
        self._limits = threadpool_limits(limits=self.blas_threads, user_api="blas")
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
