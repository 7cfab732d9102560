"""What a command costs from its start to its end: wall time, and the most memory that it and its children held.

Memory is the greater of two: the kernel's account of the largest single process, exact but blind to what processes
hold together; and samples of the whole family, in which shared pages count once (Linux alone tells).

Between the benchmark and the command stands a small process, this file run as a script: on Linux the peak memory of a
child begins with that of the parent it was split from, so a benchmark that holds data would report its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

SAMPLE_SECONDS = 0.05
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
        samples, ended = [0], threading.Event()
        sampler = threading.Thread(target=_sample, args=(process.pid, samples, ended))
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)  # unlike wait(), it tells the memory too
        seconds = time.perf_counter() - started
        ended.set()
        sampler.join()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            complaints.seek(0)
            last = complaints.read().strip().splitlines()[-1:]
            raise SystemExit(f"{' '.join(command)} failed with exit code {process.returncode}: {''.join(last)}")
    print(json.dumps([seconds, max(usage.ru_maxrss * MAXRSS_UNIT, *samples) / 1e6]))


def _sample(pid: int, samples: list[int], ended: threading.Event) -> None:
    while not ended.wait(SAMPLE_SECONDS):
        samples.append(_held(pid))


def _held(pid: int) -> int:
    """Bytes of a process and its descendants, a page that n of them share counted as 1/n in each; 0 if it is gone."""
    process = Path(f"/proc/{pid}")
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
        children = (process / "task" / str(pid) / "children").read_text().split()
    except OSError:
        return 0
    own = sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return own + sum(_held(int(child)) for child in children)


if __name__ == "__main__":
    _watch(sys.argv[1:])
