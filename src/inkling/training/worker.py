"""The life of a worker process: wait for an order, carry it out, report; until it is killed, or its parent is gone.

An order and its answer lie in shared memory (`Board`). The two semaphores (`Bells`) wake the other side.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import pickle
import signal
import traceback
from collections.abc import Callable
from multiprocessing.synchronize import Semaphore
from typing import NamedTuple

import numpy as np

from inkling.errors import InklingError
from inkling.processor import one_blas_thread
from inkling.training.executor import Job, run_parts

SPINS = 2_000  # tries, some 0.3 ms, before a waiting process goes to sleep; being woken takes 0.05 ms
CHECK_SECONDS = 1.0  # how often a sleeping process looks whether the other side is still there
REPORT_BYTES = 16_384  # room for an exception
LONGEST_TEXT = 4_000  # characters kept of an exception that cannot be sent as it is


class Board(NamedTuple):
    """What all workers read and write: arrays in shared memory.

    order : (2,) the task, and how many parts it has.
    report_sizes : (workers,) bytes of each worker's report; 0 where it reports no exception.
    reports : (workers, REPORT_BYTES) uint8, a pickled exception each.
    """

    order: np.ndarray
    report_sizes: np.ndarray
    reports: np.ndarray

    @classmethod
    def blank(cls, size: int, allocate: Callable[[np.ndarray], np.ndarray]) -> Board:
        reports = np.zeros((size, REPORT_BYTES), np.uint8)
        return cls(allocate(np.zeros(2, np.int64)), allocate(np.zeros(size, np.int64)), allocate(reports))

    def exception(self, worker: int) -> BaseException | None:
        """What a worker reported, with its traceback as a note; None where all went well."""
        size = int(self.report_sizes[worker])
        return pickle.loads(self.reports[worker, :size].tobytes()) if size else None

    def report(self, worker: int, error: BaseException) -> None:
        content = sendable(error, f"training process {worker}")
        self.reports[worker, : len(content)] = np.frombuffer(content, np.uint8)
        self.report_sizes[worker] = len(content)


class Bells(NamedTuple):
    """Rung by the calling process when there is an order, and by the worker when it is carried out."""

    order: Semaphore
    done: Semaphore


class Seat(NamedTuple):
    """A worker's number among how many, counted with the calling process as 0, and the calling process's id."""

    worker: int
    size: int
    parent: int


def serve(seat: Seat, bells: Bells, take_board: Callable[[], Board], take_job: Callable[[], Job]) -> None:
    """What a worker process runs. The first ring of `bells.done` says that it has the job, or reports why not."""
    board = take_board()
    _leave_signals_to_the_parent()
    try:
        job = take_job()
    except Exception as error:
        board.report(seat.worker, error)
    bells.done.release()
    while wait(bells.order, lambda: _parent_lives(seat.parent)):
        task, count = board.order.tolist()
        try:
            run_parts(job, task, range(seat.worker, count, seat.size))
        except BaseException as error:
            board.report(seat.worker, error)
        bells.done.release()


def serve_spawned(seat: Seat, bells: Bells, board: bytes, job: bytes) -> None:
    """What a spawned worker process runs: board and job come pickled, and BLAS has to be limited here too."""
    with one_blas_thread():
        serve(seat, bells, functools.partial(pickle.loads, board), functools.partial(pickle.loads, job))


def wait(bell: Semaphore, alive: Callable[[], bool]) -> bool:
    """Wait for the other side, briefly by trying again and again, then asleep; False where it is gone."""
    for _ in range(SPINS):
        if bell.acquire(block=False):
            return True
    while not bell.acquire(timeout=CHECK_SECONDS):
        if not alive():
            return False
    return True


def _leave_signals_to_the_parent() -> None:
    """Ctrl-C reaches all processes of a terminal, and the parent decides; its other handlers are not the worker's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):  # not on Windows
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])


def _parent_lives(parent: int) -> bool:
    process = multiprocessing.parent_process()
    return os.getppid() == parent and process is not None and process.is_alive()


def sendable(error: BaseException, place: str) -> bytes:
    """An exception as bytes for `pickle.loads`, with its traceback and where it was raised as a note.

    One that cannot be sent becomes an InklingError of its text.
    """
    told = "".join(traceback.format_exception(error))[-LONGEST_TEXT:]
    try:
        error.add_note(f"In {place}:\n{told}")
        content = pickle.dumps(error)
        pickle.loads(content)  # some exceptions can be written and not read
        if len(content) <= REPORT_BYTES:
            return content
    except Exception:
        pass
    return pickle.dumps(InklingError(f"a training process failed: {told}"))
