"""The watcher: a thread that looks at the files of a run which another process trains, and tells what has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from inkling.errors import InklingError, reason
from inkling.model import FILE_NAME
from inkling.runs.checkpoint import LATEST, load_checkpoint
from inkling.runs.folder import HISTORY, RECIPE
from inkling.runs.run import Run
from inkling.runs.watching import read_history, watched
from inkling.service.live.inside import Inside
from inkling.service.live.trainer import about

LOOK_SECONDS = 0.5  # between two looks at the files


class Watcher:
    """Tells the same pairs as a trainer: "run", "epoch", "inside" for each new checkpoint, and "end" with the model."""

    def __init__(self, folder: Path, hear: Callable[[str, dict[str, Any]], None]) -> None:
        self.folder, self.hear = folder, hear
        self._run: Run | None = None
        self._inside: Inside | None = None
        self._told = 0  # epochs
        self._problem = ""
        self._seen: dict[str, Any] = {}  # the state of each file at the last look
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        while not self._ending.is_set():
            try:
                self._look()
            except InklingError as error:
                self._fail(str(error))
            except Exception as error:  # as in `trainer.py`: the thread goes on, since the files may become readable
                self._fail(f"the run cannot be read: {reason(error)}")
            self._ending.wait(LOOK_SECONDS)

    def _fail(self, sentence: str) -> None:
        """Tell it once; the files may become readable, so that the next look begins anew."""
        self._seen.clear()
        self._run = None
        if sentence != self._problem:
            self._problem = sentence
            self.hear("end", {"state": "failed", "sentence": sentence, "model": None})

    def _look(self) -> None:
        if self._changed(RECIPE) or self._run is None:  # its learning rate was changed, or another run took the folder
            self._open()
        if self._changed(HISTORY):
            self._tell_epochs()
        if self._changed(LATEST):
            self._look_inside()
        if self._changed(FILE_NAME) and (self.folder / FILE_NAME).is_file():
            content = (self.folder / FILE_NAME).read_bytes()
            self.hear("end", {"state": "done", "sentence": "", "model": content})

    def _open(self) -> None:
        self._run = watched(self.folder)
        self._run.state.history[:] = read_history(self.folder)
        self._inside = Inside(self._run.recipe.network, self._run.parts)
        self._told, self._problem = len(self._run.state.history), ""
        self._seen.pop(LATEST, None)
        self._seen.pop(FILE_NAME, None)
        self.hear("run", about(self._run))

    def _tell_epochs(self) -> None:
        assert self._run is not None
        history = read_history(self.folder)
        if len(history) < self._told:  # a run that was killed goes on from an earlier checkpoint
            self._run.state.history[:] = history
            self.hear("run", about(self._run))
        for report in history[self._told :]:
            self.hear("epoch", report)
        self._told = len(history)

    def _look_inside(self) -> None:
        assert self._run is not None
        assert self._inside is not None
        state = load_checkpoint(self.folder, self._run.recipe)
        if state.epoch:
            self.hear("inside", {"epoch": state.epoch, **self._inside(state.eval_parameters)})

    def _changed(self, name: str) -> bool:
        """Whether a file is another one, or has another length or time, than at the last look."""
        try:
            status = (self.folder / name).stat()
            now = status.st_ino, status.st_size, status.st_mtime_ns
        except FileNotFoundError:
            now = None
        before, self._seen[name] = self._seen.get(name), now
        return now is not None and now != before
