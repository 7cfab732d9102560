"""`GET /about`, `/model` and `/metrics`: what is served here. No path of the machine is told."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

import inkling
from inkling.model import BUNDLED, WEIGHTS
from inkling.service.describing import SAFETENSORS, answers, json_answer
from inkling.service.metrics import CONTENT_TYPE
from inkling.service.pages import caching, unchanged
from inkling.service.refusals import json_response
from inkling.service.settings import Limits, Settings
from inkling.service.state import State

_SHOWN = ("calibration", "data", "metrics", "preprocessing", "seed", "versions")  # of a model's metadata
_OF_DATA = ("images", "source", "validation_images")  # a source that is a path is left out
BundledName = Enum("BundledName", {name: name for name in BUNDLED}, type=str)  # type: ignore[misc]
_LIMITS = ("megabytes", "megapixels", "pictures", "images", "seconds")


def router(state: State) -> APIRouter:
    routes = APIRouter(tags=["about"])
    settings = state.settings
    record = about(settings)
    served = _model_file(settings.model_bytes)
    bundled = {name: _model_file((WEIGHTS / f"{name}.safetensors").read_bytes()) for name in BUNDLED}
    unchanged_file = (304, {"description": "The client has this file already."})
    text = (200, {"description": "Metrics.", "content": {"text/plain": {}}})
    described = json_answer("Name and title, classes, network, metadata, limits.", {"type": "object"})

    @routes.get("/about", response_class=Response, responses=answers((200, described)))
    async def get_about() -> Response:
        """The model's name and title, its classes, its network and how it was made, and the limits of requests."""
        return json_response(record)

    @routes.get(
        "/model",
        response_class=Response,
        responses=answers(SAFETENSORS, unchanged_file),
    )
    async def get_model(request: Request, name: BundledName | None = None) -> Response:
        """The model's file, safetensors, as the page reads it; with a name, that of a bundled model to compare with."""
        return unchanged(request, served if name is None else bundled[name.value])

    @routes.get(
        "/metrics",
        response_class=Response,
        responses=answers(text),
    )
    async def get_metrics() -> Response:
        """Metrics in the format of Prometheus."""
        return Response(state.metrics.text(state), headers={"Content-Type": CONTENT_TYPE})

    return routes


def _model_file(content: bytes) -> Response:
    return Response(content, headers=caching(content), media_type="application/octet-stream")


def about(settings: Settings) -> dict[str, Any]:
    """What the page and other programs may know of the model and the service."""
    model = settings.model
    return {
        "name": settings.name,
        "title": settings.title or settings.name,
        "version": inkling.__version__,
        "class_names": list(model.class_names),
        "input_shape": list(model.network.input_shape),
        "knows_non_digits": model.knows_non_digits,
        "temperature": model.temperature,
        "network": [repr(layer) for layer in model.network.layers],
        "parameters": int(model.params.flat.size),
        "metadata": shown(model.metadata),
        "limits": _limits(settings.limits),
    }


def shown(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata without what may hold a path."""
    found = {name: metadata[name] for name in _SHOWN if name in metadata}
    data = found.get("data")
    if isinstance(data, Mapping):
        plain = {name: data[name] for name in _OF_DATA if name in data}
        if not str(plain.get("source", "")).isalnum():
            plain.pop("source", None)
        found["data"] = plain
    else:
        found.pop("data", None)
    return found


def _limits(limits: Limits) -> dict[str, float]:
    return {name: getattr(limits, name) for name in _LIMITS}
