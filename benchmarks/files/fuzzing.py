"""Mutated files of every kind are loaded, trained with, predicted from and read: nothing but a sentence may come of it.

    python -m benchmarks.files.fuzzing [KIND...] [--quick] [--json benchmarks/results/fuzzing.json]

Each file is made by mutating a sound one with random numbers of its own, so that a number and a kind name a file.
Worker processes use the files as a user would; Inkling's own errors and warnings are what may happen.
Exit code 1 where another exception, a hang, a crash or too much memory was found.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import re
import resource
import shutil
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from benchmarks.files.exercises import exercise
from benchmarks.files.mutations import mutated
from benchmarks.files.sound_files import KINDS, Files, examples
from benchmarks.harness.results import machine, write_results
from benchmarks.harness.script import parse_arguments, report_errors
from benchmarks.harness.whole_process import MAXRSS_UNIT
from inkling.errors import InklingError, InklingWarning

FILES = 2000  # mutated files of each kind
QUICK_FILES = 40
SECONDS = 10.0  # the longest that a file may take
MEGABYTES = 1000  # the most that a process may take
# Address space that a worker may have: memory that is reserved and never used counts in it, so that it is more.
ADDRESS_MEGABYTES = 3000
PYTHONS_WORDS = re.compile(
    "__[a-z]+__|NoneType|has no attribute|object is not|not subscriptable|required positional|codec can't"
)


class Outcome(NamedTuple):
    """What came of a file: "nothing" where it works, the class of an error of Inkling's, or "FAILED: …"."""

    number: int
    mutation: str
    result: str
    detail: str
    seconds: float
    megabytes: float


def fuzz(kind: str, files: int, seed: int = 0) -> list[Outcome]:
    """Use so many mutated files of a kind, in a worker process that is replaced where it hangs or dies."""
    sound = examples(kind)
    outcomes: list[Outcome] = []
    context = multiprocessing.get_context("spawn")  # A forked worker would begin with the memory of this process.
    while len(outcomes) < files:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(kind, sound, range(len(outcomes), files), seed, theirs))
        process.start()
        theirs.close()
        while len(outcomes) < files:
            start = time.monotonic()
            outcome = _next(ours)
            if outcome is None:
                result = "FAILED: hang" if time.monotonic() - start >= SECONDS else "FAILED: crash"
                outcomes.append(Outcome(len(outcomes), "?", result, "", time.monotonic() - start, 0.0))
                break
            outcomes.append(outcome)
        process.kill()
        process.join()
    return outcomes


def _next(connection: Connection) -> Outcome | None:
    """The next outcome, or None where none comes in time."""
    try:
        if connection.poll(SECONDS):
            outcome: Outcome = connection.recv()
            return outcome
    except EOFError:
        pass
    return None


def _work(kind: str, sound: list[Files], numbers: range, seed: int, results: Connection) -> None:
    """In the worker: use file after file, and send what came of each."""
    used = ADDRESS_MEGABYTES * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (used, used))
    warnings.simplefilter("error")
    warnings.simplefilter("ignore", InklingWarning)
    for number in numbers:
        mutation, files = mutated(kind, sound, Random(f"{seed} {kind} {number}"))
        start = time.monotonic()
        result, detail = _use(kind, files)
        results.send(Outcome(number, mutation, result, detail, time.monotonic() - start, _peak_megabytes()))


def _peak_megabytes() -> float:
    """The peak memory of this process since its program started.

    getrusage() does not tell it on Linux: its figure for a new program starts at the peak of the process that started
    it.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_UNIT / 1e6


def _use(kind: str, files: Files) -> tuple[str, str]:
    """What came of the files, and the message."""
    folder = Path(tempfile.mkdtemp())
    try:
        for name, content in files.items():
            (folder / name).write_bytes(content)
        exercise(kind, folder, files)
    except InklingError as error:
        sentence = str(error).replace(str(folder), "FOLDER")
        if not sentence.isprintable() or len(sentence) > 1500:
            return "FAILED: no sentence", repr(sentence)[:300]
        if PYTHONS_WORDS.search(sentence):
            return "FAILED: Python's words", sentence[:300]
        return type(error).__name__, sentence
    except BaseException as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"FAILED: {type(error).__name__}", f"{error!r:.200} in {place.filename}:{place.lineno}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return "nothing", ""


def row(kind: str, outcomes: list[Outcome]) -> dict[str, Any]:
    """The line of a kind in the results."""
    counts = Counter(outcome.result for outcome in outcomes)
    return {
        "kind": kind,
        "files": len(outcomes),
        "works": counts.pop("nothing", 0),
        "refused": {name: count for name, count in sorted(counts.items()) if not name.startswith("FAILED")},
        "failures": {name: count for name, count in sorted(counts.items()) if name.startswith("FAILED")},
        "slowest_seconds": round(max(outcome.seconds for outcome in outcomes), 2),
        "peak_megabytes": round(max(outcome.megabytes for outcome in outcomes)),
    }


@report_errors
def main() -> None:
    asked = parse_arguments(__doc__ or "", KINDS, f"{QUICK_FILES} files of each kind")
    files = QUICK_FILES if asked.quick else FILES
    rows = []
    for kind in asked.names or KINDS:
        outcomes = fuzz(kind, files)
        rows.append(row(kind, outcomes))
        print(json.dumps(rows[-1]), flush=True)
        for outcome in outcomes:
            if outcome.result.startswith("FAILED"):
                print(f"  {kind} {outcome.number} {outcome.mutation}: {outcome.result} {outcome.detail}", flush=True)
    if asked.json:
        write_results(asked.json, machine(), rows)
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
    if any(each["failures"] or each["peak_megabytes"] > MEGABYTES for each in rows):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
