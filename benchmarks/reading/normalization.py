"""Normalisation: MNIST digits are enlarged to pictures, brought back to 28×28, and compared with the originals.

    python -m benchmarks.reading.normalization [--digits 1000] [--json FILE]

Training digits are enlarged by repetition and smoothly (bicubic), and drawn light on dark as MNIST has them, inverted,
and as ink on shaded, noisy paper. `inkling read` normalises each picture; README.md explains the results.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.harness.results import machine, rounded, write_results
from benchmarks.harness.script import argument_parser, at_least_one, report_errors
from inkling.data import load
from inkling.ink import digit_image

SCALES = 1, 2, 4, 10
MAX_SHIFT = 3  # pixels
SHIFTS = [(y, x) for y in range(-MAX_SHIFT, MAX_SHIFT + 1) for x in range(-MAX_SHIFT, MAX_SHIFT + 1)]
PAPER_LEVEL = 220  # of 255
INK_LEVELS = 160  # by which full ink is darker than paper
DARKEST_LIGHT = 0.7  # of full light, in the darkest corner
NOISE_LEVELS = 4.0  # standard deviation

Grey = np.ndarray  # float32 (H, W), 0 to 255


@report_errors
def main() -> None:
    asked = _arguments()
    host = machine("numpy", "pillow")
    source = load("mnist")
    assert source.train is not None
    digits = source.train.images[: asked.digits]
    enlargements = [(scale, *way) for scale in SCALES for way in ENLARGED.items() if scale > 1 or way[1] is repeated]
    rows = [row(digits, *enlargement, *look) for enlargement in enlargements for look in LOOKS.items()]
    if asked.json:
        write_results(asked.json, host, rows, digits=len(digits))


def row(
    digits: np.ndarray,
    scale: int,
    way: str,
    enlarged: Callable[[Grey, int], Grey],
    look: str,
    shown: Callable[..., Grey],
) -> dict[str, Any]:
    """The row of one way of drawing, over all digits (N, 28, 28)."""
    rng = np.random.default_rng(0)
    found = np.array([compared(digit, shown(enlarged(digit.astype(np.float32), scale), rng)) for digit in digits])
    placed, difference, shift = found.T
    result = {
        "work": f"{scale} × {way}, {look}",
        "difference": rounded(difference.mean()),
        "difference_as_placed": rounded(placed.mean()),
        "difference_99_percent": rounded(float(np.percentile(difference, 99))),
        "within_a_pixel": float((shift <= 1).mean()),
    }
    print(
        f"{result['work']:38} differs by {result['difference']:5.2f} of 255 grey levels, "
        f"{result['difference_as_placed']:5.2f} as placed; {100 * result['within_a_pixel']:.1f} % within a pixel",
        flush=True,
    )
    return result


def compared(digit: np.ndarray, picture: Grey) -> tuple[float, float, int]:
    """Mean absolute difference to the normalised picture: as placed, at best within a pixel; and the best shift."""
    back, own = digit_image(picture).astype(int), digit.astype(int)
    differences = {shift: float(np.abs(np.roll(back, shift, (0, 1)) - own).mean()) for shift in SHIFTS}
    near = min(difference for shift, difference in differences.items() if max(map(abs, shift)) <= 1)
    return differences[0, 0], near, max(map(abs, min(SHIFTS, key=lambda shift: differences[shift])))


def repeated(digit: Grey, scale: int) -> Grey:
    return np.kron(digit, np.ones((scale, scale), np.float32))


def smooth(digit: Grey, scale: int) -> Grey:
    size = digit.shape[1] * scale, digit.shape[0] * scale
    return np.rint(np.asarray(Image.fromarray(digit).resize(size, Image.Resampling.BICUBIC))).clip(0, 255)


def light_on_dark(ink: Grey, rng: np.random.Generator) -> Grey:
    return ink


def inverted(ink: Grey, rng: np.random.Generator) -> Grey:
    return 255 - ink


def on_paper(ink: Grey, rng: np.random.Generator) -> Grey:
    """Ink on paper: the light falls off towards a corner, and the camera adds noise."""
    down, right = np.linspace(0, 1, ink.shape[0])[:, None], np.linspace(0, 1, ink.shape[1])
    light = 1 - (1 - DARKEST_LIGHT) * down * right
    levels = (PAPER_LEVEL - INK_LEVELS * ink / 255) * light + rng.normal(0, NOISE_LEVELS, ink.shape)
    return np.rint(levels).clip(0, 255).astype(np.float32)


ENLARGED = {"repeated": repeated, "smooth": smooth}
LOOKS = {"light on dark": light_on_dark, "inverted": inverted, "on paper": on_paper}


def _arguments() -> argparse.Namespace:
    parser = argument_parser(__doc__)
    parser.add_argument("--digits", type=at_least_one, default=1000, metavar="N", help="the first N training digits")
    return parser.parse_args()


if __name__ == "__main__":
    main()
