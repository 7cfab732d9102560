"""The journal: the events of the current run in their order, kept for pages that join late or lose their connection."""

from __future__ import annotations

import asyncio
import bisect
import contextlib
import json
import secrets
import threading
from typing import Any, NamedTuple

MOST_BYTES = 64 * 2**20  # of the events that are kept
MOST_EVENTS = 20_000


class Event(NamedTuple):
    """`number` counts from 1; `data` is one line of JSON."""

    number: int
    kind: str
    data: str


class Journal:
    """Events, to which any thread may add, and which tasks of an event loop wait for.

    Those of an earlier run are not kept (`clear`). Beyond the bounds the oldest events of the kind "inside" go first,
    which are by far the largest, and then the oldest of all.
    """

    def __init__(self) -> None:
        # A random prefix per server start, so that identifiers from before a restart are not matched.
        self.life = secrets.token_hex(4)
        self._events: list[Event] = []
        self._number = self._bytes = 0
        self._lock = threading.Lock()
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def add(self, kind: str, data: Any) -> None:
        text = json.dumps(data, allow_nan=False, separators=(",", ":"))
        with self._lock:
            self._number += 1
            self._events.append(Event(self._number, kind, text))
            self._bytes += len(text)
            while len(self._events) > 1 and (self._bytes > MOST_BYTES or len(self._events) > MOST_EVENTS):
                self._drop()
            waiting = list(self._waiting)
        for loop, event in waiting:
            with contextlib.suppress(RuntimeError):  # the loop has ended, and its task with it
                loop.call_soon_threadsafe(event.set)

    def clear(self) -> None:
        """Forget all events; the numbers go on."""
        with self._lock:
            self._events.clear()
            self._bytes = 0

    def _drop(self) -> None:
        """Forget an event, but neither the first, which tells of the run, nor the newest."""
        place = next((i for i, each in enumerate(self._events[1:-1], 1) if each.kind == "inside"), 1)
        self._bytes -= len(self._events.pop(place).data)

    def after(self, identifier: str | None) -> list[Event]:
        """The events behind one of this identifier; all that are kept where it is none of this life."""
        life, _, number = (identifier or "").partition("-")
        seen = int(number) if life == self.life and number.isdecimal() and len(number) < 19 else 0
        with self._lock:
            return self._events[bisect.bisect(self._events, seen, key=lambda event: event.number) :]

    def knows(self, identifier: str | None) -> bool:
        """Whether the identifier is one of this life."""
        return (identifier or "").partition("-")[0] == self.life

    @property
    def start(self) -> str:
        """The identifier before that of the first event."""
        return f"{self.life}-0"

    def identifier(self, event: Event) -> str:
        return f"{self.life}-{event.number}"

    async def wait(self, identifier: str | None, seconds: float) -> list[Event]:
        """The events behind this one as soon as there are some; an empty list when so many seconds have passed."""
        entry = asyncio.get_running_loop(), asyncio.Event()
        with self._lock:
            self._waiting.add(entry)
        try:
            if events := self.after(identifier):
                return events
            async with asyncio.timeout(seconds):
                await entry[1].wait()
        except TimeoutError:
            return []
        finally:
            with self._lock:
                self._waiting.discard(entry)
        return self.after(identifier)
