"""Time and memory of reading photos: in a running process, from a cold start, and with 12 megapixels.

    python -m benchmarks.reading.reading_speed [--quick] [--json benchmarks/results/reading_speed.json]

The script draws the photos: an embedded digit, half as high as the picture, in blue ink on noisy paper in uneven light.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
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
READ = (sys.executable, "-m", "inkling", "read", "--single")


@report_errors
def main() -> None:
    unpin_blas()
    asked = _arguments()
    host = machine("numpy", "pillow")
    rounds = QUICK_ROUNDS if asked.quick else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        small, large = (Path(folder) / name for name in ("small.jpg", "large.jpg"))
        photograph(small, 1000, 1000)
        photograph(large, 4000, 3000)
        rows = [_after_start(small, rounds), _cold(small, rounds), *_large(large, rounds)]
    for each in rows:
        print(goal_line(each))
    if asked.json:
        write_results(asked.json, host, rows)


def _after_start(photo: Path, rounds: int) -> dict[str, Any]:
    seconds = timed(lambda: read(photo, single=True))
    found = measure_with_peers(lambda: 1000 * seconds(), {}, rounds)
    return goal_row("read(), photo of 1000×1000, one digit, after start", "ms", 60, found)


def _cold(photo: Path, rounds: int) -> dict[str, Any]:
    peers = {"import numpy, PIL": lambda: whole_process(*PYTHON).seconds}
    found = measure_with_peers(lambda: whole_process(*READ, str(photo)).seconds, peers, rounds)
    return goal_row("inkling read, photo of 1000×1000, whole process", "s", 0.5, found)


def _large(photo: Path, rounds: int) -> list[dict[str, Any]]:
    costs = [whole_process(*READ, str(photo)) for _ in range(rounds + 1)][1:]  # the first one fills the file cache
    work = "inkling read, photo of 12 megapixels"
    return [
        goal_row(f"{work}, whole process", "s", 1.5, {"inkling": [cost.seconds for cost in costs]}),
        goal_row(f"{work}, peak memory", "MB", 400, {"inkling": [cost.megabytes for cost in costs]}),
    ]


def photograph(target: Path, width: int, height: int) -> None:
    """Write a JPEG of a digit on paper."""
    from PIL import Image

    digit = load("digits").labelled_test.images[0]
    side = min(width, height) // 2
    large = Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC)
    cover = Image.new("L", (width, height))
    cover.paste(large, ((width - side) // 2, (height - side) // 2))
    ink = np.asarray(cover, np.float32)[..., None] / 255
    light = np.linspace(1, 0.6, width)[:, None] * np.linspace(1, 0.85, height)[:, None, None]
    levels = (PAPER * (1 - ink) + PEN * ink) * light.astype(np.float32)
    levels += np.random.default_rng(0).normal(0, NOISE_LEVELS, levels.shape).astype(np.float32)
    Image.fromarray(levels.clip(0, 255).astype(np.uint8)).save(target, quality=88)


def _arguments() -> argparse.Namespace:
    parser = argument_parser(__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds instead of {ROUNDS}")
    return parser.parse_args()


if __name__ == "__main__":
    main()
