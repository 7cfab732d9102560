"""Time and memory of reading photos: in a running process, from a cold start, and with 12 megapixels.

    python -m benchmarks.reading.reading_speed [--quick] [--json benchmarks/results/reading_speed.json]

The script draws the photos: embedded digits in blue ink on noisy paper in uneven light. One digit is half as high as
its photo; a number has eight digits; the page of 12 megapixels has 30 rows with a number of eight digits each.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness.goals import goal_line, goal_row, measure_with_peers
from benchmarks.harness.results import machine, write_results
from benchmarks.harness.rounds import timed
from benchmarks.harness.script import argument_parser, report_errors, unpin_blas
from benchmarks.harness.whole_process import whole_process
from inkling.data import load
from inkling.reading import read

ROUNDS, QUICK_ROUNDS = 15, 3
PAPER, PEN = np.array([235, 228, 215], np.float32), np.array([35, 45, 110], np.float32)
NOISE_LEVELS = 4.0  # of 255, standard deviation
PYTHON = (sys.executable, "-c", "import numpy, PIL.Image")
READ = (sys.executable, "-m", "inkling", "read")
DIGITS = 8  # of a number
LINES = 30  # of a page


@report_errors
def main() -> None:
    unpin_blas()
    asked = _arguments()
    host = machine("numpy", "pillow")
    rounds = QUICK_ROUNDS if asked.quick else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        small, large, number, page = (Path(folder) / f"{name}.jpg" for name in ("small", "large", "number", "page"))
        photograph(small, 1000, 1000)
        photograph(large, 4000, 3000)
        photograph(number, 1200, 240, per_line=DIGITS)
        photograph(page, 3000, 4000, per_line=DIGITS, lines=LINES)
        rows = [
            _after_start("photo of 1000×1000, one digit", lambda: read(small, single=True), rounds, goal=60),
            _after_start(f"photo of 1200×240, {DIGITS} digits", lambda: read(number), rounds, goal=25),
            _cold(small, rounds),
            *_large("photo of 12 megapixels", [*READ, "--single", str(large)], rounds, megabytes=400),
            *_large(f"page of 12 megapixels, {LINES} lines of {DIGITS} digits", [*READ, "--lines", str(page)], rounds),
        ]
    for each in rows:
        print(goal_line(each))
    if asked.json:
        write_results(asked.json, host, rows)


def _after_start(work: str, once: Callable[[], object], rounds: int, goal: float) -> dict[str, Any]:
    seconds = timed(once)
    found = measure_with_peers(lambda: 1000 * seconds(), {}, rounds)
    return goal_row(f"read(), {work}, after start", "ms", goal, found)


def _cold(photo: Path, rounds: int) -> dict[str, Any]:
    peers = {"import numpy, PIL": lambda: whole_process(*PYTHON).seconds}
    found = measure_with_peers(lambda: whole_process(*READ, "--single", str(photo)).seconds, peers, rounds)
    return goal_row("inkling read, photo of 1000×1000, whole process", "s", 0.5, found)


def _large(work: str, command: Sequence[str], rounds: int, megabytes: int | None = None) -> list[dict[str, Any]]:
    costs = [whole_process(*command) for _ in range(rounds + 1)][1:]  # the first one fills the file cache
    rows = [goal_row(f"inkling read, {work}, whole process", "s", 1.5, {"inkling": [cost.seconds for cost in costs]})]
    if megabytes:
        memory = {"inkling": [cost.megabytes for cost in costs]}
        rows.append(goal_row(f"inkling read, {work}, peak memory", "MB", megabytes, memory))
    return rows


def photograph(target: Path, width: int, height: int, per_line: int = 1, lines: int = 1) -> None:
    """Write a JPEG of lines of digits on paper."""
    from PIL import Image

    side = min(width // per_line, height // lines) // 2
    digits = iter(load("digits").labelled_test.images)
    cover = Image.new("L", (width, height))
    for line, column in product(range(lines), range(per_line)):
        large = Image.fromarray(next(digits)).resize((side, side), Image.Resampling.BICUBIC)
        left, middle = (width - side * per_line) // 2 + side * column, (2 * line + 1) * height // (2 * lines)
        cover.paste(large, (left, middle - side // 2))
    ink = np.asarray(cover, np.float32)[..., None] / 255
    light = np.linspace(1, 0.6, width)[:, None] * np.linspace(1, 0.85, height)[:, None, None]
    levels = (PAPER * (1 - ink) + PEN * ink) * light.astype(np.float32)
    levels += np.random.default_rng(0).normal(0, NOISE_LEVELS, levels.shape).astype(np.float32)
    Image.fromarray(levels.clip(0, 255).astype(np.uint8)).save(target, quality=88)


def _arguments() -> argparse.Namespace:
    parser = argument_parser(__doc__, f"{QUICK_ROUNDS} rounds instead of {ROUNDS}")
    return parser.parse_args()


if __name__ == "__main__":
    main()
