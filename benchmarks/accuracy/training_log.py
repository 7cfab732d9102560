"""A log of whole trainings, one per line of a file, so that a long comparison can stop and go on."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class Measurement(NamedTuple):
    """After a number of epochs: seconds of training, and accuracy on the test images as a fraction."""

    epochs: int
    seconds: float
    accuracy: float


@dataclass(frozen=True)
class LoggedTraining:
    """One training.

    Attributes
    ----------
    work, side, seed : the name of the recipe, who trained it (a key of SIDES), and the seed.
    digest : of recipe and images; the same name may stand for another recipe.
    variant : the setting of PyTorch.
    marks : the measurement at the end; of PyTorch's example one per epoch.
    """

    work: str
    side: str
    seed: int
    digest: str
    images_per_epoch: int
    flops_per_image: int
    variant: str
    marks: tuple[Measurement, ...]
    load_average: float


class TrainingLog:
    """The trainings of a file, if one is given, and those added since; `all` is in the order of training."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        known = path.read_text(encoding="utf-8").splitlines() if path is not None and path.exists() else []
        self.all = [_read(line) for line in known]

    def has(self, digest: str, side: str, seed: int) -> bool:
        return any((each.digest, each.side, each.seed) == (digest, side, seed) for each in self.all)

    def add(self, training: LoggedTraining) -> None:
        self.all.append(training)
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(dataclasses.asdict(training)) + "\n")


def _read(line: str) -> LoggedTraining:
    record = json.loads(line)
    return LoggedTraining(**record | {"marks": tuple(Measurement(*mark) for mark in record["marks"])})
