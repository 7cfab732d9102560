"""Fusion: a ReLU becomes part of the step that makes its input, so that no pass over the numbers is left for it.

ReLU and the maximum of a pool may change places, and so may ReLU and a crop: so a ReLU joins the kernel in front of
them.
"""

from __future__ import annotations

from dataclasses import replace

from inkling.export.c.program import IMAGE, Program, Step

_TAKE_RELU = ("conv2d", "depthwise_conv2d", "linear", "affine", "mean", "avg_pool2d", "global_avg_pool")
_PASS_RELU = ("max_pool2d", "center_crop")


def fuse(program: Program) -> Program:
    """A program that computes the same with fewer steps."""
    steps = list(program.steps)
    number = 0
    while number < len(steps):
        taker = _taker(steps, number)
        if steps[number].kind == "relu" and taker is not None:
            steps[taker] = replace(steps[taker], relu=True)
            steps = _without(steps, number)
        else:
            number += 1
    return replace(program, steps=tuple(steps))


def _taker(steps: list[Step], number: int) -> int | None:
    """The number of the step that can compute the ReLU with this number; None where there is none."""
    value = steps[number].reads[0]
    while value != IMAGE and sum(value in step.reads for step in steps) == 1:
        maker = next(i for i, step in enumerate(steps) if step.writes == value)
        if steps[maker].kind in _TAKE_RELU:
            return maker
        if steps[maker].kind not in _PASS_RELU:
            return None
        value = steps[maker].reads[0]
    return None


def _without(steps: list[Step], number: int) -> list[Step]:
    """The steps without one, whose readers read its input instead."""
    gone = steps[number]
    rest = steps[:number] + steps[number + 1 :]
    return [replace(s, reads=tuple(gone.reads[0] if r == gone.writes else r for r in s.reads)) for s in rest]
