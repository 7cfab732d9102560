"""Several digits read as one: how often `read(single=True)` warns of them, in pictures of one digit and of two.

    python -m benchmarks.reading.several_digits [--digits 10000] [--json FILE]

MNIST's test digits are drawn four times as large, dark on white: each alone, and each beside the next one, with 3 to 12
pixels of ground between their ink.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.harness.results import machine, write_results
from benchmarks.harness.script import argument_parser, at_least_one, report_errors
from inkling.data import load
from inkling.ink import open_picture
from inkling.reading.page import read_page
from inkling.reading.page_warnings import single_warnings

SCALE = 4
ROOM = 30  # pixels of ground around all ink
GAPS = 3, 13  # pixels between two digits, the last one excluded


@report_errors
def main() -> None:
    asked = _arguments()
    host = machine("numpy", "pillow")
    test = load("mnist").test
    assert test is not None
    digits = [enlarged(image) for image in test.images[: asked.digits]]
    rng = np.random.default_rng(0)
    pairs = (beside(*pair, int(rng.integers(*GAPS))) for pair in pairwise(digits))
    rows = [row("one digit", map(on_paper, digits)), row("two digits side by side", map(on_paper, pairs))]
    if asked.json:
        write_results(asked.json, host, rows, digits=len(digits))


def row(work: str, pictures: Iterable[np.ndarray]) -> dict[str, Any]:
    """The row of some pictures: how many there are, and in how many a warning says that they may be several digits."""
    told = [bool(single_warnings(read_page(open_picture(picture), single=True))) for picture in pictures]
    print(f"{work:24} {sum(told):6,} of {len(told):6,} are warned of: {100 * np.mean(told):.2f} %", flush=True)
    return {"work": work, "pictures": len(told), "warned_of": sum(told)}


def enlarged(image: np.ndarray) -> np.ndarray:
    """The ink of an image (28, 28), bright on black, each pixel SCALE × SCALE of them."""
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    ink = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.kron(ink, np.ones((SCALE, SCALE), np.uint8))


def beside(first: np.ndarray, second: np.ndarray, gap: int) -> np.ndarray:
    """Two digits with ground between them, their middles in one row."""
    height = max(len(first), len(second))
    joined = np.zeros((height, first.shape[1] + gap + second.shape[1]), np.uint8)
    for ink, left in (first, 0), (second, first.shape[1] + gap):
        top = (height - len(ink)) // 2
        joined[top : top + len(ink), left : left + ink.shape[1]] = ink
    return joined


def on_paper(ink: np.ndarray) -> np.ndarray:
    return np.pad(255 - ink, ROOM, constant_values=255)


def _arguments() -> argparse.Namespace:
    parser = argument_parser(__doc__)
    parser.add_argument("--digits", type=at_least_one, default=10_000, metavar="N", help="digits of MNIST's test set")
    return parser.parse_args()


if __name__ == "__main__":
    main()
