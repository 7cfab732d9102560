"""A list of runs: what each was, how far it got, and what it reached."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inkling.errors import DataError
from inkling.model import FILE_NAME
from inkling.notation import is_number
from inkling.runs.folder import HISTORY, RUN
from inkling.runs.record import RunRecord
from inkling.training.state import score


@dataclass(frozen=True)
class RunSummary:
    """A run as its folder tells it.

    Attributes
    ----------
    folder, recipe, data : the paths of folder and data, or the data's name, and the recipe's name.
    finished : whether training has ended and the model is written.
    epochs, most_epochs : the epochs that are done, and those of the recipe. Early stopping ends with fewer.
    best_epoch : the number of the epoch that the figures are of: the one whose parameters the recipe keeps; 0 before
        the first.
    figures : losses in nats and accuracies as fractions of that epoch, such as "validation_accuracy".
    parameters : how many numbers were learnt.
    seconds : the time that training took.
    """

    folder: Path
    recipe: str
    data: str
    finished: bool
    epochs: int
    most_epochs: int
    best_epoch: int
    figures: Mapping[str, float]
    parameters: int
    seconds: float

    @classmethod
    def of(cls, folder: Path) -> RunSummary:
        """The summary of a run's folder; DataError where a file of it is missing or damaged."""
        record = RunRecord.read(folder)
        history = read_history(folder)
        best = _kept_epoch(history, record.recipe.keep)
        figures = history[best - 1] if history else {}
        return cls(
            folder,
            record.recipe.name,
            record.data,
            (folder / FILE_NAME).is_file(),
            len(history),
            record.recipe.epochs,
            best,
            {name: value for name, value in figures.items() if name.endswith(("_loss", "_accuracy"))},
            record.recipe.network.layout.size,
            history[-1]["seconds"] if history else 0.0,
        )

    @property
    def rank(self) -> tuple[float, float]:
        """The key by which better runs come first: by validation accuracy, then by validation loss."""
        accuracy, loss = (self.figures.get(f"validation_{of}") for of in ("accuracy", "loss"))
        return -1.0 if accuracy is None else accuracy, float("-inf") if loss is None else -loss

    def to_dict(self) -> dict[str, Any]:
        record = dataclasses.asdict(self) | {"folder": str(self.folder)}
        return {name: value for name, value in record.items() if name != "figures"} | dict(self.figures)


def list_runs(folder: Path) -> tuple[list[RunSummary], list[str]]:
    """The runs in a folder, or the one whose folder this is, the best first; and what is wrong with damaged ones.

    Runs are compared by their validation images. Those without any come last, in the order of their names.

    Raises
    ------
    DataError
        There is no such folder.
    """
    if not folder.is_dir():
        raise DataError(f"{folder}: a folder of runs was expected, there is none: `inkling train` makes it")
    places = [folder] if (folder / RUN).exists() else sorted(each.parent for each in folder.glob(f"*/{RUN}"))
    runs, problems = [], []
    for place in places:
        try:
            runs.append(RunSummary.of(place))
        except DataError as error:
            problems.append(str(error))
    return sorted(runs, key=lambda run: run.rank, reverse=True), problems


def read_history(folder: Path) -> list[dict[str, float]]:
    """The records of all epochs of a run; DataError where they are damaged.

    A last line that a killed run left unfinished counts as not written.
    """
    path = folder / HISTORY
    if not path.is_file():
        return []
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        records = [json.loads(line) for line in lines if line.endswith("\n")]
        whole = all(is_number(value) for record in records for value in (record["seconds"], *record.values()))
    except (AttributeError, OSError, ValueError, KeyError, TypeError, RecursionError):
        whole = False
    if not whole:
        raise DataError(f"{path}: damaged: a record of numbers in JSON was expected in each line")
    return records


def _kept_epoch(history: list[dict[str, float]], keep: str) -> int:
    """The number of the epoch whose parameters the recipe keeps, from 1; 0 before the first."""
    if keep != "best" or any(not {"validation_accuracy", "validation_loss"} <= set(record) for record in history):
        return len(history)
    scores = [score(record) for record in history]
    return scores.index(max(scores)) + 1 if scores else 0
