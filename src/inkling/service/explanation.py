"""`POST /explain?label=3`: all that the model computes for one image and one label, forward and backward, by name.

The body is a picture, which is brought to the form that the network sees; or the very numbers that it sees, as
application/octet-stream: H·W bytes are grey levels, 4·H·W bytes are float32 from 0 to 1, little-endian.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
import safetensors.numpy
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from inkling.classes import require_digits
from inkling.errors import InklingError, UsageError
from inkling.explanation import explain
from inkling.ink import DIGIT_SHAPE
from inkling.model import Model
from inkling.service.describing import ERRORS, EXPLAIN_BODY, SAFETENSORS, answers
from inkling.service.records import DigitQuestion
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
            model, image = state.settings.model, body
            if not is_raw:
                _require_reader(model)
                found = await state.read(DigitQuestion("image", body, state.settings.limits.megapixels))
                if found.status != 200:
                    return Response(found.content, found.status, media_type="application/json")
                image = found.content
            content = await state.work.run(_explained, model, image, label)
        return Response(content, headers={"Cache-Control": "no-store"}, media_type=RAW)

    return routes


def _explained(model: Model, body: bytes, label: int) -> bytes:
    """What a thread does for a request: from the numbers of an image to those of its explanation."""
    try:
        found = explain(model, _numbers(body, model), label)
    except InklingError as error:
        raise of_error(error) from None
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


def _require_reader(model: Model) -> None:
    """A Refusal unless the model sees digits in the form to which pictures are brought."""
    try:
        require_digits(model.class_names, "/explain takes pictures for a model")
        if model.network.input_shape[:2] != DIGIT_SHAPE:
            raise UsageError("/explain takes pictures for a model of 28×28 pixels: send the image that the model sees")
    except InklingError as error:
        raise of_error(error) from None
