"""Code: what C in float32 and in integers have in common: a program, a plan of its buffer, and a call for each step."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from inkling.export.c.memory import Plan, plan
from inkling.export.c.program import IMAGE, Program, Step, base_kind
from inkling.export.c.text import array, fragment
from inkling.ink import DIGIT_SHAPE
from inkling.model import Model
from inkling.nn.layer import Array

_MOVES = ("conv2d", "depthwise_conv2d", "max_pool2d", "avg_pool2d", "center_crop")  # steps with a geometry
_HAVE_WINDOW = ("conv2d", "depthwise_conv2d")
NORMALIZER_BYTES = 3736  # of RAM that normalising works in: sizeof(inkling_normalizing)


def has_normalizer(model: Model) -> bool:
    """Whether the C code of a model can normalise: its images are of the size of MNIST's."""
    return model.network.input_shape[:2] == DIGIT_SHAPE


class Code(ABC):
    """A program as C.

    Attributes
    ----------
    program, memory : the steps, and where their values lie in the buffer.
    """

    folder: ClassVar[str]  # of its fragments
    buffer_type: ClassVar[str]
    result_type: ClassVar[str]
    bytes_per_number: ClassVar[int]  # of a value

    def __init__(self, program: Program) -> None:
        self.program = program

    @cached_property
    def memory(self) -> Plan:
        return plan(self.program)  # which takes long for many steps, and which nobody needs to judge the code

    @property
    def buffer_bytes(self) -> int:
        return self.memory.size * self.bytes_per_number

    def static_bytes(self, *, normalizes: bool) -> int:
        """Of RAM, on a machine with alignment of 4: the buffer, in which normalising also works."""
        return -(-max(self.buffer_bytes, NORMALIZER_BYTES) // 4) * 4 if normalizes else self.buffer_bytes

    @property
    @abstractmethod
    def weight_bits(self) -> list[int]:
        """How many bits a weight takes, in rising order."""

    @property
    def constant_bytes(self) -> int:
        """Weights and what belongs to them, in flash."""
        return sum(each.nbytes for each in self.constants().values())

    def text(self, *, normalizes: bool) -> str:
        """Functions, constants, the buffer and the function `inkling_run`, which runs all steps.

        Parameters
        ----------
        normalizes : whether the buffer also serves `inkling_normalize`.
        """
        steps = list(enumerate(self.program.steps))
        blocks = [
            *self._shared_functions(),
            *dict.fromkeys(self.function(i) for i, _ in steps),
            *(array(name, numbers.ravel()) for name, numbers in self.constants().items()),
            *(_geometry(i, step) for i, step in steps if base_kind(step) in _MOVES),
            *self.tables(),
            self._buffer(normalizes),
            self._run("".join(self.call(i) for i, _ in steps)),
            fragment(f"{self.folder}/logits"),
        ]
        return "\n".join(blocks)

    def _shared_functions(self) -> Iterable[str]:
        kinds = {base_kind(step) for step in self.program.steps}
        if kinds & set(_MOVES):
            yield fragment("geometry")
        if kinds & set(_HAVE_WINDOW):
            yield fragment("window")
        yield from self.shared_functions()

    def _buffer(self, normalizes: bool) -> str:
        """The one static buffer, in which the values of the network lie, or what normalising works in."""
        size = self.memory.size
        values = f"    {self.buffer_type} values[{size}];\n" if size else ""
        if not normalizes:
            return f"static union {{\n{values}}} inkling_memory;\n" if size else ""
        guard = "#ifndef INKLING_NO_NORMALIZE\n"
        own = f"{guard}    inkling_normalizing normalizing;\n#endif\n"
        union = f"static union {{\n{values}{own}}} inkling_memory;\n"
        if not size:
            union = f"{guard}{union}#endif\n"
        return f"{guard}{fragment('api/normalize_memory')}#endif\n\n{union}"

    def _run(self, calls: str) -> str:
        buffer = f"    {self.buffer_type} *const buffer = inkling_memory.values;\n" if self.memory.size else ""
        parameters = f"const uint8_t *image, {self.result_type} *scores"
        return f"static void inkling_run({parameters})\n{{\n{buffer}{calls}}}\n"

    def place(self, value: int) -> str:
        """Where a value lies, in C."""
        if value in (IMAGE, self.program.result):
            return "image" if value == IMAGE else "scores"
        offset = self.memory.offsets[value]
        return f"buffer + {offset}" if offset else "buffer"

    def description(self) -> list[dict[str, Any]]:
        """The steps, ready for JSON: all but the numbers of their arrays."""
        return [
            {
                "kind": step.kind,
                "reads": step.reads,
                "writes": step.writes,
                "shape": step.shape,
                "output_shape": step.output_shape,
                "arrays": {name: each.shape for name, each in step.arrays.items()},
                "options": dict(step.options),
                "relu": step.relu,
            }
            for step in self.program.steps
        ]

    @abstractmethod
    def shared_functions(self) -> Iterable[str]:
        """What the functions of several steps use."""

    @abstractmethod
    def function(self, i: int) -> str:
        """The function that step number i calls."""

    @abstractmethod
    def constants(self) -> Mapping[str, Array]:
        """The arrays in flash, by their names in C."""

    @abstractmethod
    def call(self, i: int) -> str:
        """The statements that run step number i."""

    @abstractmethod
    def tables(self) -> Iterable[str]:
        """Further constants."""

    @abstractmethod
    def expected(self, images: Array, logits: Array) -> tuple[str, Array]:
        """The name and the numbers of what `inkling_selftest` compares with, for images uint8 and Python's logits."""


def _geometry(i: int, step: Step) -> str:
    numbers = (*step.shape, *step.output_shape, *(step.kernel if "kernel" in step.options else (0, 0, 0)))
    return f"static const inkling_geometry inkling_geometry_{i} = {{{', '.join(map(str, numbers))}}};\n"
