"""Whole trainings, each a line of a file, so that a long comparison can stop and go on."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class Mark(NamedTuple):
    """What a training came to after so many epochs: seconds of training, share of the test images read right."""

    epochs: int
    seconds: float
    accuracy: float


@dataclass(frozen=True)
class Run:
    """One training.

    Attributes
    ----------
    work, side, seed : what was trained (a recipe's name), by whom, from which seed.
    digest : tells apart what is not the same work in spite of its name.
    variant : PyTorch's way to do it.
    marks : one at the end; of PyTorch's example one an epoch.
    """

    work: str
    side: str
    seed: int
    digest: str
    images_per_epoch: int
    flops_per_image: int
    variant: str
    marks: tuple[Mark, ...]
    load_average: float


class Runs:
    """The trainings of a file, if one is given, and those added to it; `all` is in the order of their making."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        known = path.read_text(encoding="utf-8").splitlines() if path is not None and path.exists() else []
        self.all = [_read(line) for line in known]

    def has(self, digest: str, side: str, seed: int) -> bool:
        return any((run.digest, run.side, run.seed) == (digest, side, seed) for run in self.all)

    def add(self, run: Run) -> None:
        self.all.append(run)
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(dataclasses.asdict(run)) + "\n")


def _read(line: str) -> Run:
    record = json.loads(line)
    return Run(**record | {"marks": tuple(Mark(*mark) for mark in record["marks"])})
