"""Tasks for workers, which import them by name."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from inkling.nn import Flatten, register


def square(number):
    if number == 5:
        raise ValueError("five")
    return number * number


def die_once(path):
    """Kill the process where it is the first one to be here."""
    if not Path(path).exists():
        Path(path).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def sleep(path):
    """Tell by a file that this task has begun, and do not end."""
    Path(path).touch()
    time.sleep(600)


@register
@dataclass(frozen=True, repr=False)
class DeadlyFlatten(Flatten):
    """Kills the process in the middle of a shard where it is the first one to get so far."""

    path: str = ""
    batches: int = 0

    def forward(self, p, x, cache, *, training, rng):
        done = Path(self.path) / f"batches-{os.getpid()}"
        count = int(done.read_text()) if done.exists() else 0
        done.write_text(str(count + 1))
        if count == self.batches:
            die_once(Path(self.path) / "died")
        return super().forward(p, x, cache, training=training, rng=rng)
