"""Readers: processes that read pictures, one per core.

Reading is many short operations, which threads of one process would do one after the other. A process that takes too
long, or that a picture ends, is replaced by another, and only its request is refused.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from typing import Any

from inkling.errors import InklingError, reason
from inkling.model import Model
from inkling.service.reader_process import SIZE, framed
from inkling.service.records import Answer, DigitQuestion, Question
from inkling.service.refusals import Refusal, busy

_COMMAND = (sys.executable, "-m", "inkling.service.reader_process")
_END_SECONDS = 5.0  # Processes have this long to end before they are killed.
UNREADY_SECONDS = 5.0  # After a process could not be started, the service is not ready for this long.


class StartError(InklingError):
    """A process that reads pictures could not be started: no fault of a picture."""


class Readers:
    """Processes with a queue in front of them; `waiting` and `seconds` as in `Work`."""

    def __init__(self, model: Model, count: int, waiting: int, seconds: float) -> None:
        self.count, self.waiting, self.seconds = count, waiting, seconds
        self._model = framed(model)
        self._free: asyncio.Queue[Process | None] = asyncio.LifoQueue()  # None: one is to be started
        self._inside = 0
        self._processes: set[Process] = set()
        self._last_end = self._last_failure = float("-inf")  # by time.monotonic

    @property
    def queued(self) -> int:
        """Requests that wait for a process."""
        return max(0, self._inside - self.count)

    @property
    def is_stuck(self) -> bool:
        """Whether a process could not be started just now, or all are taken and none has answered in the time limit."""
        now = time.monotonic()
        if now - self._last_failure < UNREADY_SECONDS:
            return True
        return self._inside >= self.count and now - self._last_end > self.seconds

    async def start(self) -> None:
        for process in await asyncio.gather(*(self._started() for _ in range(self.count))):
            self._free.put_nowait(process)

    async def answer(self, question: Question | DigitQuestion) -> Answer:
        """A reader's answer; a Refusal where too many wait, the time is over, or the picture ended the reader."""
        if self._inside >= self.count + self.waiting:
            raise busy(f"{self.waiting} requests are waiting already: ask again in a second")
        if not self._inside:
            self._last_end = time.monotonic()
        self._inside += 1
        try:
            async with asyncio.timeout(self.seconds), self._reader() as process:
                found = await _asked(process, question)
                self._last_end = time.monotonic()
                return found
        except TimeoutError:
            raise busy(
                f"no result within {self.seconds:g} seconds: ask again later, or send a smaller picture", 503
            ) from None
        except StartError as error:
            raise busy(f"{error}: ask again later", 503) from None
        except (EOFError, OSError):  # IncompleteReadError is an EOFError.
            raise Refusal(
                422, f"{question.name}: a picture was expected, but reading it failed; save it anew"
            ) from None
        finally:
            self._inside -= 1

    @contextlib.asynccontextmanager
    async def _reader(self) -> AsyncIterator[Process]:
        """A process for one question. It is given back if it has answered, and ended otherwise."""
        process, answered = await self._free.get(), False
        try:
            if process is None or process.returncode is not None:  # ended while it waited: no fault of this picture
                process = await self._started()
            yield process
            answered = True
        finally:
            if not answered and process is not None:
                self._end(process)
            self._free.put_nowait(process if answered else None)

    async def _started(self) -> Process:
        """A new process that has the model; StartError where there is none."""
        try:
            return await self._launched()
        except (EOFError, OSError) as error:
            self._last_failure = time.monotonic()
            why = "it ended at once" if isinstance(error, EOFError) else reason(error)
            raise StartError(f"a process that reads pictures cannot be started: {why}") from None

    async def _launched(self) -> Process:
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(each for each in sys.path if each)}
        process = await asyncio.create_subprocess_exec(
            *_COMMAND, stdin=PIPE, stdout=PIPE, env=environment, start_new_session=True, limit=2**20
        )
        self._processes.add(process)
        try:
            await _send(process, self._model)
            await _receive(process)
        except BaseException:
            self._end(process)
            raise
        return process

    def _end(self, process: Process) -> None:
        """Kill a process; `close` waits for those that are not gone by then."""
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        self._processes = {each for each in self._processes if each.returncode is None}

    async def close(self) -> None:
        """End all processes: those that wait for a question end when their input does."""
        processes = list(self._processes)
        for process in processes:
            if process.stdin is not None:
                process.stdin.close()
        try:
            async with asyncio.timeout(_END_SECONDS):
                await asyncio.gather(*(process.wait() for process in processes))
        except TimeoutError:
            for process in processes:
                self._end(process)
            await asyncio.gather(*(process.wait() for process in processes))


async def _asked(process: Process, question: Question | DigitQuestion) -> Answer:
    await _send(process, framed(question))
    answer = await _receive(process)
    assert isinstance(answer, Answer)
    return answer


async def _send(process: Process, message: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(message)
    await process.stdin.drain()


async def _receive(process: Process) -> Any:
    assert process.stdout is not None
    (size,) = SIZE.unpack(await process.stdout.readexactly(SIZE.size))
    return pickle.loads(await process.stdout.readexactly(size))
