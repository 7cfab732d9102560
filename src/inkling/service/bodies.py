"""Bodies: what a request carries, taken into memory within the limits of size, speed and memory of all requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request

from inkling.service.refusals import Refusal, busy
from inkling.service.settings import MEGABYTE, Limits

MOST_SECONDS = 300.0  # However fast it comes, a body is complete by then.


class Bodies:
    """The bodies of all requests that are being answered; they share a number of bytes."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.taken = 0  # bytes in memory

    @asynccontextmanager
    async def of(self, request: Request, most: int | None = None) -> AsyncIterator[bytes]:
        """The body of a request, of `most` bytes or the limit, which counts as taken until the end of the context.

        Raises a Refusal: 415 where it is compressed; 413 where it is too large, by its header or while it comes; 408
        where it is too slow; 429 where there is no room for it beside the others.
        """
        if request.headers.get("content-encoding", "identity") != "identity":
            raise Refusal(415, "this service takes bodies as they are: leave the Content-Encoding out")
        most = most or round(self.limits.megabytes * MEGABYTE)
        _check(_announced(request), most)
        body, content = bytearray(), b""
        try:
            await self._fill(body, request, most)
            content = bytes(body)
            body.clear()  # one of the two is enough
            yield content
        finally:
            self.taken -= max(len(body), len(content))

    async def _fill(self, body: bytearray, request: Request, most: int) -> None:
        begun = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self.limits.body_seconds) as clock:
                async for chunk in request.stream():
                    _check(len(body) + len(chunk), most)
                    if self.taken + len(chunk) > self.limits.memory_megabytes * MEGABYTE:
                        raise busy("other requests take all memory that there is for bodies: ask again in a second")
                    body += chunk
                    self.taken += len(chunk)
                    allowed = self.limits.body_seconds + len(body) / self.limits.bytes_per_second
                    clock.reschedule(begun + min(allowed, MOST_SECONDS))
        except TimeoutError:
            raise Refusal(408, "the body comes too slowly: send it faster, or a smaller one") from None


def _check(size: int, most: int) -> None:
    if size > most:
        raise Refusal(413, f"a body has at most {most / MEGABYTE:g} megabytes here, and this one has more")


def _announced(request: Request) -> int:
    """The size that the header tells, 0 where it tells none; the server has refused those that are no numbers."""
    told = request.headers.get("content-length", "0")
    return int(told) if told.isdecimal() else 0
