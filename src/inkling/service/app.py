"""`create_app`: the service as an ASGI application, for `inkling serve` or any other ASGI server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

import inkling
from inkling.service import about, documentation, explanation, health, inference, pages, reading
from inkling.service.access import Access
from inkling.service.live import routes
from inkling.service.logs import Log
from inkling.service.observing import Observing
from inkling.service.refusals import add_handlers
from inkling.service.settings import Settings
from inkling.service.small_bodies import SmallBodies
from inkling.service.state import State

_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'"
)


def create_app(settings: Settings, log: Log | None = None) -> FastAPI:
    """The app of one model; `app.state.service` is its `State`."""
    state = State(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            await state.start()
            yield
        finally:
            await state.close()

    app = FastAPI(
        title="Inkling",
        version=inkling.__version__,
        description="Reads handwritten digits, and shows the network at work.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.service = state
    add_handlers(app)
    for each in (reading, inference, explanation, about, health):
        app.include_router(each.router(state))
    app.include_router(routes.router(state.live, lambda: state.stopping))
    app.include_router(pages.router())
    documentation.describe(app)
    app.add_middleware(SmallBodies, bodies=state.bodies)
    app.add_middleware(Access, token=settings.token, hosts=settings.hosts)
    app.add_middleware(Observing, metrics=state.metrics, log=log or Log(settings.log), headers=_headers(settings.embed))
    return app


def _headers(embed: bool) -> dict[str, str]:
    """Headers of all answers: no inline script or style, no guess at a type, no frame on other sites unless wanted."""
    ancestors = "*" if embed else "'self'"
    return {
        "Content-Security-Policy": f"{_POLICY}; frame-ancestors {ancestors}",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "cross-origin" if embed else "same-origin",
    }
