"""Small bodies: addresses whose bodies the framework reads take orders of some hundred bytes, under the same limits."""

from __future__ import annotations

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inkling.service.bodies import Bodies
from inkling.service.refusals import Refusal, response

MOST_BYTES = 2**16
_PREFIX = "/training"


class SmallBodies:
    """Read the body of an order before the app does, and hand it on; 408, 413, 415 or 429 where it is none."""

    def __init__(self, app: ASGIApp, bodies: Bodies) -> None:
        self.app, self.bodies = app, bodies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith(_PREFIX):
            await self.app(scope, receive, send)
            return
        try:
            async with self.bodies.of(Request(scope, receive), MOST_BYTES) as body:
                await self.app(scope, _again(body, receive), send)
        except Refusal as refusal:
            await response(refusal)(scope, receive, send)


def _again(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives a body which was read already, and then what comes after it."""
    left = [body]

    async def replay() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    return replay
