"""Observing: each request is counted, timed and logged; its answer gets the headers that all have.

An error that nobody foresaw is logged with its place, and answered by one sentence.
"""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inkling.service.logs import Log
from inkling.service.metrics import Metrics
from inkling.service.refusals import Refusal, response

CLIENT_LEFT = 499  # nginx's status for a client that went away; no one receives it
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}
_STREAMS = {"/training/events"}  # They last as long as a page is open: they are counted, but not timed.


class Observing:
    """The outermost layer of the app; `headers` are added to all answers."""

    def __init__(self, app: ASGIApp, metrics: Metrics, log: Log, headers: dict[str, str]) -> None:
        self.app, self.metrics, self.log = app, metrics, log
        self.headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, seen = time.perf_counter(), {"status": CLIENT_LEFT, "bytes": 0}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
                message["headers"] = [*message["headers"], *self.headers]
            else:
                seen["bytes"] += len(message.get("body", b""))
            await send(message)

        with nullcontext() if scope["path"] in _STREAMS else self.metrics.in_flight.track_inprogress():
            try:
                await self._answer(scope, receive, send_with_headers, seen)
            finally:
                self._tell(scope, seen, time.perf_counter() - begun)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, seen: dict[str, Any]) -> None:
        try:
            await self.app(scope, receive, send)
        except ClientDisconnect:
            pass
        except Exception as error:
            self.log.unforeseen(error)
            if seen["status"] == CLIENT_LEFT:
                await response(Refusal(500, "this request met an error in the service: its log has more"))(
                    scope, receive, send
                )

    def _tell(self, scope: Scope, seen: dict[str, Any], seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unknown")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self.metrics.answered(route, method, seen["status"], None if route in _STREAMS else seconds)
        client = (scope.get("client") or ("-",))[0]
        self.log.request(client, scope["method"], scope["path"], seen["status"], seen["bytes"], seconds)
