"""Work: what takes long is done by a bounded number of threads, and a bounded number of requests wait for them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any, TypeVar

from inkling.service.refusals import busy

T = TypeVar("T")


class Work:
    """Threads, a queue in front of them, and a time limit per request.

    Parameters
    ----------
    waiting : the most requests in the queue; one more is refused with 429.
    seconds : the most from entering the queue to the result; 503 then. A thread that has begun goes on to its end, and
        counts as taken until then.
    """

    def __init__(self, threads: int, waiting: int, seconds: float) -> None:
        self.threads, self.waiting, self.seconds = threads, waiting, seconds
        self._pool = ThreadPoolExecutor(threads, "inkling-work")
        self._lock = Lock()
        self._inside = 0
        self._last_end = time.monotonic()

    @property
    def queued(self) -> int:
        """Requests that wait for a thread."""
        return max(0, self._inside - self.threads)

    @property
    def is_stuck(self) -> bool:
        """Whether all threads are taken and none has come to an end for the time limit of a request."""
        return self._inside >= self.threads and time.monotonic() - self._last_end > self.seconds

    async def run(self, function: Callable[..., T], *args: Any, is_short: bool = False) -> T:
        """The function's result from a thread; a Refusal where too many wait or the time is over.

        What is short, less than a millisecond, is done at once if no thread is taken: handing it over takes longer.
        """
        if is_short and not self._inside:
            return function(*args)
        with self._lock:
            if self._inside >= self.threads + self.waiting:
                raise busy(f"{self.waiting} requests are waiting already: ask again in a second")
            if not self._inside:
                self._last_end = time.monotonic()
            self._inside += 1
        future = self._pool.submit(function, *args)
        future.add_done_callback(self._left)
        try:
            async with asyncio.timeout(self.seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            raise busy(
                f"no result within {self.seconds:g} seconds: ask again later, or send less at a time", 503
            ) from None

    def _left(self, future: Future[Any]) -> None:
        with self._lock:
            self._inside -= 1
            self._last_end = time.monotonic()

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
