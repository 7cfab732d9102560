"""Where the workers of an executor come from: this process, processes of this machine, or a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from inkling.cluster.clients import ignore_interrupts, open_client
from inkling.cluster.executors import Workers
from inkling.errors import InklingWarning, UsageError
from inkling.processor import cores
from inkling.training.interrupts import interrupts_blocked


class _InThisProcess:
    """The executor that does each task at once."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future


class _Pool(ProcessPoolExecutor):
    """Processes that Ctrl-C does not reach, also while they start: this one ends them."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        with interrupts_blocked():  # the first task starts the processes
            return super().submit(function, *arguments, **named)


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
    pool = _Pool(count, multiprocessing.get_context("spawn"), _begin)
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
