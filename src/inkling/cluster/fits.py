"""A fit: a recipe trained on one core, in a run folder that is named after the hash of recipe, seed and data.

Fits are independent tasks of an executor. One that is finished is left as it is, one that was cut off goes on from its
last checkpoint, and one whose folder is damaged begins anew: so it does not matter how often a fit is asked for.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from inkling.cluster.executors import GO_ON
from inkling.data import load
from inkling.errors import DataError, InklingError, InUseError, OutputError
from inkling.model import FILE_NAME
from inkling.model import load as load_model
from inkling.recipes import Recipe
from inkling.runs.folder import RUN
from inkling.runs.listing import RunSummary
from inkling.runs.run import Run
from inkling.storage import LOCK, locked_folder

_SECONDS_BETWEEN_LOOKS = 0.5  # for the end of another process that trains in the same folder

Watch = Callable[[int, float], bool]


@dataclass(frozen=True)
class FitTask:
    """A recipe to be trained.

    Attributes
    ----------
    data, sha256 : the source, and the hash of its labelled images.
    folder : of the run. The folder around it exists already.
    """

    recipe: Recipe
    data: str
    sha256: str
    folder: Path

    @classmethod
    def of(cls, recipe: Recipe, data: str, sha256: str, folder: Path) -> FitTask:
        """The task whose run goes into `folder`, under the hash of what decides its result."""
        name = hashlib.sha256(f"{recipe.to_toml()}\n{sha256}".encode()).hexdigest()[:16]
        return cls(recipe, data, sha256, folder / name)


def finished(task: FitTask) -> RunSummary | None:
    """What came of the task, where its training has ended, and the files in its folder tell nothing else."""
    if not (task.folder / FILE_NAME).is_file():
        return None
    try:
        metadata = load_model(task.folder / FILE_NAME).metadata
        summary = RunSummary.of(task.folder)
    except InklingError:
        return None
    asked, found = task.recipe.to_dict(), dict(metadata.get("recipe", {}))
    found["network"] = asked["network"]  # which was fitted to the data
    is_same = found == json.loads(json.dumps(asked)) and metadata.get("data", {}).get("sha256") == task.sha256
    is_whole = summary.figures and summary.figures.items() <= metadata.get("metrics", {}).items()
    return summary if is_same and is_whole else None


def fit(task: FitTask, watch: Watch | None = None) -> RunSummary:
    """Train to the end, or until `watch` says so, and return what came of it.

    While another process trains in the folder, such as a worker whose command was killed, its end is awaited.

    Parameters
    ----------
    watch : is given each epoch, from 1, and its validation accuracy, also those of earlier calls; True ends the
        training there.

    Raises
    ------
    OutputError
        The folder cannot be written to.
    DataError
        The data cannot be read, or are others.
    InklingError
        The recipe does not fit the data, or its training diverged.
    """
    if not task.folder.parent.is_dir():
        raise OutputError(f"{task.folder.parent}: a worker sees no such folder: all workers have to share the output")
    while True:
        try:
            with locked_folder(task.folder, "training in it"):
                return finished(task) or _train(task, watch)
        except InUseError:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        except OSError as error:
            raise _refused(task, error) from error
        except InklingError as error:
            if type(error) is InklingError and isinstance(error.__cause__, OSError):
                raise _refused(task, error.__cause__) from error
            raise


def _train(task: FitTask, watch: Watch | None) -> RunSummary:
    run = _run_of(task)
    seen = [(int(each["epoch"]), each.get("validation_accuracy")) for each in run.state.history]
    if not any(_ends(watch, *each) for each in seen):
        with closing(run.train(workers=1)) as training:
            for report in training:
                if _ends(watch, report.epoch, report.validation_accuracy):
                    break
    return RunSummary.of(task.folder)


def _ends(watch: Watch | None, epoch: int, accuracy: float | None) -> bool:
    return watch is not None and accuracy is not None and watch(epoch, accuracy)


def _run_of(task: FitTask) -> Run:
    """The run in the folder, a new one where there is nothing to go on from."""
    if (task.folder / RUN).is_file() and not (task.folder / FILE_NAME).exists():
        try:
            return Run.resume(task.folder, data=task.data)
        except InklingError:  # because of the data, or because the folder is damaged
            _require_same(task, load(task.data).part("train").sha256)
    for leftover in task.folder.iterdir():
        if leftover.is_dir():
            shutil.rmtree(leftover)
        elif leftover.name != LOCK:
            leftover.unlink()
    run = Run.create(task.folder, task.recipe, task.data)
    _require_same(task, run.parts.sha256)
    return run


def _require_same(task: FitTask, sha256: str) -> None:
    if sha256 != task.sha256:
        raise DataError(f"{task.data}: these are not the images that were there when the command began; {GO_ON}")


def _refused(task: FitTask, error: OSError) -> OutputError:
    place = task.folder if error.filename is None else error.filename
    return OutputError(f"{place}: {error.strerror or error}; what was trained is kept: {GO_ON}")
