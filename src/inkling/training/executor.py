"""An executor runs the tasks of a training step: in this process, in other processes, or on other machines.

A training is a job (`StepJob`): numbered tasks on arrays. All executors run the same tasks in the same way, so a
training gives the same bits with each of them. A backend for several machines implements the protocol `Executor`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import numpy as np

from inkling.errors import InklingError
from inkling.processor import one_blas_thread


class WorkersUnavailable(InklingError):
    """The workers of an executor cannot be started here. The message is the reason, as the end of a sentence."""


class WorkersLost(InklingError):
    """The workers of an executor are gone in the middle of a training, or one that it cannot do without."""


class Job(Protocol):
    """Tasks that read and write arrays. A job can be pickled; its scratch and its generators are made where it runs."""

    def run(self, task: int, k: int) -> None:
        """Do part k of a task. The parts of a task write to different places, so that they can run at the same time."""

    def order(self, task: int, parts: Sequence[int]) -> Any:
        """All that these parts of a task read and that changes between two runs, for a copy of the job elsewhere."""

    def carry_out(self, order: Any) -> Any:
        """Do what the job that this is a copy of has ordered; the answer is what the parts wrote."""

    def enter(self, order: Any, answer: Any) -> None:
        """Write the answer of a copy to where the parts would have written it."""


class Executor(Protocol):
    """Who runs the tasks of a job. The calls come in this order, and after `close` an executor can be used again.

    1. `allocate` and `publish`, for each array of the job
    2. `start(job)`
    3. `run(task, count)`, any number of times, until one raises
    4. `close()`, at any time and any number of times

    Attributes
    ----------
    size : workers that are ready.
    shares_memory : whether the workers write to the very arrays that `allocate` returns. Part k of a task is then
        always done by worker k % size, where the generators of shard k stay. Where the workers do not, each has a copy
        of the job: `run` sends it `job.order(task, parts)`, gives the copy's answer to `job.enter`, and orders parts
        anew where the answer was lost. The update of θ is then left to the calling process.
    """

    size: int
    shares_memory: bool

    def allocate(self, array: np.ndarray) -> np.ndarray:
        """A copy of an array, for values that change while the job runs. It lasts as long as somebody holds it."""

    def publish(self, array: np.ndarray) -> np.ndarray:
        """An array of the same values for all workers to read: the array itself, or a copy."""

    def start(self, job: Job) -> None:
        """Make the workers ready for a job; WorkersUnavailable where there can be none.

        Each has one BLAS thread (`one_blas_thread`), since several would add up numbers in another order.
        """

    def run(self, task: int, count: int) -> None:
        """Do the parts 0 … count − 1 of a task, and return when all of them are done.

        An exception in a part is raised here as it is. A worker may then still be at work, and only `close` may follow,
        as after WorkersLost.
        """

    def close(self) -> None:
        """Stop the workers: on return none of them writes to an array any more. Free what nobody holds."""


def run_parts(job: Job, task: int, parts: Iterable[int]) -> None:
    """Do some parts of a task one after the other, as every executor does."""
    with np.errstate(over="ignore", invalid="ignore"):  # the loop checks the loss
        for k in parts:
            job.run(task, k)


class InProcess:
    """The executor without other processes: the caller does all parts itself, with one BLAS thread."""

    size = 1
    shares_memory = True

    def __init__(self) -> None:
        self._job: Job | None = None
        self._blas: AbstractContextManager[None] | None = None

    def allocate(self, array: np.ndarray) -> np.ndarray:
        return array.copy()

    def publish(self, array: np.ndarray) -> np.ndarray:
        return array

    def start(self, job: Job) -> None:
        self._job, blas = job, one_blas_thread()
        blas.__enter__()
        self._blas = blas

    def run(self, task: int, count: int) -> None:
        assert self._job is not None, "start comes before run"
        run_parts(self._job, task, range(count))

    def close(self) -> None:
        self._job = None
        blas, self._blas = self._blas, None
        if blas is not None:
            blas.__exit__(None, None, None)
