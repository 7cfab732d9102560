"""A header read back: its steps from the JSON at its end, their numbers from the arrays of its C text.

No code of the file is run. What is judged are the numbers that the compiler would get, in the steps that the tests hold
the C code to.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from inkling.classes import checked_class_names
from inkling.errors import DataError
from inkling.export.bytes_classifier import BytesClassifier
from inkling.export.c.about import DESCRIPTION, FORMAT
from inkling.export.c.checked import check_integers, check_program, require, try_floats, try_integers
from inkling.export.c.execution import pieces, values_of
from inkling.export.c.int8 import Int8Code, unpacked
from inkling.export.c.integers import IntegerProgram, IntegerStep
from inkling.export.c.judged import IntegerModel
from inkling.export.c.program import Program, Step
from inkling.foreign import require_no_other_file
from inkling.inference import PIXEL_SCALE
from inkling.metadata import SIZES, check_metadata
from inkling.model import is_temperature
from inkling.nn.bounds import MOST_LAYERS
from inkling.nn.layer import Array
from inkling.own_files import HEADER
from inkling.storage import MOST_METADATA, require_flat

_ARRAY = r"static const (\w+) {prefix}_(\w+)\[(\d+)\] = \{{([^}}]*)\}};"
_DTYPES = {"float": np.float32, "int8_t": np.int8, "uint8_t": np.uint8, "int32_t": np.int32}


@dataclass(frozen=True, eq=False)
class FloatModel(BytesClassifier):
    """Code in float32, computed by NumPy."""

    program: Program

    def logits_of_bytes(self, images: np.ndarray) -> np.ndarray:
        y = np.empty((len(images), self.program.steps[-1].size), np.float32)
        for piece in pieces(self.program, len(images)):
            *_, (_, logits) = values_of(self.program, images[piece] * PIXEL_SCALE)
            y[piece] = logits.reshape(len(logits), -1) / self.temperature
        return y


def load_header(path: Path) -> BytesClassifier:
    """The classifier of a header that `inkling export c` wrote; DataError where it is another file, or damaged."""
    require_no_other_file(path, HEADER)
    try:
        text = path.read_text(encoding="ascii")
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        text = ""
    _, found, end = text.rpartition(f" * {DESCRIPTION}\n")
    if not found:
        raise DataError(f"{path}: a C header that `inkling export c` wrote was expected: export the model anew")
    about = f"{path}: not a usable header"
    try:
        description = _description("".join(line.removeprefix(" * ") for line in end.splitlines()[:-1]), about)
        if description["format"] != FORMAT:
            raise DataError(f"{about}: it is of another version of Inkling: export the model anew")
        check_metadata(description["metadata"], about)
        with np.errstate(all="ignore"):  # numbers that are not finite are told of when an image is read
            return _classifier(description, _arrays(text, description["prefix"], about))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, ArithmeticError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{about}: its description and its arrays do not fit together: export the model anew") from None


def _description(text: str, about: str) -> dict[str, Any]:
    if len(text) > MOST_METADATA:
        raise DataError(f"{about}: its description has {len(text):,} characters, and the bound is {MOST_METADATA:,}")
    description = json.loads(text)
    require(isinstance(description, dict), "description")
    require_flat(about, description)
    return description


def _arrays(text: str, prefix: str, about: str) -> dict[str, Array]:
    """The constant arrays of one axis by name."""
    found = {}
    for kind, name, size, numbers in re.findall(_ARRAY.format(prefix=re.escape(prefix)), text):
        wanted = np.array([float(each.strip().rstrip("f")) for each in numbers.split(",")])
        if not (np.isfinite(wanted) & (np.abs(wanted) <= np.finfo(np.float32).max)).all():
            raise DataError(f"{about}: its array {prefix}_{name} has numbers that are not finite: export another model")
        array = wanted.astype(_DTYPES[kind])
        if len(array) != int(size) or (kind != "float" and (array != wanted).any()):
            raise ValueError(name)
        found[name] = array
    return found


def _classifier(description: Mapping[str, Any], arrays: Mapping[str, Array]) -> BytesClassifier:
    shape = description["input_shape"]
    names = checked_class_names(description["class_names"])
    knows = bool(description["knows_non_digits"])
    if not (SIZES.fits(shape) and len(shape) == 3 and shape[2] == 1 and is_temperature(description["temperature"])):
        raise ValueError(shape)
    require(type(description["knows_non_digits"]) is bool and description["code"] in ("int8", "float32"), "code")
    require(len(description["steps"]) <= MOST_LAYERS, "steps")
    steps = [_step(each, i, arrays) for i, each in enumerate(description["steps"])]
    program = Program(tuple(steps), tuple(shape))
    check_program(program)
    require(steps[-1].size == len(names) + knows, names)
    about = description["metadata"], description["temperature"], names, tuple(shape), knows
    if description["code"] == "float32":
        try_floats(program)
        return FloatModel(*about, program)
    found = [
        _integer_step(step, i, each, arrays)
        for i, (step, each) in enumerate(zip(steps, description["steps"], strict=True))
    ]
    scales = arrays["score_scales"] * np.float32(description["temperature"])
    integers = IntegerProgram(program, tuple(found), scales)
    check_integers(integers)
    try_integers(integers)
    return IntegerModel(*about, Int8Code(integers, description["temperature"]))


def _step(described: Mapping[str, Any], i: int, arrays: Mapping[str, Array]) -> Step:
    shape, output = tuple(described["shape"]), tuple(described["output_shape"])
    require(all(SIZES.fits(list(each)) and 1 <= len(each) <= 3 for each in (shape, output)), described["kind"])
    own = {}
    for name, sides in described["arrays"].items():
        numbers = arrays[f"{name}_{i}"]
        bits = described.get("bits", 8)
        if name == "weight" and bits < 8:
            require(len(numbers) == -(-math.prod(sides) * bits // 8) + 1, name)
            numbers = unpacked(numbers, math.prod(sides), bits)
        own[name] = numbers.reshape(sides)
    reads = tuple(described["reads"])
    return Step(
        described["kind"], reads, described["writes"], shape, output, own, described["options"], described["relu"]
    )


def _integer_step(step: Step, i: int, described: Mapping[str, Any], arrays: Mapping[str, Array]) -> IntegerStep:
    multipliers = arrays.get(f"multipliers_{i}", np.zeros(0, np.int32))
    numbers = described["zero"], multipliers, described["shift"], described["bits"]
    return IntegerStep(step, tuple(described["zeros"]), *numbers)
