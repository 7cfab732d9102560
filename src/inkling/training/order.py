"""The tasks of a training step, and what a copy of the job on another machine is told when it is to do parts of one."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from inkling.training.generators import Generators


class Task(IntEnum):
    """What part k of each task does is the docstring of the method of `StepJob` with the task's name."""

    GRADIENT = 0
    UPDATE = 1
    STATISTICS = 2


class Order(NamedTuple):
    """All that the parts read and that changes between two runs, so that any copy gives the same answer to it.

    Attributes
    ----------
    task, parts : what is to be done.
    flat, statistics : the parameters, those of `Parameters`.
    rows : (n,) of the images of the whole batch.
    counters : those of the job.
    generators : of each part; they come back with the answer, further on. none where the task draws no numbers.
    """

    task: int
    parts: Sequence[int]
    flat: np.ndarray
    statistics: np.ndarray
    rows: np.ndarray
    counters: np.ndarray
    generators: list[Generators]

    @property
    def epoch(self) -> int:
        return int(self.counters[2])
