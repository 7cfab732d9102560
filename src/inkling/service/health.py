"""`GET /v2/health/live` and `/v2/health/ready`: whether the service runs, and whether it wants requests."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from inkling.service.describing import answers
from inkling.service.refusals import json_response
from inkling.service.state import State


def ready_response(state: State) -> Response:
    if state.is_ready:
        return json_response({"ready": True})
    return json_response({"ready": False}, 503)


def router(state: State) -> APIRouter:
    routes = APIRouter(tags=["health"])
    lives = answers((200, {"description": "The service runs."}))
    ready = answers(
        (200, {"description": "The model answers."}),
        (503, {"description": "The model does not answer, or the service is stopping."}),
    )

    @routes.get("/v2/health/live", response_class=Response, responses=lives)
    async def live() -> Response:
        """Whether the service runs."""
        return json_response({"live": True})

    @routes.get("/v2/health/ready", response_class=Response, responses=ready)
    async def get_ready() -> Response:
        """Whether the model answers and the service is not stopping."""
        return ready_response(state)

    return routes
