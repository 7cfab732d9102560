"""An executor runs the tasks of a training step: in this process, in other processes, or on other machines.

A training is a job (`StepJob`): numbered tasks on arrays. All executors run the same tasks in the same way, so a
training gives the same bits with each of them. A backend for several machines implements the protocol `Executor`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import numpy as np

from inkling.errors import InklingError
from inkling.processor import one_blas_thread


class WorkersUnavailable(InklingError):
    """The workers of an executor cannot be started here. The message is the reason, as the end of a sentence."""


class Job(Protocol):
    """Tasks that read and write arrays. A job can be pickled; its scratch and its generators are made where it runs."""

    def run(self, task: int, k: int) -> None:
        """Do part k of a task. The parts of a task write to different places, so that they can run at the same time."""

    def inputs(self, task: int) -> Sequence[np.ndarray]:
        """The arrays that the parts of a task read and that change between two runs."""

    def outputs(self, task: int, k: int) -> Sequence[np.ndarray]:
        """The arrays that part k writes."""


class Executor(Protocol):
    """Who runs the tasks of a job. The calls come in this order, and after `close` an executor can be used again.

    1. `allocate` and `publish`, for each array of the job
    2. `start(job)`
    3. `run(task, count)`, any number of times, until one raises
    4. `close()`, at any time and any number of times

    Attributes
    ----------
    size : workers. Part k of a task is always done by worker k % size, where the generators of shard k stay.
    shares_memory : whether the workers write to the very arrays that `allocate` returns. Where they do not, `run` sends
        `job.inputs(task)` to the worker that does part k, and copies what comes back into `job.outputs(task, k)`.
        The update of θ is then left to the calling process.
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

        An exception in a part is raised here as it is; InklingError where a worker was lost. A worker may then still be
        at work, and only `close` may follow.
        """

    def close(self) -> None:
        """Stop the workers: on return none of them writes to an array any more. Free what nobody holds."""


def run_parts(job: Job, task: int, parts: range) -> None:
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
