"""Tasks for workers, which import them by name."""

import os
import signal
import time
from pathlib import Path


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
