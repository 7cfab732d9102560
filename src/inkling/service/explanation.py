"""`POST /explain?label=3`: all that the model computes for one image and one label, forward and backward, by name.

The body is a picture, which is brought to the form that the network sees; or the very numbers that it sees, as
application/octet-stream: H·W bytes are grey levels, 4·H·W bytes are float32 from 0 to 1, little-endian.
"""

from __future__ import annotations

import io
from typing import Annotated

import numpy as np
import safetensors.numpy
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from inkling.classes import require_digits
from inkling.errors import DataError, InklingError, UsageError
from inkling.explanation import explain
from inkling.ink import DIGIT_SHAPE
from inkling.model import Model
from inkling.reading import read
from inkling.service.describing import ERRORS, EXPLAIN_BODY, SAFETENSORS, answers
from inkling.service.refusals import Refusal, of_error
from inkling.service.state import State

RAW = "application/octet-stream"
_LABEL = 'The index of the class in `class_names`, from 0; index K, one beyond the last class, is "not a digit".'
Label = Annotated[int, Query(ge=0, le=10**6, description=_LABEL)]


def router(state: State) -> APIRouter:
    routes = APIRouter(tags=["explanation"])

    @routes.post(
        "/explain", openapi_extra=EXPLAIN_BODY, response_class=Response, responses=answers(SAFETENSORS, *ERRORS)
    )
    async def get_explanation(request: Request, label: Label) -> Response:
        """Activations, gradients and parameters for one image and one label, as safetensors.

        The names are those of `inkling.explanation`: x, y.PATH, dy.PATH, p.PATH.NAME, dp.PATH.NAME, logits, dlogits,
        probabilities, loss.
        """
        async with state.bodies.of(request) as body:
            is_raw = request.headers.get("content-type", "").partition(";")[0].strip().lower() == RAW
            content = await state.work.run(_explained, state, body, is_raw, label)
        return Response(content, headers={"Cache-Control": "no-store"}, media_type=RAW)

    return routes


def _explained(state: State, body: bytes, is_raw: bool, label: int) -> bytes:
    """What a thread does for a request: from bytes to bytes."""
    model = state.settings.model
    try:
        image = _numbers(body, model) if is_raw else _seen(body, model, state.settings.limits.megapixels)
        found = explain(model, image, label)
    except InklingError as error:
        raise of_error(error, None if is_raw else body) from None
    return safetensors.numpy.save({name: np.ascontiguousarray(array) for name, array in found.items()})


def _numbers(body: bytes, model: Model) -> np.ndarray:
    """The image (H, W) in a body of bytes or floats, float32 from 0 to 1."""
    height, width, _ = model.network.input_shape
    count = height * width
    if len(body) == count:
        return np.frombuffer(body, np.uint8).reshape(height, width) * np.float32(1 / 255)
    if len(body) != 4 * count:
        raise Refusal(
            400, f"an image of this model has {count} bytes, or {4 * count} as float32, and this body has {len(body)}"
        )
    image = np.frombuffer(body, "<f4").reshape(height, width)
    if not (image.min() >= 0 and image.max() <= 1):  # true also for NaN
        raise Refusal(400, "float32 images hold numbers from 0 to 1")
    return image.astype(np.float32)


def _seen(body: bytes, model: Model, megapixels: float) -> np.ndarray:
    """What the network sees of the one digit in a picture."""
    require_digits(model.class_names, "/explain takes pictures for a model")
    if model.network.input_shape[:2] != DIGIT_SHAPE:
        raise UsageError("/explain takes pictures for a model of 28×28 pixels: send the image that the model sees")
    found = read(io.BytesIO(body), model=model, single=True, megapixels=megapixels)
    if not found.digits:
        raise DataError("nothing is drawn in this picture")
    return found.digits[0].image * np.float32(1 / 255)
