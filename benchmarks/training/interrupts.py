"""Interrupt and kill trainings at random moments: resumed to the end, each must write the bytes of one left in peace.

    python -m benchmarks.training.interrupts [--runs 40] [--json benchmarks/results/interrupts.json]

Each run of `inkling train` is ended once in each of five ways, in random order, and resumed each time. Two processes
share its updates of θ. Checkpoints are written after each epoch, or only where the run is told to stop.
Exit code 1 where a model file differs, a worker lives on, or a run did not end as it should.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import json
import multiprocessing
import os
import platform
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.process import BaseProcess
from pathlib import Path

import inkling.cli.__main__ as cli
import inkling.cli.train  # noqa: F401 - which the command line would load again in each process
import inkling.runs.run as runs
from inkling.data import load
from inkling.nn import Dropout, Flatten, Linear, Network, ReLU
from inkling.optim import Adam, CosineAnnealingLR
from inkling.recipes import Recipe
from inkling.training import ForkedWorkers, worker

# More than 100,000 parameters, from which several workers share an update.
RECIPE = Recipe(
    Network(Flatten(), Linear(192), ReLU(), Dropout(0.1), Linear(10)),
    Adam(),
    CosineAnnealingLR(0.003),
    batch_size=30,
    epochs=40,
    ema=0.95,
    shards=2,
    name="interrupted",
)
IMAGES = 300
WAYS = {  # the exit codes that may follow; 0 where training had ended before
    "SIGINT": (130,),
    "SIGINT twice": (130, 1),  # 1 where the second arrives while Python exits
    "SIGTERM": (-signal.SIGTERM, 130, 143),
    "SIGKILL": (-signal.SIGKILL,),
    "SIGKILL of a worker": (1,),
}
SECONDS_TO_END = 120.0  # within which any command has to end


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=40, help="runs, each ended five times (default 40)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results")
    arguments = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_inputs(folder)
        expected, seconds = uninterrupted(folder)
        counts: Counter[str] = Counter()
        for seed in range(arguments.runs):
            interrupted(folder, seed, expected, seconds, counts)
            print(f"{seed + 1}/{arguments.runs}  {dict(counts)}", flush=True)
    failures = [name for name in counts if name.startswith("failed: ")]
    result = {
        "machine": {"cores": os.cpu_count(), "system": platform.system(), "python": platform.python_version()},
        "runs": arguments.runs,
        "same_bytes": counts["same bytes"],
        "ended_early": {way: counts[way] for way in WAYS},
        "ended_before_the_signal": counts["ended before the signal"],
        "failures": {name.removeprefix("failed: "): counts[name] for name in failures},
        "seconds": round(time.monotonic() - started),
    }
    print(json.dumps(result, indent=2))
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 1 if failures else 0


def write_inputs(folder: Path) -> None:
    """The recipe, and a small table of images that is read quickly."""
    (folder / "recipe.toml").write_text(RECIPE.to_toml())
    digits = load("digits").train[:IMAGES]
    lines = ["label," + ",".join(f"pixel{i}" for i in range(784))]
    lines += [
        f"{label}," + ",".join(map(str, image.ravel()))
        for image, label in zip(digits.images, digits.labels, strict=True)
    ]
    (folder / "train.csv").write_text("\n".join(lines) + "\n")


def start(folder: Path, run: str, checkpoint_seconds: float) -> BaseProcess:
    """Train in the folder `run`, which is resumed where it is there already, in a process of its own."""
    new = ["--recipe", "recipe.toml", "--data", "train.csv", "-o", run]
    order = ["--resume", run] if (folder / run / "run.json").exists() else new
    arguments = ["inkling", "train", *order]
    process = multiprocessing.get_context("fork").Process(
        target=command, args=(folder, run, checkpoint_seconds, arguments)
    )
    process.start()
    return process


def command(folder: Path, run: str, checkpoint_seconds: float, arguments: list[str]) -> None:
    """The command line, with two workers however many cores there are, and no plots, which are not in question."""
    os.setsid()
    os.chdir(folder)
    with Path(f"{run}.log").open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.modules["matplotlib"] = None  # type: ignore[assignment]
    runs.CHECKPOINT_SECONDS, worker.CHECK_SECONDS = checkpoint_seconds, 0.1
    runs.train = functools.partial(  # type: ignore[attr-defined]
        lambda train, *positional, **named: train(*positional, **{**named, "workers": ForkedWorkers(2)}), runs.train
    )
    sys.argv = arguments
    try:
        cli.main()
    except KeyboardInterrupt:  # the second of two, on the way out
        sys.exit(130)


def uninterrupted(folder: Path) -> tuple[bytes, float]:
    """The model file of a run that is left in peace, and the seconds that its training takes."""
    process = start(folder, "whole", 1e9)
    workers = wait_for_workers(process)
    began = time.monotonic()
    assert exit_code(process) == 0, (folder / "whole.log").read_text()
    assert workers
    return (folder / "whole" / "model.safetensors").read_bytes(), time.monotonic() - began


def interrupted(folder: Path, seed: int, expected: bytes, seconds: float, counts: Counter[str]) -> None:
    """One run, ended in each way; `counts` is told what came of it."""
    moments, run = random.Random(seed), f"run-{seed}"
    for way in moments.sample(list(WAYS), len(WAYS)):
        process = start(folder, run, moments.choice([0.0, 1e9]))
        workers = wait_for_workers(process)
        time.sleep(moments.uniform(0.0, seconds / 4))
        if process.is_alive():
            end(process, workers, way, moments)
        code = exit_code(process)
        if code == 0:
            counts["ended before the signal"] += 1
        else:
            counts[way if code in WAYS[way] else f"failed: {way} ended with exit code {code}"] += 1
        if not all(map(gone, workers)):
            counts[f"failed: a worker lived on after {way}"] += 1
    code = exit_code(start(folder, run, 1e9))
    same = code == 0 and (folder / run / "model.safetensors").read_bytes() == expected
    counts["same bytes" if same else "failed: other bytes, or none"] += 1


def exit_code(process: BaseProcess) -> int | None:
    """The exit code, or the negative number of the signal that killed it; None where it does not end in time."""
    process.join(SECONDS_TO_END)
    return process.exitcode


def wait_for_workers(process: BaseProcess) -> list[int]:
    """The ids of the worker processes, once training has begun; none where it ended."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while process.is_alive():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if pids := children.read_text().split():
                return [int(pid) for pid in pids]
        time.sleep(0.002)
    return []


def end(process: BaseProcess, workers: list[int], way: str, moments: random.Random) -> None:
    if way == "SIGKILL of a worker":
        for pid in workers:
            signal_to(pid, signal.SIGKILL)
        return
    number = signal.Signals[way.removesuffix(" twice")]
    if number != signal.SIGINT:
        signal_to(process.pid, number)
        return
    for _ in range(2 if way.endswith("twice") else 1):
        try:
            os.killpg(process.pid, number)  # as a terminal does
        except ProcessLookupError:
            return
        time.sleep(moments.choice([0.0, 1e-4, 1e-3, 1e-2]))


def signal_to(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def gone(pid: int) -> bool:
    """Whether a process ends within ten seconds; one that is dead and not reaped has ended."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


if __name__ == "__main__":
    sys.exit(main())
