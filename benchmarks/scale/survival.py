"""Kill workers at ten random moments of a scoring, and the scheduler once: the merged result must be the same bytes.

    python -m benchmarks.scale.survival [--quick] [--json benchmarks/results/survival.json]

The archive is scored undisturbed by processes, then by a Dask cluster whose workers and scheduler are killed (SIGKILL).
Where the command ends because the scheduler is gone, the cluster is started anew and the same command given again.
Exit code 1 where bytes differ, or images are missing or answered twice.
"""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.harness.results import machine, rounded, write_results
from benchmarks.harness.script import argument_parser, report_errors, unpin_blas
from benchmarks.scale.archive import write_archive
from benchmarks.scale.killing import kill_one, running_cluster
from inkling.processor import cores

IMAGES, QUICK_IMAGES = 400_000, 20_000
ROWS_PER_PART, QUICK_ROWS_PER_PART = 4_000, 1_000
KILLS, QUICK_KILLS = 10, 2
_SEED = 18
_PATIENCE_SECONDS = 600
_SECONDS_TO_BEGIN = 8.0  # after which the first worker is killed


@report_errors
def main() -> None:
    unpin_blas()
    asked = argument_parser(__doc__, quick="20,000 images, two kills of workers").parse_args()
    images, rows, kills = (
        (QUICK_IMAGES, QUICK_ROWS_PER_PART, QUICK_KILLS) if asked.quick else (IMAGES, ROWS_PER_PART, KILLS)
    )
    host = machine("numpy", "pyarrow", "distributed")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_archive(folder / "images.npy", images)
        started = time.perf_counter()
        _end(_score(folder, "undisturbed", rows, ["--workers", str(cores())]))
        seconds = time.perf_counter() - started
        calls, killed = _disturbed(folder, rows, kills, seconds)
        same = _digest(folder / "undisturbed.parquet") == _digest(folder / "disturbed.parquet")
        complete = _answered(folder / "disturbed.parquet") == list(range(images))
    row = {
        "work": "killed",
        "workers_killed": killed,
        "schedulers_killed": 1,
        "calls": calls,
        "seconds_undisturbed": rounded(seconds),
        "same_bytes": same,
        "every_image_once": complete,
    }
    print(row)
    if asked.json:
        write_results(asked.json, host, [row], images=images, rows_per_part=rows)
    if not (same and complete):
        raise SystemExit(1)


def _disturbed(folder: Path, rows: int, kills: int, seconds: float) -> tuple[int, int]:
    """Score while workers are killed, and the scheduler after half of them; the calls it took, and workers killed."""
    rng, killed, calls, scheduler_lives = random.Random(_SEED), 0, 0, True
    while True:
        calls += 1
        with running_cluster() as (address, scheduler, workers):
            process = _score(folder, "disturbed", rows, ["--cluster", address])
            time.sleep(_SECONDS_TO_BEGIN)
            while process.poll() is None and killed < kills:
                time.sleep(rng.uniform(0, 1.2 * seconds / kills))
                if scheduler_lives and killed >= kills // 2:
                    scheduler.kill()
                    scheduler_lives = False
                    break
                killed += kill_one(workers, rng)
            code = process.wait(_PATIENCE_SECONDS)
        if code == 0:
            return calls, killed
        if code != 1 or calls > 2:
            raise SystemExit(f"inkling score ended with exit code {code}")


def _score(folder: Path, name: str, rows: int, how: list[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "inkling", "score", "images.npy", "-o", name, "--shard-rows", str(rows), "-q"]
    merged = ["--merge", f"{name}.parquet"]
    return subprocess.Popen([*command, *merged, *how], cwd=folder, stdout=subprocess.DEVNULL)


def _end(process: subprocess.Popen[bytes]) -> None:
    if code := process.wait(_PATIENCE_SECONDS):
        raise SystemExit(f"inkling score ended with exit code {code}")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _answered(path: Path) -> list[int]:
    """The images of a merged result that have an answer, in its order."""
    from pyarrow.parquet import read_table

    table = read_table(path, columns=["row", "label"])
    return [row for row, label in zip(*(table[name].to_pylist() for name in table.column_names), strict=True) if label]


if __name__ == "__main__":
    main()
