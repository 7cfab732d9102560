"""A worker of a cluster that holds a copy of a training's job, as the process that trains sees it."""

from __future__ import annotations

import time
from typing import Any

from inkling.cluster.copies import JobCopy
from inkling.errors import InklingError, reason
from inkling.training.executor import WorkersLost

_SECONDS_BETWEEN_LOOKS = 1.0  # whether a worker that has not answered yet is still there


class HolderLost(Exception):
    """A worker is gone, with whatever it had not answered."""


class Holder:
    """A worker with an actor of Dask that holds a copy. The copy goes when nobody holds this object."""

    def __init__(self, client: Any, address: str) -> None:
        self.address, self._client = address, client
        self._future = client.submit(JobCopy, actor=True, pure=False, workers=[address])
        self._actor: Any = None

    def call(self, method: str, argument: Any) -> Any:
        """Begin a method of the copy; the result is for `outcome`."""
        try:
            self._actor = self._actor or self._begun()
            return getattr(self._actor, method)(argument)
        except (HolderLost, RuntimeError):  # the latter is Dask's, where it knows that the actor's worker is gone
            return None

    def outcome(self, call: Any) -> Any:
        """What the method returned, or what it raised; HolderLost where it is not known."""
        while call is not None:
            try:
                outcome = call.result(timeout=_SECONDS_BETWEEN_LOOKS)
            except TimeoutError:
                if self._future.status == "finished":
                    continue
                break
            except Exception:  # of the connection: what the copy itself raised is in the outcome
                break
            return outcome.unwrap()
        raise HolderLost

    def _begun(self) -> Any:
        """The actor, for which the worker has to import Inkling; InklingError where it cannot."""
        while self._future.status == "pending" and self.address in addresses(self._client):
            time.sleep(0.01)
        if self._future.status == "finished":
            return self._future.result()
        if self.address in addresses(self._client):
            raise InklingError(f"worker {self.address} cannot take part: {reason(self._future.exception())}")
        raise HolderLost


def addresses(client: Any) -> list[str]:
    """The workers that are in the cluster now; WorkersLost where its scheduler is gone."""
    try:
        if client.status == "running":
            return list(client.nthreads())
    except OSError:
        pass
    raise WorkersLost("the scheduler of the cluster was lost")
