"""The comments at the top of a header: which model it holds and how it is used; and the same for programs, as JSON.

With the JSON, `reading.py` makes the steps again of which the header is the C code: so a header can be judged without
running it.
"""

from __future__ import annotations

import json
from typing import Any

import inkling
from inkling.classes import listed
from inkling.export.c.code import Code, has_normalizer
from inkling.export.c.int8 import Int8Code
from inkling.export.c.text import comment, with_prefix
from inkling.model import Model
from inkling.properties import parameters_sha256, validation_accuracy

FORMAT = 1
DESCRIPTION = "For `inkling evaluate` and `inkling predict`:"
_COLUMNS = 116
_USE = """\
In one C file, before anything else there includes this header:

    #define INKLING_IMPLEMENTATION
    #include "the name of this file"

Other files include it as it is. Link with -lm. It is plain C99 and C++11, without malloc, and needs limits.h,
stdint.h and math.h alone.{normalize}

    uint8_t image[INKLING_HEIGHT * INKLING_WIDTH];
    float probabilities[INKLING_CLASSES];
    int best = inkling_predict(image, probabilities);
    puts(inkling_class_names[best]);
"""
_NORMALIZE = """ inkling_normalize(image, image) brings a digit of any place, size and
thickness to the form that the network has learnt from: call it first for what is not in the form of MNIST's images."""


def about(model: Model, code: Code, name: str, prefix: str) -> str:
    """The comment for people."""
    accuracy = validation_accuracy(model)
    judged = f"; {100 * accuracy:.2f} % right on the validation part of its training" if accuracy is not None else ""
    lines = [
        f"{name}: a network that tells {listed(model.class_names)} apart".replace("…", "..."),
        f"Written by Inkling {inkling.__version__} in {'integers' if isinstance(code, Int8Code) else 'float32'}.",
        f"The model: {model.params.layout.size:,} parameters, temperature {model.temperature:g}{judged}.",
        f"SHA-256 of the parameters: {parameters_sha256(model.params)}",
        f"Constants take {code.constant_bytes:,} bytes of flash. {_ram(model, code)}",
        "",
        *with_prefix(_USE.format(normalize=_NORMALIZE * has_normalizer(model)), prefix).splitlines(),
    ]
    return comment(lines)


def _ram(model: Model, code: Code) -> str:
    alone = code.static_bytes(normalizes=False)
    if not has_normalizer(model):
        return f"Static RAM: {alone:,} bytes."
    return f"Static RAM: {code.static_bytes(normalizes=True):,} bytes with the normaliser, {alone:,} without."


def described(model: Model, code: Code, prefix: str) -> str:
    """The comment for programs."""
    description: dict[str, Any] = {
        "format": FORMAT,
        "prefix": prefix,
        "metadata": model.provenance,
        "class_names": list(model.class_names),
        "temperature": model.temperature,
        "input_shape": list(model.network.input_shape),
        "knows_non_digits": model.knows_non_digits,
        "code": code.folder,
        "steps": code.description(),
    }
    text = json.dumps(description, separators=(",", ":"))
    text = text.replace("/", "\\/").replace("?", "\\u003f").replace("*", "\\u002a")
    return comment([DESCRIPTION, *_cut(text)])


def _cut(text: str) -> list[str]:
    """Lines that give the text when they are put together; none begins or ends with a blank."""
    text = text.replace(" ", "\\u0020")
    return [text[start : start + _COLUMNS] for start in range(0, len(text), _COLUMNS)]
