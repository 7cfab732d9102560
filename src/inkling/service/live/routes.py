"""`GET /training`, its events and its model; `POST /training/start`, `/stop`, `/resume` and `/rate`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Header
from starlette.responses import Response, StreamingResponse

from inkling.errors import UsageError
from inkling.service.describing import ERRORS, SAFETENSORS, answers, json_answer
from inkling.service.live.orders import RateOrder, StartOrder, Training
from inkling.service.live.stream import HEADERS, MEDIA_TYPE, stream
from inkling.service.live.training import Live
from inkling.service.refusals import Refusal, of_error

_CONFLICT = (409, json_answer("The state of the training does not allow this.", {"$ref": "#/components/schemas/Error"}))
_EVENTS = (200, {"description": "The events.", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}})
_NO_MODEL = (404, json_answer("No run has stopped or ended yet.", {"$ref": "#/components/schemas/Error"}))


def router(live: Live, stopping: Callable[[], bool]) -> APIRouter:
    """The routes; `stopping` tells whether the service ends, and with it the streams."""
    routes = APIRouter(tags=["training"], prefix="/training")

    @routes.get("", responses=answers(*ERRORS))
    async def training() -> Training:
        """The state of the training, the recipes that can be started, and the history of the current run."""
        return await asyncio.to_thread(live.described)

    @routes.get("/events", response_class=Response, responses=answers(_EVENTS, *ERRORS))
    async def events(last_event_id: Annotated[str | None, Header()] = None) -> Response:
        """What happens in the training, as server-sent events: those behind `Last-Event-ID`, then each as it happens.

        `run` tells recipe, network and history so far; `epoch` loss, accuracy, learning rate and seconds; `inside`
        first-layer weights, histograms of activations and gradients, and the worst mistakes; `rate` a changed learning
        rate; `state` what the training does. Without the header, or with one of another life of the server, `begin`
        comes first, which tells the state, and then all events of the current run.
        """
        events = stream(live.journal, last_event_id, live.standing, stopping)
        return StreamingResponse(events, media_type=MEDIA_TYPE, headers=HEADERS)

    @routes.get("/model", response_class=Response, responses=answers(SAFETENSORS, _NO_MODEL, *ERRORS))
    async def model() -> Response:
        """The file of the run's model, as it was when the run ended or stopped."""
        if live.model is None:
            raise Refusal(404, "no run has stopped or ended yet: stop the training first")
        return Response(live.model, media_type="application/octet-stream", headers={"Cache-Control": "no-store"})

    async def obeyed(act: Callable[[], None]) -> Training:
        try:
            await asyncio.to_thread(act)
        except UsageError as error:
            raise of_error(error) from None
        return await asyncio.to_thread(live.described)

    @routes.post("/start", status_code=202, responses=answers(_CONFLICT, *ERRORS))
    async def start(order: StartOrder) -> Training:
        """Train a recipe anew on the data that the server was started with."""
        return await obeyed(lambda: live.start(order))

    @routes.post("/stop", status_code=202, responses=answers(_CONFLICT, *ERRORS))
    async def stop() -> Training:
        """Stop the training: the epoch under way is undone, and the run can be resumed."""
        return await obeyed(live.stop)

    @routes.post("/resume", status_code=202, responses=answers(_CONFLICT, *ERRORS))
    async def resume() -> Training:
        """Go on with the run that was stopped."""
        return await obeyed(live.resume)

    @routes.post("/rate", status_code=202, responses=answers(_CONFLICT, *ERRORS))
    async def rate(order: RateOrder) -> Training:
        """Change the learning rate from the next epoch on. Recipe and record of the run tell the change."""
        return await obeyed(lambda: live.change_rate(order))

    return routes
