"""The stream: events as a browser's EventSource reads them, from the one after `Last-Event-ID` on.

A page that has seen none, or those of another life of the server, is first told how things stand ("begin"), so that it
forgets what it knew. A comment every few seconds tells proxies and browsers that the connection lives. WHATWG,
"Server-sent events".
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from inkling.service.live.journal import Journal

MEDIA_TYPE = "text/event-stream"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx would keep events back to fill a buffer
HEARTBEAT_SECONDS = 10.0
RETRY_MILLISECONDS = 1000
CHECK_SECONDS = 0.25  # between two looks at whether the service stops


async def stream(
    journal: Journal,
    last: str | None,
    standing: Callable[[], dict[str, Any]],
    stopping: Callable[[], bool],
    heartbeat: float = HEARTBEAT_SECONDS,
) -> AsyncIterator[str]:
    """The text of the stream; it ends when the service stops."""
    yield f"retry: {RETRY_MILLISECONDS}\n\n"
    if not journal.knows(last):
        last = journal.start
        yield f"id: {last}\nevent: begin\ndata: {json.dumps(standing())}\n\n"
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
