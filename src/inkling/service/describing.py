"""The description of bodies and answers for OpenAPI, where the framework cannot know them from signatures."""

from __future__ import annotations

from typing import Any

_BINARY = {"type": "string", "format": "binary"}
_PROBABILITY = {"type": "number", "minimum": 0, "maximum": 1}
_TEXTS = {"type": "array", "items": {"type": "string"}}
_BOX = {"type": "array", "items": {"type": "integer"}, "minItems": 4, "maxItems": 4}
_FORM = {"type": "object", "properties": {"image": _BINARY}, "required": ["image"]}
_FORMS = {"type": "object", "properties": {"images": {"type": "array", "items": _BINARY}}, "required": ["images"]}

PICTURE_BODY = {
    "requestBody": {
        "required": True,
        "description": "A picture: PNG, JPEG, GIF, BMP, TIFF, WebP or PPM; or a form with one such file.",
        "content": {
            "image/png": {"schema": _BINARY},
            "image/*": {"schema": _BINARY},
            "multipart/form-data": {"schema": _FORM},
        },
    }
}
EXPLAIN_BODY = {
    "requestBody": {
        "required": True,
        "description": "A picture of one digit; or the image that the network sees, as application/octet-stream: H·W "
        "bytes are grey levels, 4·H·W bytes are float32 from 0 to 1.",
        "content": {
            "application/octet-stream": {"schema": _BINARY},
            "image/png": {"schema": _BINARY},
        },
    }
}
PICTURES_BODY = {
    "requestBody": {
        "required": True,
        "description": "A form with a file per picture.",
        "content": {"multipart/form-data": {"schema": _FORMS}},
    }
}

_DIGIT = {
    "type": "object",
    "required": ["text", "digit", "box", "confidence", "accepted", "not_a_digit", "probabilities", "warnings"],
    "properties": {
        "text": {"type": "string", "description": 'The digit, or "?" where it is refused.'},
        "digit": {"type": "integer", "minimum": 0, "maximum": 9},
        "box": {**_BOX, "description": "x, y, width, height in pixels of the picture."},
        "confidence": _PROBABILITY,
        "accepted": {"type": "boolean"},
        "not_a_digit": _PROBABILITY,
        "probabilities": {"type": "array", "items": _PROBABILITY, "minItems": 10, "maxItems": 10},
        "warnings": _TEXTS,
    },
}
_ALTERNATIVE = {
    "type": "object",
    "required": ["text", "probability"],
    "properties": {"text": {"type": "string"}, "probability": _PROBABILITY},
}
_READING = {
    "type": "object",
    "required": ["file", "text", "confidence", "digits", "marks", "warnings"],
    "properties": {
        "file": {"type": "string", "description": 'The name of the file in the form, or "image".'},
        "text": {"type": "string"},
        "confidence": {
            **_PROBABILITY,
            "type": ["number", "null"],
            "description": "The probability that all digits are right; null where none is read.",
        },
        "digits": {"type": "array", "items": _DIGIT},
        "marks": {"type": "array", "items": {"type": "object"}},
        "warnings": _TEXTS,
        "alternatives": {
            "type": "array",
            "items": {"type": "array", "items": _ALTERNATIVE},
            "description": "Of each line, what it most probably says. Only where they were asked for.",
        },
    },
}
_NOT_READ = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}


def json_answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


RECORD = (200, json_answer("What was read.", _READING))
RECORDS = (200, json_answer("One record per picture.", {"type": "array", "items": {"anyOf": [_READING, _NOT_READ]}}))
SAFETENSORS = (200, {"description": "Tensors by name.", "content": {"application/octet-stream": {"schema": _BINARY}}})


def _error(status: int, description: str) -> tuple[int, dict[str, Any]]:
    return status, json_answer(description, {"$ref": "#/components/schemas/Error"})


ERROR_SCHEMA = {"title": "Error", **_NOT_READ}
BAD = _error(400, "The body or its header is not what the address takes.")
UNKNOWN = _error(404, "There is no such model.")
ERRORS = (
    BAD,
    _error(401, "The token is missing or wrong."),
    _error(403, "Another site's page asks, or the service is asked for by a name that is not its own."),
    _error(408, "The body comes too slowly."),
    _error(413, "The body, the picture or the batch is too large."),
    _error(415, "The body is no picture, or it is compressed."),
    _error(422, "The picture is damaged, or a parameter is out of its range."),
    _error(
        429,
        "Too many requests are waiting, or their bodies fill the memory limit: ask again after Retry-After seconds.",
    ),
    _error(503, "No result within the time limit, or the service is stopping."),
)


def answers(*described: tuple[int, dict[str, Any]]) -> dict[int | str, dict[str, Any]]:
    return dict(described)


_TENSOR = {
    "type": "object",
    "required": ["name", "shape", "datatype"],
    "properties": {
        "name": {"type": "string"},
        "shape": {"type": "array", "items": {"type": "integer"}},
        "datatype": {"type": "string", "enum": ["UINT8", "FP32", "INT64"]},
        "parameters": {"type": "object"},
        "data": {"type": "array", "items": {}},
    },
}
_INFERENCE_REQUEST = {
    "type": "object",
    "required": ["inputs"],
    "properties": {
        "id": {"type": "string"},
        "parameters": {"type": "object"},
        "inputs": {"type": "array", "items": _TENSOR, "minItems": 1, "maxItems": 1},
        "outputs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name"],
                "properties": {"name": {"type": "string"}, "parameters": {"type": "object"}},
            },
        },
    },
}
_INFERENCE_ANSWER = {
    "type": "object",
    "required": ["model_name", "model_version", "outputs"],
    "properties": {
        "model_name": {"type": "string"},
        "model_version": {"type": "string"},
        "id": {"type": "string"},
        "outputs": {"type": "array", "items": _TENSOR},
    },
}
INFER_BODY = {
    "requestBody": {
        "required": True,
        "description": "A request of the protocol; binary tensors follow the JSON where the header "
        "Inference-Header-Content-Length tells the size of the JSON.",
        "content": {"application/json": {"schema": _INFERENCE_REQUEST}},
    }
}
INFERENCE = (
    200,
    {
        "description": "The outputs; binary tensors follow the JSON where they are wanted.",
        "content": {
            "application/json": {"schema": _INFERENCE_ANSWER},
            "application/octet-stream": {"schema": _BINARY},
        },
    },
)
