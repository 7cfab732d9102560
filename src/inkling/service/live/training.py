"""The training of a server: at most one trainer at a time, the journal of what it tells, and the state."""

from __future__ import annotations

import atexit
import tempfile
import threading
from pathlib import Path
from typing import Any

from inkling.recipes import load_recipe, recipe_names
from inkling.service.live.journal import Journal
from inkling.service.live.orders import Phase, RateOrder, StartOrder, Training, described
from inkling.service.live.process import TrainerProcess
from inkling.service.live.settings import LiveSettings, without_folders
from inkling.service.live.trainer import Job
from inkling.service.live.watcher import Watcher
from inkling.service.refusals import Refusal

_BUSY = ("starting", "running", "stopping")
_KILLED = "the process of the training was killed: resume it from its last checkpoint"


class Live:
    """Start, stop, resume and steer; each refuses with 409 what the state does not allow.

    Attributes
    ----------
    run : what `trainer.about` tells of the current run, without its history; None where there is none.
    history : the reports of its epochs.
    model : the file of its model, once it has stopped or ended.
    """

    def __init__(self, settings: LiveSettings) -> None:
        self.settings, self.journal = settings, Journal()
        self.state: Phase = "idle" if settings.run is None else "watching"
        self.sentence = ""
        self.run: dict[str, Any] | None = None
        self.history: list[dict[str, Any]] = []
        self.model: bytes | None = None
        self._orders = threading.Lock()  # one order at a time; it may wait for the end of a process
        self._lock = threading.RLock()  # of all fields, which the trainer's thread changes too; held shortly
        self._recipes = [described(name) for name in recipe_names()]
        self._rate: float | None = None  # wanted while nothing was trained
        self._process: TrainerProcess | None = None
        self._job: Job | None = None
        self._folder: Path | None = None
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._watcher = None if settings.run is None else Watcher(settings.run, self._hear)

    def open(self) -> None:
        """Begin to watch, where a run is watched."""
        if self._watcher is not None:
            self._watcher.start()

    def close(self) -> None:
        """Stop the training, keeping what it has learnt, and remove a temporary folder."""
        atexit.unregister(self.close)
        if self._watcher is not None:
            self._watcher.close()
        if self._process is not None:
            self._process.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    def start(self, order: StartOrder) -> None:
        """Train a new run; 422 where the recipe is unknown or a setting does not fit it."""
        if order.recipe not in recipe_names():  # a path is never opened
            raise Refusal(422, f"a recipe is one of {', '.join(recipe_names())}: choose one of these names")
        changes = order.changes()
        load_recipe(order.recipe).override(**changes)
        with self._orders:
            with self._lock:
                self._require_idle()
                self._rate, self._folder = None, None
                self.run, self.history, self.model = None, [], None
                self.journal.clear()
            self._launch(Job(self._runs(), order.recipe, self.settings.data, tuple(changes.items()), pace=order.pace))

    def resume(self) -> None:
        """Go on with the run that was stopped."""
        with self._orders:
            with self._lock:
                self._require_idle()
                if self.state != "stopped" or self._folder is None:
                    raise Refusal(409, "no run was stopped here: start one")
                rate, self._rate = self._rate, None
                pace, folder = 0.0 if self._job is None else self._job.pace, self._folder
            self._launch(Job(self._runs(), resume=folder, rate=rate, pace=pace))

    def stop(self) -> None:
        """Undo the epoch under way, and keep the run as it was after the last one."""
        with self._orders, self._lock:
            self._require_own()
            if self.state not in ("starting", "running") or self._process is None:
                raise Refusal(409, "nothing is being trained: there is nothing to stop")
            self._enter("stopping")
            self._process.send("stop")

    def change_rate(self, order: RateOrder) -> None:
        """Have the run, also one that is stopped, go on with this learning rate from the next epoch on."""
        with self._orders, self._lock:
            self._require_own()
            if self.state == "running" and self._process is not None:
                self._process.send(order.lr)
            elif self.state == "stopped" and self._folder is not None:
                self._rate = order.lr
                self.journal.add("rate", {"epoch": len(self.history) + 1, "learning_rate": order.lr})
            else:
                raise Refusal(409, "no run is being trained or stopped: start one with the learning rate")

    def described(self) -> Training:
        data = self.settings.data
        with self._lock:
            return Training(
                state=self.state,
                sentence=self.sentence,
                may_start=self._watcher is None,
                has_model=self.model is not None,
                data=Path(data).name,  # no folder of this machine
                recipes=self._recipes,
                run=self.run,
                history=list(self.history),
            )

    def standing(self) -> dict[str, Any]:
        """The data of a `state` or `begin`; `run` is the folder of the current run, None where there is none."""
        with self._lock:
            return {
                "state": self.state,
                "sentence": self.sentence,
                "has_model": self.model is not None,
                "run": None if self.run is None else self.run["folder"],
            }

    def _require_own(self) -> None:
        if self._watcher is not None:
            raise Refusal(409, "this run is trained by another process: start, stop and steer it there")

    def _require_idle(self) -> None:
        self._require_own()
        if self.state in _BUSY:
            raise Refusal(409, "a training is running: stop it first")

    def _runs(self) -> Path:
        if self.settings.runs is not None:
            return self.settings.runs
        if self._temporary is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="inkling-runs-")
        return Path(self._temporary.name)

    def _launch(self, job: Job) -> None:
        """Start a process. The one before it has told its end, but may be alive; only orders wait for it."""
        with self._lock:
            self._job = job
            self._enter("starting")
        if self._process is not None:
            self._process.close()
        else:
            atexit.register(self.close)  # multiprocessing would wait for the end of the training
        self._process = TrainerProcess(job, self._hear)

    def _hear(self, kind: str, record: dict[str, Any]) -> None:
        """Enter an event in the state and in the journal."""
        with self._lock:
            if kind == "end":
                self._end(record)
                return
            if kind == "run":
                self._begin(record)
            elif kind == "epoch":
                self.history.append(record)
            self.journal.add(kind, record)
            if kind == "run":
                self._enter("running" if self._watcher is None else "watching")

    def _begin(self, record: dict[str, Any]) -> None:
        """A new run, or one that goes on."""
        self.run = {name: value for name, value in record.items() if name != "history"}
        self.history = list(record["history"])
        self.model = None
        if self._job is not None:
            self._folder = self._job.resume or self._job.runs / record["folder"]

    def _end(self, record: dict[str, Any]) -> None:
        self.model = record["model"]
        if record["state"] is None:
            told = self.state == "stopping"
            self._enter("failed" if self._folder is None else "stopped", "" if told else _KILLED)
        elif record["state"] == "failed" and self._folder is not None:
            self._enter("stopped", record["sentence"])  # it can be resumed, with another learning rate
        else:
            self._enter(record["state"], record["sentence"])

    def _enter(self, state: Phase, sentence: str = "") -> None:
        runs = None if self._job is None else self._job.runs
        folders = (runs, self.settings.run, Path(self.settings.data))
        self.state, self.sentence = state, without_folders(sentence, folders)
        self.journal.add("state", self.standing())
