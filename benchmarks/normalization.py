"""How well an enlarged MNIST digit comes back as itself: pictures drawn from training digits, and read as any other.

    python benchmarks/normalization.py [--digits 1000] [--json FILE]

Digits are enlarged by repetition and smoothly (bicubic), shown light on dark as MNIST has them, inverted, and as ink on
shaded, noisy paper. What `inkling read` makes of each picture is compared with the digit that it was drawn from.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

from common import at_least_one, face, machine, options, rounded, write_results
from inkling.data import load
from inkling.ink import digit_image

TIMES = 1, 2, 4, 10
FAR = 3  # pixels: shifts up to here are tried
SHIFTS = [(down, right) for down in range(-FAR, FAR + 1) for right in range(-FAR, FAR + 1)]
INK, PAPER, DARKEST, NOISE = 160, 220, 0.7, 4.0  # grey levels; of the light in the darkest corner; grey levels

Grey = np.ndarray  # float32 (H, W), 0 to 255


@face
def main() -> None:
    asked = _arguments()
    facts = machine("numpy", "pillow")
    source = load("mnist")
    assert source.train is not None
    digits = source.train.images[: asked.digits]
    ways = [(times, *way) for times in TIMES for way in ENLARGED.items() if times > 1 or way[1] is repeated]
    rows = [row(digits, *way, *look) for way in ways for look in LOOKS.items()]
    if asked.json:
        write_results(asked.json, facts, rows, digits=len(digits))


def row(
    digits: np.ndarray,
    times: int,
    way: str,
    enlarged: Callable[[Grey, int], Grey],
    look: str,
    shown: Callable[..., Grey],
) -> dict[str, Any]:
    """What one way of drawing comes to, over all digits (N, 28, 28)."""
    rng = np.random.default_rng(0)
    found = np.array([compared(digit, shown(enlarged(digit.astype(np.float32), times), rng)) for digit in digits])
    placed, difference, shift = found.T
    result = {
        "work": f"{times} × {way}, {look}",
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
    """Mean absolute difference of what comes back, as it lies and moved by a pixel at most, and the best shift."""
    back, own = digit_image(picture).astype(int), digit.astype(int)
    differences = {shift: float(np.abs(np.roll(back, shift, (0, 1)) - own).mean()) for shift in SHIFTS}
    near = min(difference for shift, difference in differences.items() if max(map(abs, shift)) <= 1)
    return differences[0, 0], near, max(map(abs, min(SHIFTS, key=lambda shift: differences[shift])))


def repeated(digit: Grey, times: int) -> Grey:
    return np.kron(digit, np.ones((times, times), np.float32))


def smooth(digit: Grey, times: int) -> Grey:
    size = digit.shape[1] * times, digit.shape[0] * times
    return np.rint(np.asarray(Image.fromarray(digit).resize(size, Image.Resampling.BICUBIC))).clip(0, 255)


def light_on_dark(ink: Grey, rng: np.random.Generator) -> Grey:
    return ink


def inverted(ink: Grey, rng: np.random.Generator) -> Grey:
    return 255 - ink


def on_paper(ink: Grey, rng: np.random.Generator) -> Grey:
    """Light falls off towards a corner, and the camera has its noise."""
    down, right = np.linspace(0, 1, ink.shape[0])[:, None], np.linspace(0, 1, ink.shape[1])
    light = 1 - (1 - DARKEST) * down * right
    levels = (PAPER - INK * ink / 255) * light + rng.normal(0, NOISE, ink.shape)
    return np.rint(levels).clip(0, 255).astype(np.float32)


ENLARGED = {"repeated": repeated, "smooth": smooth}
LOOKS = {"light on dark": light_on_dark, "inverted": inverted, "on paper": on_paper}


def _arguments() -> argparse.Namespace:
    parser = options(__doc__)
    parser.add_argument("--digits", type=at_least_one, default=1000, metavar="N", help="the first N training digits")
    return parser.parse_args()


if __name__ == "__main__":
    main()
