"""State: what the requests of one app share. It begins and ends with the app's lifespan."""

from __future__ import annotations

import asyncio
import contextlib
import time

import numpy as np

from inkling.model import Model
from inkling.processor import one_blas_thread
from inkling.service.bodies import Bodies
from inkling.service.live.training import Live
from inkling.service.metrics import Metrics
from inkling.service.readers import Readers
from inkling.service.records import Answer, DigitQuestion, Question
from inkling.service.settings import Settings
from inkling.service.work import Work

_MEASURED = 5  # answers at the start


class State:
    """Settings, bodies in memory, workers, metrics, and whether requests are wanted.

    Attributes
    ----------
    answers : whether the model has answered once, so that `ready` may say so.
    failure : why the service could not start; None where it could.
    seconds_per_image : that an answer of the model takes, measured at the start.
    stopping : whether the service was told to end.
    """

    def __init__(self, settings: Settings) -> None:
        limits = settings.limits
        self.settings = settings
        self.bodies = Bodies(limits)
        self.work = Work(settings.workers, limits.waiting, limits.seconds)
        self.readers = Readers(settings.model, settings.workers, limits.waiting, limits.seconds)
        self.metrics = Metrics(settings.name, settings.model)
        self.live = Live(settings.live)
        self.answers = self.stopping = False
        self.failure: Exception | None = None
        self.seconds_per_image = float("inf")
        self._until_end = contextlib.ExitStack()

    @property
    def is_ready(self) -> bool:
        return self.answers and not self.stopping and not self.work.is_stuck and not self.readers.is_stuck

    @property
    def queued(self) -> int:
        """Requests that wait for a thread or a process."""
        return self.work.queued + self.readers.queued

    async def read(self, question: Question | DigitQuestion) -> Answer:
        return await self.readers.answer(question)

    async def start(self) -> None:
        """Start the readers, and have the model answer once; what is slow the first time is done then."""
        try:
            await self._start()
        except Exception as error:
            self.failure = error
            raise

    async def _start(self) -> None:
        self._until_end.enter_context(one_blas_thread())  # Requests side by side are quicker than cores within one.
        await self.readers.start()
        self.seconds_per_image = await self.work.run(_seconds_per_image, self.settings.model)
        self.answers = True
        self.live.open()

    async def close(self) -> None:
        await asyncio.to_thread(self.live.close)
        self.work.close()
        await self.readers.close()
        self._until_end.close()


def _seconds_per_image(model: Model) -> float:
    """What the model takes for an answer to one image, after a first one, which takes longer."""
    image = np.zeros((1, *model.network.input_shape), np.float32)
    model.predict_proba(image)
    seconds = []
    for _ in range(_MEASURED):
        begun = time.perf_counter()
        model.predict_proba(image)
        seconds.append(time.perf_counter() - begun)
    return min(seconds)  # Other processes make the others longer.
