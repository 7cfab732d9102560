"""Scoring of an archive: images per second beside processes without an engine, memory, and what 10⁸ images would take.

    python -m benchmarks.scale.scoring [--quick] [--json benchmarks/results/scoring.json]

One million images are scored with the bundled reader by processes, by a local Dask cluster, each with one worker per
core, and by the peer: as many processes that share the images out beforehand and only answer them.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.harness.results import machine, rounded, spread, write_results
from benchmarks.harness.script import argument_parser, report_errors, unpin_blas
from benchmarks.scale.archive import write_archive
from benchmarks.scale.plain import score_plainly
from inkling.processor import cores

IMAGES, QUICK_IMAGES = 1_000_000, 20_000
ROUNDS, QUICK_ROUNDS = 2, 1
ROWS_PER_PART, QUICK_ROWS_PER_PART = 50_000, 2_000
LEAST_RATIO = 0.95  # Images per second of a cluster, over those of the peer.
MOST_GROWTH = 0.1  # The share by which a worker's memory may grow from the first third of a scoring to the last.
_ARCHIVE = 10**8  # images of the archive that is extrapolated to
_SECONDS_BETWEEN_LOOKS = 0.5


@report_errors
def main() -> None:
    unpin_blas()
    asked = argument_parser(__doc__, quick="20,000 images, one round").parse_args()
    host = machine("numpy", "pyarrow", "distributed")
    images, rows = (QUICK_IMAGES, QUICK_ROWS_PER_PART) if asked.quick else (IMAGES, ROWS_PER_PART)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_archive(folder / "images.npy", images)
        memory: list[list[int]] = []
        ways = {
            "cluster": _scored(folder, rows, ["--cluster", f"local:{cores()}"], memory),
            "processes": _scored(folder, rows, ["--workers", str(cores())], None),
            "peer": _plain(folder, rows),
        }
        found: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(QUICK_ROUNDS if asked.quick else ROUNDS):
            for way, measure in ways.items():
                found[way].append(measure())
                print(f"{way}: {found[way][-1]:.1f} s", flush=True)
    results = [_row(way, images, found) for way in ("cluster", "processes")]
    growth = _growth(memory)
    results.append(
        {"work": "memory of a worker", "goal": MOST_GROWTH, "growth": growth, "most_megabytes": _most_megabytes(memory)}
    )
    slope = results[0]["core_microseconds_per_image"]
    results.append({"work": "extrapolated", "images": _ARCHIVE, "core_hours": rounded(slope * 1e-6 * _ARCHIVE / 3600)})
    for each in results:
        print(each)
    if asked.json:
        write_results(asked.json, host, results, images=images, rows_per_part=rows)


def _scored(folder: Path, rows: int, how: list[str], memory: list[list[int]] | None) -> Callable[[], float]:
    """A measure: seconds of `inkling score`, from its start to its end. Workers' memory is watched where asked for."""

    def measure() -> float:
        with tempfile.TemporaryDirectory(dir=folder) as output:
            command = [sys.executable, "-m", "inkling", "score", str(folder / "images.npy"), "-o", f"{output}/out"]
            started = time.perf_counter()
            with subprocess.Popen(
                [*command, "--shard-rows", str(rows), "-q", *how], stdout=subprocess.DEVNULL
            ) as process:
                if memory is not None:
                    memory.append([])
                    threading.Thread(target=_watch, args=(process, memory[-1]), daemon=True).start()
                if process.wait():
                    raise SystemExit(f"inkling score ended with exit code {process.returncode}")
            return time.perf_counter() - started

    return measure


def _plain(folder: Path, rows: int) -> Callable[[], float]:
    def measure() -> float:
        with tempfile.TemporaryDirectory(dir=folder) as output:
            started = time.perf_counter()
            score_plainly(folder / "images.npy", Path(output), rows, cores())
            return time.perf_counter() - started

    return measure


def _watch(process: subprocess.Popen[bytes], largest: list[int]) -> None:
    """Note the memory of the largest worker until the process ends."""
    import psutil

    while process.poll() is None:
        with contextlib.suppress(psutil.NoSuchProcess):
            workers = psutil.Process(process.pid).children(recursive=True)
            largest.append(max((worker.memory_info().rss for worker in workers), default=0))
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def _row(way: str, images: int, found: dict[str, list[float]]) -> dict[str, Any]:
    ratio = spread([theirs / ours for ours, theirs in zip(found[way], found["peer"], strict=True)])
    seconds = spread(found[way])
    return {
        "work": way,
        "seconds": seconds,
        "images_per_second": rounded(images / seconds["median"]),
        "core_microseconds_per_image": rounded(1e6 * seconds["median"] * cores() / images),
        "ratio_to_peer": ratio,
        "goal": LEAST_RATIO,
        "goal_met": ratio["median"] >= LEAST_RATIO,
    }


def _growth(memory: list[list[int]]) -> float:
    """The greatest growth of the largest worker from the second third of a scoring to the last one, as a share."""
    growths = [0.0]
    for looks in memory:
        third = len(looks) // 3
        if third:
            growths.append(max(looks[2 * third :]) / max(max(looks[third : 2 * third]), 1) - 1)
    return rounded(max(growths))


def _most_megabytes(memory: list[list[int]]) -> float:
    return rounded(max((max(looks, default=0) for looks in memory), default=0) / 1e6)


if __name__ == "__main__":
    main()
