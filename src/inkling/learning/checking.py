"""Checking a file: its code runs in a process of its own, which may hang, crash or print without harm."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inkling.learning.exercises import find_exercise

TIME_LIMIT_SECONDS = 20.0  # from when the file begins to run
START_LIMIT_SECONDS = 120.0  # Python and NumPy start within a second, unless the machine is busy
POLL_SECONDS = 0.02
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Result:
    """How an answer was graded.

    Attributes
    ----------
    passed : the names of the tests that it passed.
    failed : the name of the first test that it did not pass; "" where its file could not be run, None where it passed.
    sentence, details, hint : why it failed: what came and what was expected, with numbers, and what may be wrong.
    not_run : the names of the tests behind that.
    printed : what its code printed, at most `running.MOST_PRINTED` characters.
    """

    passed: Sequence[str]
    failed: str | None = None
    sentence: str = ""
    details: Sequence[str] = ()
    hint: str = ""
    not_run: Sequence[str] = ()
    printed: str = ""


def check(number: int, file: Path, time_limit: float = TIME_LIMIT_SECONDS) -> Result:
    """Run a learner's file in a process of its own and grade what it defines.

    Parameters
    ----------
    number : of the exercise.
    time_limit : seconds after which the file is ended.
    """
    names = [test.name for test in find_exercise(number).tests]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report")
        report.touch()
        code = _run(number, file, report, time_limit)
        lines = report.read_text(encoding="utf-8").splitlines()
    records: list[dict[str, Any]] = [
        json.loads(line) for line in lines if line.endswith("}")
    ]  # the last may be cut off
    printed = "".join(record["printed"] for record in records if "printed" in record)
    began = any("began" in record for record in records)
    done = [record["failure"] for record in records if "failure" in record]
    passed = names[: sum(failure is None for failure in done)]
    if len(passed) == len(names):
        return Result(passed, printed=printed)
    failure = done[-1] if done and done[-1] else {"sentence": _interrupted(code, time_limit, began)}
    failed = names[len(passed)] if began else ""
    return Result(passed, failed, **failure, not_run=names[len(passed) + 1 :], printed=printed)


def _run(number: int, file: Path, report: Path, time_limit: float) -> int | None:
    """The exit code of the process; None where it was ended for its time."""
    program = [sys.executable, "-P", "-m", "inkling.learning.running", str(number), str(file.resolve()), str(report)]
    process = subprocess.Popen(
        program,
        cwd=file.resolve().parent,
        env=os.environ | ONE_THREAD,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        end = time.monotonic() + START_LIMIT_SECONDS
        started = False
        while process.poll() is None and time.monotonic() < end:
            if not started and report.stat().st_size:
                started, end = True, time.monotonic() + time_limit
            time.sleep(POLL_SECONDS)
        return process.poll()
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and those that it has started, where the system can."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _interrupted(code: int | None, time_limit: float, began: bool) -> str:
    """Why there is no result: the code took too long, or its process ended."""
    if code is None:
        what = "this test" if began else "running the file"
        return f"{what} did not end within {time_limit:g} seconds: is there a loop that never ends, or a slow one?"
    how = f"by signal {-code}" if code < 0 else f"with the exit code {code}"
    return f"the process that ran the file ended {how} before the test did"
