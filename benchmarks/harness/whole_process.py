"""The cost of a command from its start to its end: wall time and peak memory of the command and its children.

Peak memory is the larger of two figures. The kernel's figure for the largest single process is exact, but counts one
process only. Samples of all processes together count a shared page once, and exist on Linux only.

The command is started by a small process, which is this file run as a script: on Linux the peak memory of a child
starts at that of its parent, so a benchmark that holds data would report its own memory.
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
    """Run a command to its end; SystemExit with the last line of its stderr if it fails."""
    watcher = subprocess.run([sys.executable, __file__, *command], stdout=subprocess.PIPE, text=True, check=False)
    if watcher.returncode:
        raise SystemExit(watcher.returncode)
    return Cost(*json.loads(watcher.stdout))


def _watch(command: list[str]) -> None:
    with tempfile.TemporaryFile("w+") as stderr:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr)
        samples, ended = [0], threading.Event()
        sampler = threading.Thread(target=_sample, args=(process.pid, samples, ended))
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)  # unlike wait(), it returns the memory too
        seconds = time.perf_counter() - started
        ended.set()
        sampler.join()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            stderr.seek(0)
            last = stderr.read().strip().splitlines()[-1:]
            raise SystemExit(f"{' '.join(command)} failed with exit code {process.returncode}: {''.join(last)}")
    print(json.dumps([seconds, max(usage.ru_maxrss * MAXRSS_UNIT, *samples) / 1e6]))


def _sample(pid: int, samples: list[int], ended: threading.Event) -> None:
    while not ended.wait(SAMPLE_SECONDS):
        samples.append(proportional_bytes(pid))


def proportional_bytes(pid: int) -> int:
    """Bytes of a process and its descendants; a page that n processes share counts 1/n in each. 0 if it has ended."""
    process = Path(f"/proc/{pid}")
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
        children = (process / "task" / str(pid) / "children").read_text().split()
    except OSError:
        return 0
    own = sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return own + sum(proportional_bytes(int(child)) for child in children)


if __name__ == "__main__":
    _watch(sys.argv[1:])
