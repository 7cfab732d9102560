"""Own files: which of the files that Inkling writes a file is, as far as its first bytes tell, and what takes it."""

from __future__ import annotations

import re
from typing import NamedTuple

FIRST_BYTES = 4096
# The one entry in which `inkling export torch` tells of its model, since safetensors keeps no order of several.
EXPORTED = "inkling_export"


class FileKind(NamedTuple):
    """What a file is, such as "a picture", and what to do with it, for messages."""

    what: str
    remedy: str


def _exported(ending: str) -> str:
    return (
        f"inkling evaluate and inkling predict take it as MODEL, by a name in {ending}; give other commands the model "
        "that it was exported from"
    )


MODEL = FileKind("a model file", "give it where a MODEL is expected, by a name in .safetensors")
STATE_DICT = FileKind("a state_dict that `inkling export torch` wrote", "inkling import makes a model of it")
ONNX = FileKind("an ONNX file that `inkling export onnx` wrote", _exported(".onnx"))
HEADER = FileKind("a C header that `inkling export c` wrote", _exported(".h"))
TORCH_MODULE = FileKind(
    "a module of PyTorch that `inkling export torch` wrote",
    "give the model that it was exported from, or the .safetensors file beside it to inkling import",
)
NUMPY_MODULE = FileKind(
    "a file of Python that `inkling export numpy` wrote", "give the model that it was exported from"
)
PAGE = FileKind("a page that `inkling export page` wrote", "give the model that it was exported from")

_BEGINNINGS = {
    rb'(?s:.{8})\{"__metadata__":\{"inkling":': MODEL,
    rb'(?s:.{8})\{"__metadata__":\{"%s":' % EXPORTED.encode(): STATE_DICT,
    rb"\x08\x08\x12\x07inkling": ONNX,
    rb"/\*\s+\*.*\s+\* Written by Inkling \d": HEADER,
    rb'""".*, which Inkling \d\S* exported for PyTorch\. ': TORCH_MODULE,
    rb'""".*, which Inkling \d\S* exported: ': NUMPY_MODULE,
    rb"(?s:<!doctype html>.*)<title>Inkling: ": PAGE,
}


def own_file(head: bytes) -> FileKind | None:
    """Which file of Inkling's begins with these bytes, FIRST_BYTES of them or all; None where it is another's."""
    head = head[:FIRST_BYTES]
    return next((kind for beginning, kind in _BEGINNINGS.items() if re.match(beginning, head)), None)
