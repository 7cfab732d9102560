"""What a command costs from its start to its end: wall time, and the most memory that it held.

Between the benchmark and the command stands a small process, this file run as a script: on Linux the peak memory of a
child begins with that of the parent it was split from, so a benchmark that holds data would report its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes


class Cost(NamedTuple):
    seconds: float
    megabytes: float


def whole_process(*command: str) -> Cost:
    """Run a command to its end; SystemExit, with the last line of its complaint, where it fails."""
    watcher = subprocess.run([sys.executable, __file__, *command], stdout=subprocess.PIPE, text=True, check=False)
    if watcher.returncode:
        raise SystemExit(watcher.returncode)
    return Cost(*json.loads(watcher.stdout))


def _watch(command: list[str]) -> None:
    with tempfile.TemporaryFile("w+") as complaints:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=complaints)
        _, status, usage = os.wait4(process.pid, 0)  # unlike wait(), it tells the memory of this child alone
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            complaints.seek(0)
            last = complaints.read().strip().splitlines()[-1:]
            raise SystemExit(f"{' '.join(command)} failed with exit code {process.returncode}: {''.join(last)}")
    print(json.dumps([seconds, usage.ru_maxrss * MAXRSS_UNIT / 1e6]))


if __name__ == "__main__":
    _watch(sys.argv[1:])
