"""The processor: the number of cores for this process, and BLAS limited to one thread while they are shared out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock

from threadpoolctl import ThreadpoolController

_lock = Lock()
_users = 0  # how many `one_blas_thread` contexts are open
_limits = None  # what restores the threads that BLAS had before the first of them


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _libraries() -> ThreadpoolController:
    """The BLAS libraries that are loaded. To look for them takes longer than to predict a batch."""
    return ThreadpoolController()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Limit BLAS to one thread. Contexts may overlap: the limit holds until the last of them ends.

    It is set at the beginning of each: within another context, such as that of a service, other libraries may have set
    the number of threads to what they knew before, and with several threads a training would have other bits.
    """
    global _users, _limits
    with _lock:
        _users += 1
        limits = _libraries().limit(limits=1, user_api="blas")
        if _limits is None:
            _limits = limits
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if not _users and _limits is not None:
                _limits.restore_original_limits()
                _limits = None
