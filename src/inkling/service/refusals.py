"""Refusals: whatever is not answered as asked has a status and one sentence, `{"error": "…"}`, at every address."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from inkling.errors import DataError, InklingError, TooLargeError, UsageError, printable, shortened

_SENTENCES = {
    404: "this address does not exist: /docs lists all addresses",
    405: "this address does not take this method: see /docs",
}


class Refusal(Exception):
    """What a client is told instead of a result."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status, self.headers = status, dict(headers or {})


def busy(sentence: str, status: int = 429) -> Refusal:
    """The refusal of a request that may succeed later."""
    return Refusal(status, sentence, {"Retry-After": "1"})


def response(refusal: Refusal) -> Response:
    return json_response({"error": printable(str(refusal))}, refusal.status, refusal.headers)


def json_response(record: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    content = orjson.dumps(record, option=orjson.OPT_SERIALIZE_NUMPY)
    return Response(content, status, headers, media_type="application/json")


def of_error(error: InklingError, picture: bytes | None = None) -> Refusal:
    """The refusal for an error of the library; `picture` is what was to be decoded."""
    from inkling.ink.decoding import HEAD_BYTES, begins_as_picture

    if isinstance(error, TooLargeError):
        return Refusal(413, str(error))
    if isinstance(error, DataError) and picture is not None:
        return Refusal(422 if not picture or begins_as_picture(picture[:HEAD_BYTES]) else 415, str(error))
    return Refusal(422 if isinstance(error, DataError | UsageError) else 500, str(error))


def add_handlers(app: FastAPI) -> None:
    """Have the app answer refusals, the framework's own among them, in the one form."""

    async def of_refusal(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)
        return response(error)

    async def of_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        sentence = _SENTENCES.get(error.status_code, str(error.detail))
        return response(Refusal(error.status_code, sentence, error.headers))

    async def of_validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return response(Refusal(422, _sentence(error)))

    app.add_exception_handler(Refusal, of_refusal)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(RequestValidationError, of_validation)


def _sentence(error: RequestValidationError) -> str:
    """The first mistake in the parameters of a request."""
    first = error.errors()[0]
    name, value = first["loc"][-1], first.get("input")
    came = f", not {shortened(repr(value))}" if isinstance(value, str | int | float) else ""
    return f"{shortened(str(name))}: {first['msg'][:1].lower()}{first['msg'][1:]}{came}"
