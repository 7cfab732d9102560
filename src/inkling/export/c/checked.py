"""What the steps of a header have to be, so that to judge it neither fails midway nor takes more than a network may.

A header comes from anybody. Its steps are held to the bounds of networks (`inkling.nn.bounds`) before one is run.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from inkling.export.c.execution import numbers_at_once, values_of
from inkling.export.c.integers import KERNELS, IntegerProgram, IntegerStep
from inkling.export.c.program import IMAGE, Program, Step, base_kind
from inkling.export.c.twin import integer_values_of
from inkling.nn.bounds import MOST_LAYERS, MOST_NUMBERS, MOST_OPERATIONS, MOST_PARAMETERS, MOST_SCRATCH
from inkling.nn.layer import Shape
from inkling.quantization import BITS

_MOVES = ("conv2d", "depthwise_conv2d", "max_pool2d", "avg_pool2d")
_PADS = ("conv2d", "depthwise_conv2d")
_MOST_SHIFT = 62


def require(holds: bool, what: object) -> None:
    """ValueError where something does not hold."""
    if not holds:
        raise ValueError(what)


def check_program(program: Program) -> None:
    """ValueError where the steps do not follow from one another, or are larger than a network may be."""
    require(1 <= len(program.steps) <= MOST_LAYERS, "steps")
    sizes = {IMAGE: math.prod(program.input_shape)}
    operations = parameters = 0
    for step in program.steps:
        require(_are_whole([*step.reads, step.writes]) and bool(step.reads), step.reads)
        require(step.writes not in sizes and len(step.reads) <= MOST_LAYERS, step.writes)
        needed = step.size if step.kind == "mean" else math.prod(step.shape)
        require(all(sizes.get(value) == needed for value in step.reads), step.reads)
        _check_options(step)
        require({name: each.shape for name, each in step.arrays.items()} == _shapes(step), step.kind)
        sizes[step.writes] = step.size
        parameters += sum(each.size for each in step.arrays.values())
        operations += _operations(step)
        require(max(numbers_at_once(step), _padded(step)) <= MOST_SCRATCH, step.kind)
        require(sum(sizes.values()) <= MOST_NUMBERS and operations <= MOST_OPERATIONS, step.kind)
    require(parameters <= MOST_PARAMETERS, parameters)


def check_integers(integers: IntegerProgram) -> None:
    """ValueError where the numbers of the steps are not those of integer code."""
    *_, last = integers.steps
    require(last.step.kind == "scores" or (last.step.kind in KERNELS and not len(last.multipliers)), last.step.kind)
    require(integers.scales.shape == (last.step.size,) and integers.scales.dtype == np.float32, "scales")
    for each in integers.steps:
        require(_are_whole([*each.zeros, each.zero, each.shift, each.bits]), each.step.kind)
        require(all(0 <= zero <= 255 for zero in (*each.zeros, each.zero)), each.zeros)
        require(len(each.zeros) == len(each.step.reads) and each.bits in BITS, each.bits)
        require(each.multipliers.shape == (_multipliers(each, each is last),), each.step.kind)
        require(0 < each.shift <= _MOST_SHIFT or not len(each.multipliers), each.shift)
        types = {name: numbers.dtype.name for name, numbers in each.step.arrays.items()}
        require(types == ({"weight": "int8", "bias": "int32"} if each.step.kind in KERNELS else {}), types)


def try_floats(program: Program) -> None:
    """Run one black image; ValueError or KeyError where a step has another output, or no kind that is known."""
    for step, y in values_of(program, np.zeros((1, *program.input_shape), np.float32)):
        require(y.shape[1:] == step.output_shape, step.kind)


def try_integers(integers: IntegerProgram) -> None:
    """As `try_floats`, for integer code."""
    for each, y in integer_values_of(integers, np.zeros((1, *integers.program.input_shape), np.uint8)):
        require(y.shape[1:] == each.step.output_shape, each.step.kind)


def _are_whole(numbers: Sequence[object]) -> bool:
    return all(type(each) is int for each in numbers)


def _check_options(step: Step) -> None:
    options = step.options
    require(all(type(each) in (int, float) and math.isfinite(each) for each in options.values()), options)
    require(type(step.relu) is bool, step.relu)
    if base_kind(step) in _MOVES:
        require(len(step.shape) == len(step.output_shape) == 3, step.shape)
        kernel, stride, padding = step.kernel
        require(_are_whole(list(options.values())) and kernel >= 1 and stride >= 1, options)
        require(0 <= padding <= (MOST_NUMBERS if base_kind(step) in _PADS else 0), options)


def _shapes(step: Step) -> dict[str, Shape]:
    """The shapes of the arrays that a step has."""
    kind, outputs = base_kind(step), step.output_shape[-1]
    if kind == "linear":
        return {"weight": (outputs, math.prod(step.shape)), "bias": (outputs,)}
    if kind == "conv2d":
        kernel = step.kernel[0]
        return {"weight": (outputs, kernel, kernel, step.shape[-1]), "bias": (outputs,)}
    if kind == "depthwise_conv2d":
        return {"weight": (step.kernel[0], step.kernel[0], outputs), "bias": (outputs,)}
    return {"weight": (outputs,), "bias": (outputs,)} if kind in ("affine", "layer_norm") else {}


def _multipliers(each: IntegerStep, is_last: bool) -> int:
    """How many multipliers a step has."""
    kind = each.step.kind
    if kind in KERNELS:
        return 0 if is_last else each.step.output_shape[-1]
    return {"mean": len(each.step.reads), "leaky_relu": 2, "avg_pool2d": 1, "global_avg_pool": 1}.get(kind, 0)


def _operations(step: Step) -> int:
    kind = base_kind(step)
    if kind in ("linear", "conv2d", "depthwise_conv2d"):
        return math.prod(step.output_shape[:-1]) * step.arrays["weight"].size
    return step.size * (step.kernel[0] ** 2 if kind in _MOVES else len(step.reads)) + math.prod(step.shape)


def _padded(step: Step) -> int:
    if base_kind(step) not in _PADS:
        return 0
    height, width, channels = step.shape
    return (height + 2 * step.kernel[2]) * (width + 2 * step.kernel[2]) * channels
