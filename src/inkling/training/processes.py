"""Executors on the cores of this machine: worker processes that share the arrays of a job.

Each worker takes whole shards, with one BLAS thread of its own. Why not threads: between two NumPy calls a thread needs
the interpreter lock, and where calls take microseconds the threads of a small network mostly wait for each other. Why
not BLAS threads: they change the order of sums, hence the bits, leave the element-wise half to one core, and stall when
the machine does something else besides. docs/log.md has the figures.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.popen_fork  # otherwise imported at the start of a worker, where Python may lose a Ctrl-C
import os
import signal
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from multiprocessing.process import BaseProcess
from typing import Any, ClassVar, NamedTuple

import numpy as np

from inkling.errors import reason
from inkling.processor import one_blas_thread
from inkling.training.executor import Job, WorkersLost, WorkersUnavailable, run_parts
from inkling.training.interrupts import deferred_signals, interrupts_blocked
from inkling.training.worker import Bells, Board, Seat, wait


class _Worker(NamedTuple):
    process: BaseProcess
    bells: Bells


class Processes(ABC):
    """`size` workers, of which the calling process is worker 0: an `Executor` whose kinds differ in how they start."""

    shares_memory = True
    method: ClassVar[str]  # of starting a process, as multiprocessing calls it

    def __init__(self, size: int) -> None:
        if size < 1:
            raise ValueError(f"an executor has at least 1 worker, not {size}")
        self.size = size
        self._workers: list[_Worker] = []
        self._blas: AbstractContextManager[None] | None = None

    @abstractmethod
    def allocate(self, array: np.ndarray) -> np.ndarray: ...

    @abstractmethod
    def publish(self, array: np.ndarray) -> np.ndarray: ...

    @abstractmethod
    def _program(self, job: Job, board: Board) -> tuple[Callable[..., None], tuple[Any, ...]]:
        """The function that a worker process runs, and its arguments behind seat and bells."""

    @abstractmethod
    def _starting(self) -> AbstractContextManager[None]:
        """What has to hold while processes are started."""

    @abstractmethod
    def _started(self) -> None:
        """What is done when all workers have the job."""

    @abstractmethod
    def _free(self) -> None:
        """Free the arrays that nobody holds, when all workers are gone."""

    def start(self, job: Job) -> None:
        try:
            blas = one_blas_thread()
            blas.__enter__()
            self._blas = blas
            self._job, self._board = job, Board.blank(self.size, self.allocate)
            if self.size > 1:
                self._start_workers()
        except BaseException:
            self.close()
            raise

    def _start_workers(self) -> None:
        if multiprocessing.current_process().daemon:
            raise WorkersUnavailable("a daemonic process may not start other processes")
        context: Any = multiprocessing.get_context(self.method)
        program, arguments = self._program(self._job, self._board)
        with unavailable():
            for number in range(1, self.size):
                bells = Bells(context.Semaphore(0), context.Semaphore(0))
                seat = Seat(number, self.size, os.getpid())
                process = context.Process(target=program, args=(seat, bells, *arguments), daemon=True)
                self._workers.append(_Worker(process, bells))
            # Python loses what a handler raises in the middle of a fork, and Ctrl-C must not stay blocked.
            with deferred_signals(), interrupts_blocked(), self._starting():
                for worker in self._workers:
                    worker.process.start()
        for number, worker in enumerate(self._workers, 1):
            if not wait(worker.bells.done, worker.process.is_alive):
                raise WorkersUnavailable(f"a worker {_end_of(worker.process)} while it started")
            if error := self._board.exception(number):
                raise WorkersUnavailable(f"a worker could not take the training: {reason(error)}") from error
        self._started()

    def run(self, task: int, count: int) -> None:
        helpers = self._workers[: min(self.size, count) - 1]
        self._board.order[:] = task, count
        for worker in helpers:
            worker.bells.order.release()
        run_parts(self._job, task, range(0, count, self.size))
        for number, worker in enumerate(helpers, 1):
            if not wait(worker.bells.done, worker.process.is_alive):
                raise WorkersLost(f"a training process {_end_of(worker.process)}{_MEMORY}")
            if error := self._board.exception(number):
                raise error

    def close(self) -> None:
        while self._workers:  # each is forgotten only when it is gone, so that an interrupted call can be repeated
            process = self._workers[-1].process
            if process.pid is not None:
                process.kill()
                process.join()
            self._workers.pop()
        self.__dict__.pop("_job", None)
        self.__dict__.pop("_board", None)
        self._free()
        blas, self._blas = self._blas, None
        if blas is not None:
            blas.__exit__(None, None, None)


_MEMORY = "; if memory ran out, try a smaller --batch-size"


@contextmanager
def unavailable() -> Iterator[None]:
    """Turn what a system without processes, semaphores or shared memory raises into WorkersUnavailable."""
    try:
        yield
    except (OSError, ImportError) as error:
        raise WorkersUnavailable(reason(error)) from error


def _end_of(process: BaseProcess) -> str:
    """How a process ended: it was killed by a signal, or ended with an exit code."""
    code = process.exitcode
    if code is not None and code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
