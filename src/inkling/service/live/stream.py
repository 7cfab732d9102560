"""The stream: events as a browser's EventSource reads them, from the one after `Last-Event-ID` on.

WHATWG, "Server-sent events". A comment every few seconds tells proxies and browsers that the connection lives.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable

from inkling.service.live.journal import Journal

MEDIA_TYPE = "text/event-stream"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx would keep events back to fill a buffer
HEARTBEAT_SECONDS = 10.0
RETRY_MILLISECONDS = 1000
CHECK_SECONDS = 0.25  # between two looks at whether the service stops


async def stream(
    journal: Journal, last: str | None, stopping: Callable[[], bool], heartbeat: float = HEARTBEAT_SECONDS
) -> AsyncIterator[str]:
    """The text of the stream; it ends when the service stops."""
    yield f"retry: {RETRY_MILLISECONDS}\n\n"
    sent = time.monotonic()
    while not stopping():
        events = await journal.wait(last, CHECK_SECONDS)
        for event in events:
            last = journal.identifier(event)
            yield f"id: {last}\nevent: {event.kind}\ndata: {event.data}\n\n"
        if events:
            sent = time.monotonic()
        elif time.monotonic() - sent >= heartbeat:
            sent = time.monotonic()
            yield ": the connection lives\n\n"
