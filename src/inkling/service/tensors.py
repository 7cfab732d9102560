"""Tensors of the Open Inference Protocol V2: requests in JSON, with binary data behind it or without, and answers.

Binary tensors follow the extension of Triton and KServe: the header Inference-Header-Content-Length tells the bytes of
the JSON, and the tensors come behind it in their order, little-endian, row by row.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from inkling.errors import shortened
from inkling.service.refusals import Refusal

IMAGES = "images"
LENGTH_HEADER = "Inference-Header-Content-Length"
DATATYPES: dict[str, np.dtype[Any]] = {"UINT8": np.dtype("uint8"), "FP32": np.dtype("<f4"), "INT64": np.dtype("<i8")}
_OF_IMAGES = ("UINT8", "FP32")
_ELSEWHERE = ("shared_memory_region", "classification")  # parameters of extensions that this service does not have


@dataclass(frozen=True)
class Output:
    name: str
    is_binary: bool


@dataclass(frozen=True)
class InferenceRequest:
    """A request: images (N, H, W) uint8, or float32 0 to 1; and the outputs wanted, None for all, in JSON or binary."""

    id: str | None
    images: np.ndarray
    outputs: tuple[Output, ...] | None
    all_binary: bool


def parse(body: bytes, header_length: str | None, shape: tuple[int, int], most: int) -> InferenceRequest:
    """The request in a body; a Refusal, 400 or 413, where it is none, or not one for images of this shape (H, W)."""
    size = _json_size(header_length, len(body))
    record = _object(_json(body[:size]), "the request")
    if "id" in record and not isinstance(record["id"], str):
        raise Refusal(400, "the id of a request is a text")
    inputs = record.get("inputs")
    if not isinstance(inputs, list) or len(inputs) != 1:
        raise Refusal(400, f'one input, "{IMAGES}", was expected')
    images = _images(_object(inputs[0], "an input"), memoryview(body)[size:], shape, most)
    return InferenceRequest(
        record.get("id"), images, _outputs(record), _flag(_parameters(record), "binary_data_output")
    )


def _json_size(header_length: str | None, whole: int) -> int:
    if header_length is None:
        return whole
    if not (header_length.isascii() and header_length.isdecimal() and len(header_length) < 12):
        raise Refusal(400, f"{LENGTH_HEADER} is the number of bytes of the JSON, not {shortened(repr(header_length))}")
    if int(header_length) > whole:
        raise Refusal(400, f"{LENGTH_HEADER} is {header_length}, but the body has {whole} bytes only")
    return int(header_length)


def _json(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except ValueError as error:
        raise Refusal(400, f"the body is no JSON: {shortened(str(error), 100)}") from None


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refusal(400, f"{what} is a JSON object, not {type(value).__name__}")
    return value


def _parameters(record: Mapping[str, Any]) -> dict[str, Any]:
    found = _object(record.get("parameters", {}), "parameters")
    for name in _ELSEWHERE:
        if name in found:
            raise Refusal(400, f"this service does not have the extension for {name}: leave the parameter out")
    return found


def _flag(parameters: Mapping[str, Any], name: str) -> bool:
    value = parameters.get(name, False)
    if not isinstance(value, bool):
        raise Refusal(400, f"the parameter {name} is true or false")
    return value


def _outputs(record: Mapping[str, Any]) -> tuple[Output, ...] | None:
    wanted = record.get("outputs")
    if wanted is None or wanted == []:
        return None
    if not isinstance(wanted, list):
        raise Refusal(400, "outputs is a list of objects with a name")
    found = []
    for each in wanted:
        name = _object(each, "an output").get("name")
        if not isinstance(name, str):
            raise Refusal(400, "an output has a name, a text")
        found.append(Output(name, _flag(_parameters(each), "binary_data")))
    if len({each.name for each in found}) < len(found):
        raise Refusal(400, "each output is wanted once only")
    return tuple(found)


def _images(tensor: Mapping[str, Any], binary: memoryview, shape: tuple[int, int], most: int) -> np.ndarray:
    if tensor.get("name") != IMAGES:
        raise Refusal(400, f'the input is called "{IMAGES}", not {shortened(repr(tensor.get("name")))}')
    datatype = tensor.get("datatype")
    if datatype not in _OF_IMAGES:
        raise Refusal(400, f"images are UINT8 or FP32, not {shortened(repr(datatype))}")
    dims = _shape(tensor.get("shape"), shape, most)
    size = _parameters(tensor).get("binary_data_size")
    if size is None:
        if len(binary):
            raise Refusal(400, "there are bytes behind the JSON, but the input has no binary_data_size")
        return _checked(_of_json(tensor.get("data"), dims), datatype)
    dtype = DATATYPES[datatype]
    expected = math.prod(dims) * dtype.itemsize
    if type(size) is not int or size != expected or size != len(binary):
        raise Refusal(
            400,
            f"{datatype} images of shape {list(dims)} have {expected} bytes, but binary_data_size is "
            f"{shortened(repr(size))} and {len(binary)} bytes follow the JSON",
        )
    return _checked(np.frombuffer(binary, dtype).reshape(dims), datatype)


def _shape(value: Any, shape: tuple[int, int], most: int) -> tuple[int, ...]:
    is_shape = isinstance(value, list) and all(type(each) is int for each in value)
    if not is_shape or value[1:] not in ([*shape], [*shape, 1]) or value[0] < 1:
        raise Refusal(400, f"images have the shape [N, {shape[0]}, {shape[1]}], not {shortened(repr(value))}")
    if value[0] > most:
        raise Refusal(413, f"a request has at most {most} images, and this one has {value[0]}")
    return (value[0], *shape)


def _of_json(data: Any, dims: tuple[int, ...]) -> np.ndarray:
    """The numbers in JSON, nested or in one list."""
    if not isinstance(data, list):
        raise Refusal(400, "the input has data, a list of numbers, or a binary_data_size")
    try:
        array = np.array(data)
    except (ValueError, OverflowError):  # lists of several lengths, or nested too deeply
        array = np.empty(0, object)
    if array.dtype.kind not in "iuf":
        raise Refusal(400, "data is a list of numbers, nested as the shape says or not at all")
    if array.size != math.prod(dims):
        raise Refusal(400, f"images of shape {list(dims)} have {math.prod(dims)} numbers, and data has {array.size}")
    return array.reshape(dims)


def _checked(array: np.ndarray, datatype: str) -> np.ndarray:
    """The numbers in their datatype; a Refusal where they are none of it, or no levels."""
    if datatype == "UINT8":
        if array.dtype.kind == "f" or array.min() < 0 or array.max() > 255:
            raise Refusal(400, "UINT8 images hold whole numbers from 0 to 255")
        return array.astype(np.uint8, copy=False)
    low, high = float(array.min()), float(array.max())
    if not (low >= 0 and high <= 1):  # true also for NaN
        raise Refusal(400, f"FP32 images hold numbers from 0 to 1, not {low:g} to {high:g}: divide grey levels by 255")
    return array.astype(np.float32, copy=False)


def build(
    record: dict[str, Any], tensors: Mapping[str, tuple[str, np.ndarray]], outputs: Sequence[Output]
) -> tuple[bytes, int | None]:
    """The body of an answer, and the bytes of its JSON where binary tensors follow it."""
    described, binary = [], []
    for each in outputs:
        datatype, array = tensors[each.name]
        values = np.ascontiguousarray(array, DATATYPES[datatype])
        about = {"name": each.name, "datatype": datatype, "shape": list(values.shape)}
        if each.is_binary:
            binary.append(values.tobytes())
            described.append({**about, "parameters": {"binary_data_size": values.nbytes}})
        else:
            described.append({**about, "data": values.ravel()})
    json = orjson.dumps({**record, "outputs": described}, option=orjson.OPT_SERIALIZE_NUMPY)
    return b"".join([json, *binary]), len(json) if binary else None
