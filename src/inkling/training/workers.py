"""A team of processes that share a batch: each takes whole shards, with one BLAS thread of its own.

Why not threads: between two NumPy calls a thread needs the interpreter lock, and where calls take microseconds the
threads of a small network mostly wait for each other. Why not BLAS threads: they change the order of sums, hence
the bits, leave the element-wise half to one core, and stall when the machine does something else besides.
docs/log.md has the figures.

Children are forked when all is set up, so they see the same network, images and tasks. What both sides write lies in
`shared` memory. Where a process cannot be forked safely (outside Linux) the team is one, with the same bits.
"""

from __future__ import annotations

import math
import mmap
import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Semaphore
from types import TracebackType

import numpy as np

from inkling.errors import InklingError
from inkling.processor import cores, one_blas_thread

SPINS = 2_000  # tries, some 0.3 ms, before a waiting process goes to sleep; being woken takes 0.05 ms
CHECK_SECONDS = 1.0  # how often a sleeping process looks whether the others are still there

Task = Callable[[int], None]


def worker_count(wanted: int | None) -> int:
    """Workers to have: as many as wanted, by default one a core; one where processes cannot be forked safely."""
    if sys.platform != "linux":
        return 1
    return cores() if wanted is None else wanted


def shared(array: np.ndarray) -> np.ndarray:
    """A copy in memory that forked processes write to together."""
    if array.size == 0:
        return array.copy()
    copy = np.frombuffer(mmap.mmap(-1, array.nbytes), array.dtype, math.prod(array.shape)).reshape(array.shape)
    copy[...] = array
    return copy


class WorkerPool:
    """`size` workers for a list of tasks; the caller is worker 0. While the team stands, BLAS has one thread in each.

    with Team(2, [add, move]) as team:
        team.run(0, 8)          # add(0) … add(7), worker w taking w, w + 2, …; returns when all are done
    """

    def __init__(self, size: int, tasks: Sequence[Task]) -> None:
        self.size, self._tasks, self._parent = size, tasks, os.getpid()
        self._order = shared(np.zeros(2, np.int64))  # which task, and how many times
        context = multiprocessing.get_context("fork" if size > 1 else None)
        self._go = [context.Semaphore(0) for _ in range(1, size)]
        self._done = [context.Semaphore(0) for _ in range(1, size)]
        self._children = [context.Process(target=self._serve, args=(w,), daemon=True) for w in range(1, size)]

    def __enter__(self) -> WorkerPool:
        self._blas = one_blas_thread()
        self._blas.__enter__()
        try:
            if self._children:
                self._start_children()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _start_children(self) -> None:
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # until each child ignores it
        try:
            with warnings.catch_warnings():
                # Python warns that threads (idle ones of BLAS, a notebook's) may hold locks that a child then waits
                # for. Ours need none: they compute with NumPy, which makes its BLAS fit for a fork, and print nothing.
                warnings.filterwarnings("ignore", r"This process .* is multi-threaded", DeprecationWarning)
                for child in self._children:
                    child.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self._children:
            if child.pid is not None:
                child.kill()
                child.join()
        self._blas.__exit__(None, None, None)

    def run(self, task: int, count: int) -> None:
        """Do a task for k = 0 … count − 1; InklingError where a worker died over it."""
        helpers = min(self.size, count) - 1
        self._order[:] = task, count
        for go in self._go[:helpers]:
            go.release()
        self._turn(0)
        for done, child in zip(self._done[:helpers], self._children, strict=False):
            if not _take(done, child.is_alive):
                raise InklingError("a training process died; if memory ran out, try a smaller --batch-size")

    def _turn(self, worker: int) -> None:
        task, count = self._order.tolist()
        with np.errstate(over="ignore", invalid="ignore"):  # who looks at the loss will see it
            for k in range(worker, count, self.size):
                self._tasks[task](k)

    def _serve(self, worker: int) -> None:
        """A child's life: wait for an order, carry it out, say so; until killed, or until the parent is gone."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the parent decides
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        while _take(self._go[worker - 1], lambda: os.getppid() == self._parent):
            self._turn(worker)
            self._done[worker - 1].release()


def _take(semaphore: Semaphore, alive: Callable[[], bool]) -> bool:
    """Wait for the other side, briefly by trying again and again, then asleep; False where it is gone."""
    for _ in range(SPINS):
        if semaphore.acquire(block=False):
            return True
    while not semaphore.acquire(timeout=CHECK_SECONDS):
        if not alive():
            return False
    return True
