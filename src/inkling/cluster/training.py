"""One training on the workers of a Dask cluster: an executor without shared memory.

Each worker that takes part holds a copy of the job, as an actor of Dask. Orders and answers go between this process and
the actors directly: a task that passes through the scheduler takes several times as long.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import numpy as np

from inkling.cluster.clients import open_client
from inkling.cluster.copies import Software, pickled
from inkling.cluster.executors import DEATHS
from inkling.cluster.holders import Holder, HolderLost, addresses
from inkling.errors import InklingError, InklingWarning, reason
from inkling.processor import one_blas_thread
from inkling.training.executor import Job, WorkersLost

_SECONDS_BETWEEN_LOOKS = 1.0  # at the workers of the cluster, and at one that has not answered yet
_SECONDS_OF_PATIENCE = 5.0  # without any worker: a nanny starts a new one in place of one that was killed


@contextmanager
def open_executor(cluster: str, workers: int | None = None) -> Iterator[ClusterExecutor]:
    """An executor for `inkling.fit` and `train`; arguments and errors are those of `open_client`."""
    with open_client(cluster, workers, direct_to_workers=True) as client:
        executor = ClusterExecutor(client)
        try:
            yield executor
        finally:
            executor.close()


class ClusterExecutor:
    """An `Executor` on workers of a cluster, as many of them as a batch has shards.

    Where a worker is lost, another one does its parts, be it one that joined later.
    """

    shares_memory = False

    def __init__(self, client: Any) -> None:
        self._client = client
        self._blas: AbstractContextManager[None] | None = None
        self._changing: list[np.ndarray] = []
        self._holders: list[Holder] = []
        self._losses = 0  # of workers since a task was last done
        self._looked: float | None = None  # when, by the monotonic clock
        self.size = 0

    def allocate(self, array: np.ndarray) -> np.ndarray:
        self._changing.append(array.copy())
        return self._changing[-1]

    def publish(self, array: np.ndarray) -> np.ndarray:
        return array

    def start(self, job: Job) -> None:
        """Workers get the job with the first task, whose parts tell how many of them take part."""
        self._job, self._losses, self._looked, blas = job, 0, None, one_blas_thread()
        blas.__enter__()
        self._blas = blas

    def run(self, task: int, count: int) -> None:
        left = list(range(count))
        while left:
            holders = self._ready(len(left))
            shares = [left[k :: len(holders)] for k in range(len(holders))]
            orders = [self._job.order(task, parts) for parts in shares]
            calls = [holder.call("carry_out", order) for holder, order in zip(holders, orders, strict=True)]
            for holder, parts, order, call in zip(holders, shares, orders, calls, strict=True):
                try:
                    self._job.enter(order, holder.outcome(call))
                except HolderLost:
                    self._lose(holder)
                else:
                    left = [k for k in left if k not in parts]
        self._losses = 0

    def close(self) -> None:
        """Workers that are still at an order write to their copies alone."""
        self._holders.clear()
        self._changing.clear()
        self.__dict__.pop("_job", None)
        blas, self._blas = self._blas, None
        if blas is not None:
            blas.__exit__(None, None, None)

    def _ready(self, most: int) -> list[Holder]:
        """So many workers that have the job, or as many as there are; the first one is waited for."""
        started, told = time.monotonic(), False
        while True:
            if len(self._holders) < most and (not self._holders or self._is_due()):
                self._take_in(most)
            if self._holders:
                return self._holders[:most]
            if self._client.cluster is not None and not self._client.cluster.workers:  # of local:N, with their nannies
                raise WorkersLost("the workers of the cluster were lost, and none is started in their place")
            if not told and time.monotonic() - started > _SECONDS_OF_PATIENCE:
                _tell("no worker is in the cluster: training goes on with the first one that joins")
                told = True
            time.sleep(0.1)

    def _is_due(self) -> bool:
        return self._looked is None or time.monotonic() - self._looked >= _SECONDS_BETWEEN_LOOKS

    def _take_in(self, most: int) -> None:
        """Give the job to workers that have joined, until so many take part."""
        here = addresses(self._client)
        if self._looked is None and len(here) > most:
            _tell(f"{most} of the {len(here)} workers take part: as many as the recipe has shards")
        self._looked = time.monotonic()
        taken = {holder.address for holder in self._holders}
        joining = [Holder(self._client, each) for each in here if each not in taken][: most - len(taken)]
        content = self._pickled() if joining else b""
        calls = [holder.call("take", content) for holder in joining]
        for holder, call in zip(joining, calls, strict=True):
            try:
                software = holder.outcome(call)
            except HolderLost:
                self._lose(holder)
            except Exception as error:
                raise InklingError(f"worker {holder.address} cannot take the training: {reason(error)}") from error
            else:
                _require_same(holder.address, software)
                self._holders.append(holder)
        self.size = len(self._holders)

    def _pickled(self) -> bytes:
        try:
            return pickled(self._job, self._changing)
        except Exception as error:
            raise InklingError(f"the training cannot be sent to other processes: {reason(error)}") from error

    def _lose(self, holder: Holder) -> None:
        """Do without a worker; WorkersLost where a step has cost many of them."""
        self._holders = [each for each in self._holders if each is not holder]
        self._losses += 1
        if self._losses >= DEATHS:
            raise WorkersLost(f"{DEATHS} workers were lost in one step; perhaps it needs more memory than they have")


def _require_same(address: str, theirs: Software) -> None:
    """InklingError where a worker has another version of something, InklingWarning where another processor."""
    ours = Software.here()
    for package in ("inkling", "numpy"):
        there, here = getattr(theirs, package), getattr(ours, package)
        if there != here:
            raise InklingError(
                f"worker {address} has {package} {there}, and this process {here}: give both the same version, or the "
                "result depends on who computed what"
            )
    if theirs.rounding != ours.rounding:
        _tell(
            f"worker {address} rounds otherwise than this process, as another kind of processor does: the last bits of "
            "the result depend on who computed what"
        )


def _tell(message: str) -> None:
    warnings.warn(message, InklingWarning, stacklevel=3)
