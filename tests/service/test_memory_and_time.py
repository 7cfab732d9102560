"""What a request takes of the process that answers requests: memory for its body, and time of the event loop."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import AsyncIterator

import pytest

from inkling.service.bodies import Bodies
from inkling.service.inference import SHORT_BYTES, is_short
from inkling.service.settings import MEGABYTE, Limits
from inkling.service.state import State
from served import PATIENCE


def test_a_body_is_in_memory_once():
    class Sent:
        headers: dict[str, str] = {}

        async def stream(self) -> AsyncIterator[bytes]:
            for _ in range(80):
                yield bytes(100_000)

    async def held() -> int:
        bodies = Bodies(Limits())
        async with bodies.of(Sent()) as body:
            assert len(body) == bodies.taken == 8 * MEGABYTE
            now, _ = tracemalloc.get_traced_memory()
        assert bodies.taken == 0
        return now

    tracemalloc.start()
    try:
        assert asyncio.run(held()) < 12 * MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("size", "seconds", "short"),
    [
        (1000, 0.0005, True),
        (1000, 0.002, False),
        (3 * 784, 0.0004, False),
        (SHORT_BYTES + 1, 1e-9, False),
        (1000, float("inf"), False),
    ],
)
def test_only_what_takes_less_than_a_millisecond_is_done_on_the_event_loop(settings, size, seconds, short):
    state = State(settings)
    state.seconds_per_image = seconds
    assert is_short(state, size) is short
    state.work.close()


def test_the_time_of_an_answer_is_measured_at_the_start(served):
    assert 1e-6 < served.app.state.service.seconds_per_image < PATIENCE
