"""Copies of a training's job on the workers of a cluster: how they get there, and what they do."""

from __future__ import annotations

import hashlib
import io
import pickle
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

import inkling
from inkling.processor import one_blas_thread
from inkling.training.executor import Job
from inkling.training.worker import sendable


class Software(NamedTuple):
    """What decides the bits of a result: versions, and how this processor rounds (a hash of some sums and powers)."""

    inkling: str
    numpy: str
    rounding: str

    @classmethod
    def here(cls) -> Software:
        x = np.linspace(-1, 1, 96 * 784, dtype=np.float32).reshape(96, 784)
        with one_blas_thread():
            computed = [x @ x[:, ::-1].T.copy(), np.exp(x), x.sum(axis=0)]
        rounding = hashlib.sha256(b"".join(each.tobytes() for each in computed)).hexdigest()
        return cls(inkling.__version__, np.__version__, rounding)


class Outcome(NamedTuple):
    """What a worker returns: a value, or the exception that it ended in, as `sendable` makes it."""

    value: Any = None
    error: bytes = b""

    def unwrap(self) -> Any:
        """The value; the exception is raised as it is."""
        if self.error:
            raise pickle.loads(self.error)
        return self.value


class JobCopy:
    """A copy of a job: an actor of Dask, whose methods are called one at a time. They return an `Outcome`."""

    def __init__(self) -> None:
        self._job: Job | None = None

    def take(self, content: bytes) -> Outcome:
        """Take what `pickled` made of a job; the outcome is the software here."""

        def unpickle() -> Software:
            self._job = pickle.loads(content)
            return Software.here()

        return _outcome_of(unpickle)

    def carry_out(self, order: Any) -> Outcome:
        """Carry out an order of the job, with one BLAS thread as everywhere; the outcome is the answer."""
        job = self._job
        assert job is not None, "take comes before carry_out"
        with one_blas_thread():
            return _outcome_of(lambda: job.carry_out(order))


def _outcome_of(work: Callable[[], Any]) -> Outcome:
    try:
        return Outcome(work())
    except Exception as error:
        return Outcome(error=sendable(error, "a worker of the cluster"))


def pickled(job: Job, changing: Sequence[np.ndarray]) -> bytes:
    """A job as bytes; of the arrays that change while it runs, and of views of them, only the shapes."""
    import cloudpickle  # which Dask brings along; it also takes layers that a notebook or a script defines

    blank = {id(array) for array in changing}

    class Pickler(cloudpickle.CloudPickler):
        def reducer_override(self, value: Any) -> Any:
            if isinstance(value, np.ndarray) and id(_owner(value)) in blank:
                return np.zeros, (value.shape, value.dtype)
            return super().reducer_override(value)

    file = io.BytesIO()
    Pickler(file, pickle.HIGHEST_PROTOCOL).dump(job)
    return file.getvalue()


def _owner(array: np.ndarray) -> np.ndarray:
    """The array whose memory this one is a view of, or itself."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array
