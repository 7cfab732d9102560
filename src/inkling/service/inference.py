"""The Open Inference Protocol V2, as KServe and Triton have it: what the model takes, and its answers to images.

The protocol: https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol
"""

from __future__ import annotations

from typing import Any

import numpy as np
from fastapi import APIRouter, Request
from starlette.responses import Response

import inkling
from inkling.errors import DataError, shortened
from inkling.model import Model
from inkling.nn import softmax
from inkling.service.describing import ERRORS, INFER_BODY, INFERENCE, UNKNOWN, answers, json_answer
from inkling.service.health import ready_response
from inkling.service.refusals import Refusal, json_response
from inkling.service.state import State
from inkling.service.tensors import IMAGES, LENGTH_HEADER, InferenceRequest, Output, build, parse

# If digits have less than this probability together, float32 has too few bits to divide by it: logarithms are used.
LEAST_SHARE = 1e-30
SHORT_BYTES = 4096  # Requests up to this size hold few images, and their JSON is parsed in less than a millisecond.
SHORT_SECONDS = 0.001
VERSION = "1"  # of the model, as long as the service runs
PROBABILITIES, LABEL, NOT_A_DIGIT = "probabilities", "label", "not_a_digit"
_MODEL = "/v2/models/{name}"
_VERSION = _MODEL + "/versions/{version}"
_OBJECT = {"type": "object"}
READINESS = answers(
    (200, json_answer("It is ready.", _OBJECT)), (503, json_answer("It is not ready.", _OBJECT)), UNKNOWN
)
INFERENCES = answers(INFERENCE, UNKNOWN, *ERRORS)


def router(state: State) -> APIRouter:
    routes = APIRouter(tags=["open inference protocol"])
    settings = state.settings
    described = model_metadata(settings.name, settings.model)

    def require(name: str, version: str = VERSION) -> None:
        if (name, version) != (settings.name, VERSION):
            told = shortened(name if version == VERSION else f"{name}, version {version}")
            raise Refusal(404, f"there is no model {told}: this service has {settings.name}, version {VERSION}")

    @routes.get("/v2", response_class=Response, responses=answers((200, json_answer("The server.", _OBJECT))))
    async def server() -> Response:
        """The server and its extensions."""
        record = {"name": "inkling", "version": inkling.__version__, "extensions": ["binary_tensor_data"]}
        return json_response(record)

    @routes.get(_MODEL, response_class=Response, responses=answers((200, json_answer("The model.", _OBJECT)), UNKNOWN))
    async def metadata(name: str) -> Response:
        """The model's inputs and outputs."""
        require(name)
        return json_response(described)

    @routes.get(
        _MODEL + "/ready",
        response_class=Response,
        responses=READINESS,
    )
    async def ready(name: str) -> Response:
        """Whether the model answers."""
        require(name)
        return ready_response(state)

    @routes.post(
        _MODEL + "/infer",
        response_class=Response,
        openapi_extra=INFER_BODY,
        responses=INFERENCES,
    )
    async def infer(request: Request, name: str) -> Response:
        """The model's answers to images, in JSON or with binary tensors."""
        require(name)
        async with state.bodies.of(request) as body:
            content, size = await state.work.run(
                _answered, state, body, request.headers.get(LENGTH_HEADER), is_short=is_short(state, len(body))
            )
        if size is None:
            return Response(content, media_type="application/json")
        return Response(content, headers={LENGTH_HEADER: str(size)}, media_type="application/octet-stream")

    @routes.get(_VERSION, include_in_schema=False)
    async def metadata_of_version(name: str, version: str) -> Response:
        require(name, version)
        return await metadata(name)

    @routes.get(_VERSION + "/ready", include_in_schema=False)
    async def ready_of_version(name: str, version: str) -> Response:
        require(name, version)
        return await ready(name)

    @routes.post(_VERSION + "/infer", include_in_schema=False)
    async def infer_of_version(request: Request, name: str, version: str) -> Response:
        require(name, version)
        return await infer(request, name)

    return routes


def model_metadata(name: str, model: Model) -> dict[str, Any]:
    """The model as the protocol describes it; -1 stands for the number of images."""
    height, width, _ = model.network.input_shape
    outputs = [
        {"name": PROBABILITIES, "datatype": "FP32", "shape": [-1, model.n_classes]},
        {"name": LABEL, "datatype": "INT64", "shape": [-1]},
    ]
    if model.knows_non_digits:
        outputs.append({"name": NOT_A_DIGIT, "datatype": "FP32", "shape": [-1]})
    inputs = [{"name": IMAGES, "datatype": "UINT8", "shape": [-1, height, width]}]
    return {"name": name, "versions": [VERSION], "platform": "inkling", "inputs": inputs, "outputs": outputs}


def is_short(state: State, size: int) -> bool:
    """Whether the model answers a body of so many bytes in less than a millisecond; a pixel has at least one byte."""
    height, width, _ = state.settings.model.network.input_shape
    images = max(1, size // (height * width))
    return size <= SHORT_BYTES and images * state.seconds_per_image < SHORT_SECONDS


def _answered(state: State, body: bytes, header_length: str | None) -> tuple[bytes, int | None]:
    """What a thread does for a request: from bytes to bytes."""
    settings = state.settings
    model = settings.model
    height, width, _ = model.network.input_shape
    request = parse(body, header_length, (height, width), settings.limits.images)
    state.metrics.batch.labels("infer").observe(len(request.images))
    names = [each["name"] for each in model_metadata(settings.name, model)["outputs"]]
    outputs = _wanted(request, names)
    record = {"model_name": settings.name, "model_version": VERSION}
    return build(record if request.id is None else record | {"id": request.id}, predict(model, request.images), outputs)


def _wanted(request: InferenceRequest, names: list[str]) -> list[Output]:
    if request.outputs is None:
        return [Output(name, request.all_binary) for name in names]
    for each in request.outputs:
        if each.name not in names:
            raise Refusal(400, f"there is no output {shortened(each.name)}: this model has {', '.join(names)}")
    return [Output(each.name, each.is_binary or request.all_binary) for each in request.outputs]


def predict(model: Model, images: np.ndarray) -> dict[str, tuple[str, np.ndarray]]:
    """All outputs of a model, each with its datatype.

    Grey levels are divided by 255 here. `Model` guesses the scale from the whole array, so without this an answer could
    depend on the other images in the request.
    """
    x = images * np.float32(1 / 255) if images.dtype == np.uint8 else images
    try:
        if not model.knows_non_digits:
            probabilities = model.predict_proba(x)
            return {PROBABILITIES: ("FP32", probabilities), LABEL: ("INT64", probabilities.argmax(axis=1))}
        answers = model.open_set_proba(x)
    except DataError as error:
        raise Refusal(422, str(error)) from None
    known = answers[:, :-1]
    share = known.sum(axis=1, keepdims=True)
    certain = share.min() > LEAST_SHARE
    probabilities = known / share if certain else softmax(np.log(np.maximum(known, np.finfo(np.float32).tiny)))
    return {
        PROBABILITIES: ("FP32", probabilities),
        LABEL: ("INT64", known.argmax(axis=1)),
        NOT_A_DIGIT: ("FP32", answers[:, -1]),
    }
