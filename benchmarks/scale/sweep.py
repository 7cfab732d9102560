"""Sweeps: the table of a sweep whose workers are killed, and trials per hour of two workers beside one process.

    python -m benchmarks.scale.sweep [--quick] [--json benchmarks/results/sweep.json]

30 trials of a small convolutional network on the embedded digits, by one process and by two workers, in pairs; then by
a Dask cluster, of whose workers two are killed (SIGKILL) at random moments. Exit code 1 where the tables of trials are
not all the same bytes.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.harness.results import machine, spread, write_results
from benchmarks.harness.script import argument_parser, report_errors, unpin_blas
from benchmarks.scale.killing import kill_one, running_cluster

TRIALS, QUICK_TRIALS = 30, 12
EPOCHS, QUICK_EPOCHS = "60:120", "2:4"
PAIRS, QUICK_PAIRS = 3, 1
KILLS = 2
LEAST_RATIO = 1.8  # Trials per hour of two workers, over those of one process, on two cores.
_SEED = 18
_PATIENCE_SECONDS = 3600
_RECIPE = """
network = ["Conv2d(8, 5)", "ReLU()", "MaxPool2d(2)", "Conv2d(16, 5)", "ReLU()", "Flatten()", "Linear(10)"]
optimizer = "Adam()"
schedule = "CosineAnnealingLR(0.01)"
split = "Split(validation=0.2)"
"""


@report_errors
def main() -> None:
    unpin_blas()
    asked = argument_parser(__doc__, quick=f"{QUICK_TRIALS} short trials, {QUICK_PAIRS} pair").parse_args()
    host = machine("numpy", "optuna", "distributed")
    trials, epochs = (QUICK_TRIALS, QUICK_EPOCHS) if asked.quick else (TRIALS, EPOCHS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "small.toml").write_text(_RECIPE, encoding="utf-8")
        sweeps = _Sweeps(folder, trials, epochs)
        seconds: dict[int, list[float]] = {workers: [] for workers in (1, 2)}
        for _ in range(QUICK_PAIRS if asked.quick else PAIRS):
            for workers, found in seconds.items():
                found.append(sweeps.timed(["--workers", str(workers)]))
                print(f"{workers} workers: {found[-1]:.1f} s", flush=True)
        killed = sweeps.disturbed(min(seconds[2]))
    ratio = spread([one / two for one, two in zip(*seconds.values(), strict=True)])
    per_hour = {f"workers_{count}": spread([3600 * trials / s for s in found]) for count, found in seconds.items()}
    goal = {"ratio": ratio, "goal": LEAST_RATIO, "goal_met": ratio["median"] >= LEAST_RATIO}
    rows = [
        {"work": "killed", "workers_killed": killed, "same_table": sweeps.tables_are_equal},
        {"work": "trials per hour", **per_hour, **goal},
    ]
    for row in rows:
        print(row)
    if asked.json:
        write_results(asked.json, host, rows, trials=trials, epochs=epochs)
    if not sweeps.tables_are_equal:
        raise SystemExit(1)


class _Sweeps:
    """The same sweep again and again, each time in a new folder."""

    def __init__(self, folder: Path, trials: int, epochs: str) -> None:
        self._folder, self._trials, self._epochs = folder, trials, epochs
        self._tables: list[bytes] = []

    @property
    def tables_are_equal(self) -> bool:
        return len(set(self._tables)) == 1

    def timed(self, how: list[str]) -> float:
        """Seconds of the whole command."""
        started = time.perf_counter()
        self._end(self._begin(how))
        return time.perf_counter() - started

    def disturbed(self, seconds: float) -> int:
        """Sweep while workers are killed, within the time that an undisturbed sweep takes; how many were."""
        rng, killed = random.Random(_SEED), 0
        with running_cluster() as (address, _, nanny):
            process = self._begin(["--cluster", address])
            while process.poll() is None and killed < KILLS:
                time.sleep(rng.uniform(0.2, 0.8) * seconds / KILLS)
                if self._has_begun():
                    killed += kill_one(nanny, rng)
            self._end(process)
        if killed < KILLS:
            raise SystemExit(f"the sweep ended before {KILLS} workers were killed")
        return killed

    @property
    def _output(self) -> Path:
        return self._folder / f"sweep-{len(self._tables)}"

    def _has_begun(self) -> bool:
        return any(self._output.glob("trials/*/run.json"))

    def _begin(self, how: list[str]) -> subprocess.Popen[bytes]:
        settings = ["lr=0.001:0.1:log", "network.0.out_channels=4,8", f"epochs={self._epochs}"]
        command = [sys.executable, "-m", "inkling", "sweep", "small.toml", "--data", "digits", "-q", *how]
        command += [word for setting in settings for word in ("--set", setting)]
        command += ["--trials", str(self._trials), "-o", self._output.name]
        return subprocess.Popen(command, cwd=self._folder, stdout=subprocess.DEVNULL)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        if code := process.wait(_PATIENCE_SECONDS):
            raise SystemExit(f"inkling sweep ended with exit code {code}")
        self._tables.append((self._output / "trials.csv").read_bytes())


if __name__ == "__main__":
    main()
