"""C code in integers: bytes for values, int32 for sums, and weights in as few bits as they are made of."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import numpy as np

from inkling.export.c.code import Code
from inkling.export.c.integers import KERNELS, IntegerProgram, IntegerStep
from inkling.export.c.text import fragment
from inkling.export.c.twin import scores
from inkling.nn.layer import Array

_WIDEST_PACKED = 7  # bits; weights of 8 bits are an array of int8_t.


class Int8Code(Code):
    """A program in integers."""

    folder: ClassVar[str] = "int8"
    buffer_type: ClassVar[str] = "uint8_t"
    result_type: ClassVar[str] = "int32_t"
    bytes_per_number: ClassVar[int] = 1

    def __init__(self, integers: IntegerProgram, temperature: float) -> None:
        super().__init__(integers.program)
        self.integers = integers
        self.score_scales: Array = (integers.scales / temperature).astype(np.float32)

    @property
    def weight_bits(self) -> list[int]:
        return sorted({each.bits for each in self.integers.steps if each.step.kind in KERNELS})

    def description(self) -> list[dict[str, Any]]:
        integers = (
            {"zeros": each.zeros, "zero": each.zero, "shift": each.shift, "bits": each.bits}
            for each in self.integers.steps
        )
        return [step | more for step, more in zip(super().description(), integers, strict=True)]

    def shared_functions(self) -> Iterable[str]:
        yield fragment("int8/requantize")
        if any(_is_packed(each) for each in self.integers.steps):
            yield fragment("int8/unpacked")

    def function(self, i: int) -> str:
        each = self.integers.steps[i]
        kind = each.step.kind
        text = fragment(f"int8/{kind}")
        if kind not in KERNELS:
            return text
        text = text.replace(f"inkling_{kind}(", f"{_function_name(each)}(")
        taken = rf"inkling_unpacked(weight, \1, {each.bits});" if _is_packed(each) else r"weight[\1];"
        text = re.sub(r"WEIGHT\((.*)\);", taken, text)
        if _is_packed(each):
            text = text.replace("const int8_t *weight", "const uint8_t *weight")
        if _writes_sums(each):
            text = text.replace("uint8_t *y,", "int32_t *y,").replace(", int relu)", ")")
            text = re.sub(r"= inkling_requantized\(.*\);", "= sum;", text)
        return text

    def constants(self) -> Mapping[str, Array]:
        found: dict[str, Array] = {}
        for i, each in enumerate(self.integers.steps):
            for name, numbers in each.step.arrays.items():
                packs = name == "weight" and _is_packed(each)
                found[f"inkling_{name}_{i}"] = packed(numbers, each.bits) if packs else numbers
            if len(each.multipliers):
                found[f"inkling_multipliers_{i}"] = each.multipliers
        return {**found, "inkling_score_scales": self.score_scales}

    def tables(self) -> Iterable[str]:
        for i, each in enumerate(self.integers.steps):
            if each.step.kind in KERNELS or len(each.multipliers):
                table = f"inkling_multipliers_{i}" if len(each.multipliers) else "0"
                numbers = f"{table}, {each.shift}, {each.zeros[0]}, {each.zero}"
                yield f"static const inkling_scale inkling_scale_{i} = {{{numbers}}};\n"

    def call(self, i: int) -> str:
        each = self.integers.steps[i]
        step, kind = each.step, each.step.kind
        scale, relu = f"&inkling_scale_{i}", str(int(step.relu))
        if kind == "mean":
            return self._call_of_mean(i, each)
        arguments = [
            self.place(step.reads[0]),
            self.place(step.writes),
            *(f"inkling_{name}_{i}" for name in step.arrays),
        ]
        if kind in KERNELS:
            sizes = [str(math.prod(step.shape)), str(step.size)] if kind == "linear" else [f"&inkling_geometry_{i}"]
            arguments += [*sizes, scale] if _writes_sums(each) else [*sizes, scale, relu]
        elif kind == "avg_pool2d":
            arguments += [f"&inkling_geometry_{i}", scale, relu]
        elif kind in ("max_pool2d", "center_crop"):
            arguments += [f"&inkling_geometry_{i}"]
        elif kind == "global_avg_pool":
            arguments += [str(math.prod(step.shape[:-1])), str(step.shape[-1]), scale, relu]
        else:
            arguments += [str(step.size), scale if kind == "leaky_relu" else str(each.zeros[0])]
        return f"    {_function_name(each)}({', '.join(arguments)});\n"

    def _call_of_mean(self, i: int, each: IntegerStep) -> str:
        step, read = each.step, ", ".join(map(self.place, each.step.reads))
        zeros = ", ".join(map(str, each.zeros))
        sizes = f"{len(step.reads)}, {self.place(step.writes)}, {step.size}"
        return (
            f"    const uint8_t *const summands_{i}[] = {{{read}}};\n"
            f"    static const int32_t zeros_{i}[] = {{{zeros}}};\n"
            f"    inkling_mean(summands_{i}, zeros_{i}, {sizes}, &inkling_scale_{i}, {int(step.relu)});\n"
        )

    def expected(self, images: Array, logits: Array) -> tuple[str, Array]:
        return "inkling_test_scores", scores(self.integers, images)


def packed(levels: Array, bits: int) -> Array:
    """Levels, each with 2^(bits - 1) added, in so many bits, the lowest bits of a byte first; and one byte more."""
    raised = (levels.ravel().astype(np.int64) + 2 ** (bits - 1)).astype(np.uint8)
    each = np.unpackbits(raised[:, np.newaxis], axis=1, bitorder="little")[:, :bits]
    return np.append(np.packbits(each.ravel(), bitorder="little"), np.uint8(0))


def unpacked(packed_levels: Array, count: int, bits: int) -> Array:
    """The reverse of `packed`, for so many levels: int8."""
    each = np.unpackbits(packed_levels, bitorder="little", count=count * bits).reshape(count, bits)
    return (each @ (1 << np.arange(bits)) - 2 ** (bits - 1)).astype(np.int8)


def _is_packed(each: IntegerStep) -> bool:
    return each.step.kind in KERNELS and each.bits <= _WIDEST_PACKED


def _writes_sums(each: IntegerStep) -> bool:
    return each.step.kind in KERNELS and not len(each.multipliers)


def _function_name(each: IntegerStep) -> str:
    """A kernel that reads packed weights, or writes sums, has a name of its own."""
    name = "bytes_to_scores" if each.step.kind == "scores" else each.step.kind
    bits = f"_{each.bits}_bit" if _is_packed(each) else ""
    return f"inkling_{name}{bits}{'_sums' if _writes_sums(each) else ''}"
