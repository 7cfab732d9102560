"""The processor: how many cores there are for us, and BLAS limited to one thread while we use them ourselves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock

from threadpoolctl import ThreadpoolController

_lock = Lock()
_users, _limits = 0, None  # who holds BLAS to one thread now, and what restores it


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _libraries() -> ThreadpoolController:
    """The BLAS that is loaded: to look for it takes longer than to predict a batch."""
    return ThreadpoolController()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """BLAS has one thread from the first user's entry to the last one's exit: uses may overlap."""
    global _users, _limits
    with _lock:
        _users += 1
        if _limits is None:
            _limits = _libraries().limit(limits=1, user_api="blas")
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if not _users and _limits is not None:
                _limits.restore_original_limits()
                _limits = None
