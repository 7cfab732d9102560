"""C code in float32."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import ClassVar

from inkling.export.c.code import Code
from inkling.export.c.program import IMAGE, Program, Step, base_kind
from inkling.export.c.text import fragment, number
from inkling.inference import PIXEL_SCALE
from inkling.nn.layer import Array

_READ_BYTES = ("conv2d", "depthwise_conv2d", "linear")  # These read the image as it is, and their weights are scaled.


class Float32Code(Code):
    """A program in float32."""

    folder: ClassVar[str] = "float32"
    buffer_type: ClassVar[str] = "float"
    result_type: ClassVar[str] = "float"
    bytes_per_number: ClassVar[int] = 4

    def __init__(self, program: Program, temperature: float) -> None:
        super().__init__(_reading_bytes(program))
        self.temperature = temperature

    @property
    def weight_bits(self) -> list[int]:
        return [32]

    def shared_functions(self) -> Iterable[str]:
        return ()

    def function(self, i: int) -> str:
        step = self.program.steps[i]
        kind = base_kind(step)
        text = fragment(f"float32/{kind}")
        if kind != step.kind:
            text = text.replace(f"inkling_{kind}(const float *x", f"inkling_{step.kind}(const uint8_t *x")
            text = text.replace("const float *pixels", "const uint8_t *pixels")
        return text

    def constants(self) -> Mapping[str, Array]:
        steps = enumerate(self.program.steps)
        return {f"inkling_{name}_{i}": each for i, step in steps for name, each in step.arrays.items()}

    def call(self, i: int) -> str:
        step = self.program.steps[i]
        if step.kind == "mean":
            read, name = ", ".join(map(self.place, step.reads)), f"summands_{i}"
            numbers = f"{step.size}, {number(step.options['scale'])}, {int(step.relu)}"
            return (
                f"    const float *const {name}[] = {{{read}}};\n"
                f"    inkling_mean({name}, {len(step.reads)}, {self.place(step.writes)}, {numbers});\n"
            )
        arguments = [self.place(step.reads[0]), self.place(step.writes)]
        arguments += [f"inkling_{name}_{i}" for name in step.arrays] + _numbers(step, i)
        return f"    inkling_{step.kind}({', '.join(arguments)});\n"

    def tables(self) -> Iterable[str]:
        yield f"#define INKLING_TEMPERATURE {number(self.temperature)}\n"

    def expected(self, images: Array, logits: Array) -> tuple[str, Array]:
        return "inkling_test_logits", logits


def _reading_bytes(program: Program) -> Program:
    """A program whose first kernels read the bytes of the image; for other steps, a step makes numbers of the bytes."""
    steps: list[Step] = []
    pixels = 1 + max(step.writes for step in program.steps)
    for step in program.steps:
        if IMAGE not in step.reads:
            steps.append(step)
        elif step.kind in _READ_BYTES:
            arrays = {**step.arrays, "weight": step.arrays["weight"] * PIXEL_SCALE}
            steps.append(replace(step, kind=f"{step.kind}_of_bytes", arrays=arrays))
        else:
            if all(each.writes != pixels for each in steps):
                steps.append(Step("pixels", (IMAGE,), pixels, program.input_shape, program.input_shape))
            steps.append(replace(step, reads=tuple(pixels if value == IMAGE else value for value in step.reads)))
    return replace(program, steps=tuple(steps))


def _numbers(step: Step, i: int) -> list[str]:
    """The arguments of a call that tell its sizes."""
    kind, relu = base_kind(step), str(int(step.relu))
    pixels, channels = str(math.prod(step.shape[:-1])), str(step.shape[-1])
    if kind in ("conv2d", "depthwise_conv2d", "avg_pool2d"):
        return [f"&inkling_geometry_{i}", relu]
    if kind in ("max_pool2d", "center_crop"):
        return [f"&inkling_geometry_{i}"]
    if kind == "linear":
        return [str(math.prod(step.shape)), str(step.size), relu]
    if kind in ("global_avg_pool", "affine"):
        return [pixels, channels, relu]
    if kind == "layer_norm":
        return [pixels, channels, number(step.options["eps"])]
    return [str(step.size), *([number(step.options["slope"])] if kind == "leaky_relu" else [])]
