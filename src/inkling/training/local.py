"""The executors of this machine: forked workers, spawned workers, and the one that is taken where nobody asks."""

from __future__ import annotations

import sys
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from inkling.errors import reason
from inkling.processor import cores
from inkling.training.executor import Executor, InProcess, Job, WorkersUnavailable
from inkling.training.memory import NamedBlocks, inherited
from inkling.training.processes import Processes, unavailable
from inkling.training.worker import Board, serve, serve_spawned


def local_executor(workers: int | None, most: int) -> Executor:
    """The executor of so many workers on this machine, by default one per core, and of `most` at most."""
    size = min(cores() if workers is None else workers, most)
    if size == 1:
        return InProcess()
    return ForkedWorkers(size) if sys.platform == "linux" else SpawnedWorkers(size)


class ForkedWorkers(Processes):
    """Workers that are forked when all is set up, so that they have the job without being sent anything. Linux only."""

    method = "fork"

    def allocate(self, array: np.ndarray) -> np.ndarray:
        with unavailable():
            return inherited(array)

    def publish(self, array: np.ndarray) -> np.ndarray:
        return array

    def _program(self, job: Job, board: Board) -> tuple[Callable[..., None], tuple[Any, ...]]:
        return serve, (lambda: board, lambda: job)

    @contextmanager
    def _starting(self) -> Iterator[None]:
        with warnings.catch_warnings():
            # Python warns that threads (idle ones of BLAS, a notebook's) may hold locks that a child then waits for.
            # A worker needs none: it computes with NumPy, which makes its BLAS fit for a fork, and prints nothing.
            warnings.filterwarnings("ignore", r"This process .* is multi-threaded", DeprecationWarning)
            yield

    def _started(self) -> None:
        pass

    def _free(self) -> None:
        pass  # an anonymous mapping goes with its array


class SpawnedWorkers(Processes):
    """Workers that are started as fresh processes, which take the job as a pickle. Any platform.

    They import the program's main module only where the job needs something that is defined there, such as a layer.
    Otherwise a script needs no `if __name__ == "__main__":`.
    """

    method = "spawn"

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self._blocks = NamedBlocks()
        self._needs_main = False

    def allocate(self, array: np.ndarray) -> np.ndarray:
        with unavailable():
            return self._blocks.copy(array)

    publish = allocate

    def _program(self, job: Job, board: Board) -> tuple[Callable[..., None], tuple[Any, ...]]:
        try:
            pickled = self._blocks.pickle(job)
        except Exception as error:
            raise WorkersUnavailable(f"the training cannot be sent to other processes: {reason(error)}") from error
        self._needs_main = pickled.needs_main
        return serve_spawned, (self._blocks.pickle(board).content, pickled.content)

    @contextmanager
    def _starting(self) -> Iterator[None]:
        """Hide the main module where it is not needed: multiprocessing would run it in each worker."""
        main = sys.modules["__main__"]
        try:
            if not self._needs_main:
                sys.modules["__main__"] = types.ModuleType("__main__")
            yield
        finally:
            sys.modules["__main__"] = main

    def _started(self) -> None:
        self._blocks.unlink()  # whoever is killed from now on leaves nothing behind

    def _free(self) -> None:
        self._blocks.close()
