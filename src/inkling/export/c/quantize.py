"""Quantisation: a program in float32 becomes one in integers, with scales that are measured on images.

Every value is bytes q, which stand for the numbers s (q - z): z is 0 where no number is negative, and otherwise 128.
The image is such a value, with s = 1/255. A weight is s_o q for each output channel o, q from -127 to 127 or on fewer
levels (`inkling.quantization`). A kernel adds up q (q - z) and a bias in int32; the sum, times M = s_x s_o / s_y, is
the output. M is a whole number of at most 31 bits over a power of 2, as in Jacob et al. 2018, "Quantization and
training of neural networks for efficient integer-arithmetic-only inference", section 2.2, with one power for the layer.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from inkling.errors import UsageError
from inkling.export.c.integers import KERNELS, IntegerProgram, IntegerStep, Scale
from inkling.export.c.program import Program, Step
from inkling.export.c.scales import KEEP_SCALE, measured
from inkling.export.c.weights import Weight, on_grid
from inkling.nn.layer import Array

_REFUSED = {"gelu": "GELU", "layer_norm": "LayerNorm"}
_MULTIPLIER_BITS = 31
_MOST_SHIFT = 62


def quantized_program(program: Program, images: Array) -> IntegerProgram:
    """A program in integers.

    Parameters
    ----------
    images : (N, H, W, 1) of numbers from 0 to 1, which the scales are measured on.

    Raises
    ------
    UsageError
        The program has a step that is not made of integers.
    """
    for step in program.steps:
        if step.kind in _REFUSED:
            raise UsageError(
                f"the layer {_REFUSED[step.kind]} has no form in integers: leave --int8 out, or train a network "
                "with ReLU and batch normalisation"
            )
    program = _ending_in_sums(_without_affine(program))
    scales = measured(program, images)
    steps, weight_scales = [], np.ones(1)
    for step in program.steps:
        read = [scales[value] for value in step.reads]
        write = None if step is program.steps[-1] else scales[step.writes]
        if step.kind in KERNELS:
            weight = on_grid(step, read[0].scale)
            steps.append(_integer_kernel(step, weight, read[0], write))
            weight_scales = weight.scales
        else:
            steps.append(_integer_step(step, read, write))
            weight_scales = np.ones(step.size)
    factors = (scales[program.steps[-1].reads[0]].scale * weight_scales).astype(np.float32)
    return IntegerProgram(replace(program, steps=tuple(each.step for each in steps)), tuple(steps), factors)


def _without_affine(program: Program) -> Program:
    """A scale and a shift for each channel are a depthwise kernel of one pixel."""
    steps = []
    for step in program.steps:
        if step.kind == "affine":
            shape = step.shape if len(step.shape) == 3 else (1, 1, *step.shape)
            arrays = {**step.arrays, "weight": step.arrays["weight"].reshape(1, 1, -1)}
            options = {"kernel": 1, "stride": 1, "padding": 0}
            step = replace(
                step, kind="depthwise_conv2d", shape=shape, output_shape=shape, arrays=arrays, options=options
            )
        steps.append(step)
    return replace(program, steps=tuple(steps))


def _ending_in_sums(program: Program) -> Program:
    """A program whose last step writes int32: sums as they are, or else the bytes of the step before."""
    last = program.steps[-1]
    if last.kind in KERNELS and not last.relu:
        return program
    number = 1 + max(step.writes for step in program.steps)
    shape = (last.size,)
    return replace(program, steps=(*program.steps, Step("scores", (last.writes,), number, shape, shape)))


def _integer_step(step: Step, read: list[Scale], write: Scale | None) -> IntegerStep:
    """`write` is None for the last step, whose sums stay as they are."""
    zeros = tuple(each.zero for each in read)
    if write is None or step.kind in KEEP_SCALE:
        return IntegerStep(step, zeros, zeros[0])
    factors = [each.scale / write.scale for each in read]
    if step.kind == "mean":
        factors = [each * step.options["scale"] for each in factors]
    elif step.kind == "avg_pool2d":
        factors = [factors[0] / step.kernel[0] ** 2]
    elif step.kind == "global_avg_pool":
        factors = [factors[0] / math.prod(step.shape[:2])]
    elif step.kind == "leaky_relu":
        factors = [factors[0], factors[0] * step.options["slope"]]
    return IntegerStep(step, zeros, write.zero, *_fixed_point(np.array(factors)))


def _integer_kernel(step: Step, weight: Weight, x: Scale, y: Scale | None) -> IntegerStep:
    one = x.scale * weight.scales  # what a sum of 1 stands for
    bias = np.rint(step.arrays["bias"] / one)
    _require_int32(step, weight.levels, bias, max(x.zero, 255 - x.zero))
    step = replace(step, arrays={"weight": weight.levels, "bias": bias.astype(np.int32)})
    if y is None:
        return IntegerStep(step, (x.zero,), bits=weight.bits)
    return IntegerStep(step, (x.zero,), y.zero, *_fixed_point(one / y.scale), weight.bits)


def _fixed_point(factors: Array) -> tuple[Array, int]:
    """Multipliers, int32, and the shift with which they are nearest to some factors from 0 on."""
    largest = float(factors.max())
    shift = _MULTIPLIER_BITS - math.frexp(largest)[1] if largest > 0 else _MOST_SHIFT
    if shift < 1:
        raise UsageError("the numbers of a layer are far smaller than those of the layer before: leave --int8 out")
    shift = min(shift, _MOST_SHIFT)
    multipliers = np.minimum(np.rint(factors * 2.0**shift), 2**31 - 1)
    return multipliers.astype(np.int32), shift


def _require_int32(step: Step, levels: Array, bias: Array, largest: int) -> None:
    """UsageError where a sum may be too large for 32 bits."""
    axes = tuple(range(levels.ndim - 1)) if step.kind == "depthwise_conv2d" else tuple(range(1, levels.ndim))
    most = np.abs(levels.astype(np.int64)).sum(axis=axes) * largest + np.abs(bias)
    if (most >= 2**31).any():
        raise UsageError(
            f"the sums of {step.kind} with {levels.size:,} weights may not fit into 32 bits, as --int8 needs: "
            "leave --int8 out"
        )
