"""Executors of independent tasks: this process, processes of this machine, or the workers of a Dask cluster.

An executor is anything with the `submit` of `concurrent.futures`. Dask's `Client.get_executor()` is one, so no task
knows who runs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from inkling.errors import InklingError

DEATHS = 10  # A task that was running on so many workers when they died is given up: it may have killed them.
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
