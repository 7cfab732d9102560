"""Executors of independent tasks: this process, processes of this machine, or the workers of a Dask cluster.

An executor is anything with the `submit` of `concurrent.futures`. Dask's `Client.get_executor()` is one, so no task
knows who runs it.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from inkling.cluster.clients import DEATHS, ignore_interrupts, open_client
from inkling.errors import InklingError, InklingWarning, UsageError
from inkling.processor import cores

_PER_WORKER = 3  # tasks that are given out per worker, so that none waits for the next one

GO_ON = "give the same command again to go on"
LATER: Any = object()  # what `finished` is given in place of a task that depends on others which are not done yet

Task = TypeVar("Task")
Result = TypeVar("Result")


class Submitting(Protocol):
    """What is needed of an executor."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]: ...


@dataclass(frozen=True)
class Workers:
    """An executor, and how many tasks it runs at a time.

    Attributes
    ----------
    count : the number of workers as it is now; workers of a cluster come and go.
    lost : whether the executor itself is gone, such as a cluster whose scheduler was killed.
    here : whether tasks run in this process.
    """

    executor: Submitting
    count: Callable[[], int]
    lost: Callable[[], bool] = lambda: False
    here: bool = False


class ExecutorLost(InklingError):
    """The executor is gone; what it had done is kept."""


class WorkerDied(InklingError):
    """The task was running when its worker died, several times over."""


class _InThisProcess:
    """The executor that does each task at once."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def open_workers(cluster: str | None = None, workers: int | None = None) -> Iterator[Workers]:
    """The workers of a cluster, or of this machine.

    Parameters
    ----------
    cluster : "local" or "local:N" for a Dask cluster of N processes here, "tcp://HOST:PORT" of a Dask scheduler, or
        None for processes without Dask.
    workers : processes without Dask, by default one per core; with 1, everything is done in this process.

    Raises
    ------
    UsageError
        No such cluster, or workers beside a cluster.
    InklingError
        The scheduler does not answer.
    MissingExtraError
        Dask is not installed.
    """
    if cluster is None:
        with _processes(cores() if workers is None else workers) as found:
            yield found
        return
    with open_client(cluster, workers) as client:
        yield _of_client(client)


@contextmanager
def _processes(count: int) -> Iterator[Workers]:
    if count < 1:
        raise UsageError(f"the number of workers is 1 or more, not {count}")
    if count == 1:
        yield Workers(_InThisProcess(), lambda: 1, here=True)
        return
    pool = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), _begin)
    try:
        yield Workers(pool, lambda: count)
    finally:
        processes = list((pool._processes or {}).values())  # of which `shutdown` forgets
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()  # after an interrupt, nobody waits for a long task


def _begin() -> None:
    """What a process does first: it ends with the process that started it, and not by Ctrl-C."""
    ignore_interrupts()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _of_client(client: Any) -> Workers:
    def count() -> int:
        return max(1, sum(client.nthreads().values()))

    if not client.nthreads():
        warnings.warn(
            "no worker has joined the cluster yet: the work begins with the first one", InklingWarning, stacklevel=2
        )

    return Workers(client.get_executor(), count, lambda: client.status not in ("running", "connecting"))


def finished(
    workers: Workers, function: Callable[[Task], Result], tasks: Iterable[Task], per_worker: int = _PER_WORKER
) -> Iterator[tuple[Task, Result | Exception]]:
    """Each task with its result or its exception, in the order in which they are finished.

    A few tasks per worker are given out at a time, so that millions of them need no memory. Where the next task depends
    on results that are not there yet, `tasks` yields LATER, and is asked again when another task is done.

    Raises
    ------
    ExecutorLost
        The executor is gone, with tasks that are not done.
    """
    left = iter(tasks)
    running: dict[Future[Any], Task] = {}
    try:
        while True:
            most = per_worker * workers.count() if not workers.here else 1
            task = LATER
            while len(running) < most and (task := next(left, None)) not in (None, LATER):
                running[workers.executor.submit(function, task)] = task
            if not running:
                assert task is not LATER, "a task waits for one that was never given out"
                return
            done, _ = wait(running, timeout=1, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), _outcome(future)
            if not done and workers.lost():
                raise ExecutorLost(f"the scheduler of the cluster was lost: {GO_ON}")
    except (BrokenProcessPool, CancelledError) as error:
        what = "a process was killed" if isinstance(error, BrokenProcessPool) else "the scheduler was lost"
        raise ExecutorLost(f"the work was cut off: {what}: {GO_ON}") from None
    finally:
        for future in running:
            future.cancel()


def _outcome(future: Future[Any]) -> Any:
    """The result of a task, or what it raised; BrokenProcessPool and CancelledError where the executor is to blame."""
    try:
        return future.result()
    except (BrokenProcessPool, CancelledError):
        raise
    except Exception as error:
        if type(error).__name__ == "KilledWorker":  # of Dask, which may not be installed
            return WorkerDied(f"{DEATHS} workers died while they did it; perhaps it needs more memory than they have")
        return error


def sentence_of(error: Exception) -> str:
    """Why a task failed, in a sentence."""
    return str(error) if isinstance(error, InklingError) else f"{type(error).__name__}: {error}"
