"""The trainer: a process that trains one run, tells what happens through a pipe, and is steered through it.

It tells pairs of a kind and a record: ("run", …) when data and recipe are ready, ("epoch", report) and ("inside", …)
after an epoch, ("rate", …) when the learning rate was changed, and last ("end", …), with the model's file in it as
bytes. It is told "stop", which undoes the epoch under way as Ctrl-C does, or a number, the learning rate from the next
epoch on. When the pipe ends, because the server has, it stops too.
"""

from __future__ import annotations

import contextlib
import signal
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from inkling.data.class_counts import notes_on_training
from inkling.errors import InklingError, reason
from inkling.model import FILE_NAME
from inkling.processor import cores
from inkling.recipes import load_recipe
from inkling.runs.free_folder import create_in_a_free_folder
from inkling.runs.run import Run
from inkling.runs.steering import change_rate
from inkling.service.live.inside import Inside
from inkling.service.live.steering import Steering
from inkling.training.interrupts import deferred_signals

INSIDE_SECONDS = 0.4  # the least time between two looks inside; epochs may be shorter


@dataclass(frozen=True)
class Job:
    """What to train: a new run in `runs`, or, where `resume` names one, that run.

    Attributes
    ----------
    changes : settings of the recipe, as `Recipe.override` takes them.
    rate : the learning rate from the next epoch on; None for that of the recipe.
    pace : the least time from epoch to epoch, in seconds.
    """

    runs: Path
    recipe: str = ""
    data: str = "digits"
    changes: tuple[tuple[str, Any], ...] = ()
    resume: Path | None = None
    rate: float | None = None
    pace: float = 0.0


def work(pipe: Connection, job: Job) -> None:
    """The program of the process."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: the epoch is undone, the rest is kept
    with contextlib.suppress(KeyboardInterrupt, OSError):  # a second interrupt, or the server is gone
        _Trainer(pipe).train(job)


class _Trainer:
    def __init__(self, pipe: Connection) -> None:
        self.pipe, self.steering = pipe, Steering(pipe)

    def tell(self, kind: str, record: dict[str, Any]) -> None:
        with deferred_signals():  # half a message could not be read
            self.pipe.send((kind, record))

    def train(self, job: Job) -> None:
        run = None
        try:
            run = _prepared(job)
            if job.rate is not None:
                change_rate(run, job.rate)
            self.tell("run", about(run))
            self._train(run, job.pace)
            self.tell("end", {"state": "done", "sentence": "", "model": (run.folder / FILE_NAME).read_bytes()})
        except KeyboardInterrupt:
            with deferred_signals():
                model = model_bytes(run) if run is not None and run.state.epoch else None
                self.tell("end", {"state": "stopped", "sentence": "", "model": model})
        except InklingError as error:
            self._fail(str(error))
        except Exception as error:
            self._fail(f"the training met an error: {reason(error)}")

    def _fail(self, sentence: str) -> None:
        self.tell("end", {"state": "failed", "sentence": sentence, "model": None})

    def _train(self, run: Run, pace: float) -> None:
        """Train to the end; each change of the learning rate ends the loop, and it begins anew with another recipe."""
        inside, looked, begun = Inside(run.recipe.network, run.parts), 0.0, time.monotonic()
        workers = max(1, cores() - 1)  # one core answers requests
        while True:
            with closing(run.train(workers)) as reports:
                for report in reports:
                    self.tell("epoch", report.to_dict())
                    last = report.epoch == run.recipe.epochs
                    if last or time.monotonic() - looked >= INSIDE_SECONDS:
                        self.tell("inside", {"epoch": report.epoch, **inside(run.state.eval_parameters)})
                        looked = time.monotonic()
                    if not last:
                        _sleep_until(begun + pace)
                        begun = time.monotonic()
                    if self.steering.has_rate and not last:
                        break
                else:
                    return
            rate = self.steering.take_rate()
            change_rate(run, rate)
            self.tell("rate", rate_record(run, rate))


def _sleep_until(moment: float) -> None:
    """Sleep in short pieces: an interrupt from the steering thread does not end a sleep."""
    while (left := moment - time.monotonic()) > 0:
        time.sleep(min(left, 0.05))


def _prepared(job: Job) -> Run:
    if job.resume is not None:
        return Run.resume(job.resume)
    recipe = load_recipe(job.recipe).override(**dict(job.changes))
    return create_in_a_free_folder(job.runs, recipe, job.data)


def about(run: Run) -> dict[str, Any]:
    """What the page tells of a run; of its folder the name only."""
    recipe, parts = run.recipe, run.parts
    return {
        "folder": run.folder.name,
        "recipe": recipe.name,
        "data": run.source.name,
        "epochs": recipe.epochs,
        "schedule": repr(recipe.schedule),
        "network": [str(layer) for layer in recipe.network.layers],
        "parameters": recipe.network.layout.size,
        "class_names": list(parts.training.class_names),
        "images": len(parts.training),
        "validation_images": len(parts.validation) if parts.validation is not None else 0,
        "notes": [*run.notes, *notes_on_training(parts, said=run.notes)],
        "history": run.state.history,
    }


def rate_record(run: Run, rate: float) -> dict[str, Any]:
    return {"epoch": run.state.epoch + 1, "learning_rate": rate, "schedule": repr(run.recipe.schedule)}


def model_bytes(run: Run) -> bytes:
    """The file of the model as it is now."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE_NAME
        run.model().save(path)
        return path.read_bytes()
