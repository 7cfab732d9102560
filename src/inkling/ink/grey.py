"""One level of grey per pixel, chosen so that ink of every colour shows in it.

Luma, the usual grey, is how bright a colour looks, and yellow looks as bright as paper. But ink on paper takes away
some of red, green or blue, so that it shows in the darkest of the three channels, once the paper's own tint is divided
out. Ink on black adds to a channel, so that it shows in the brightest one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from inkling.errors import DataError

if TYPE_CHECKING:
    from PIL.Image import Image

_LUMA_WEIGHTS = (0.299, 0.587, 0.114)  # Of red, green and blue; Rec. ITU-R BT.601, as Pillow has them.
_DARK_LUMA = 64  # A ground of less is dark: dim photos of paper lie above, drawings on black far below.
_MAX_GAIN = 3  # A channel is amplified at most so many times: where paper hardly reflects, there is only noise.
_UNEVEN_LUMA = 16  # Where luma has a greater standard deviation, there is paper with ink, not ink of one colour.


def plain(image: Image) -> Image:
    """The same picture in one of the modes L, RGB, RGBA (where it has transparency) and F (16 bits and more)."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return image.convert("F")
    if image.mode == "La":  # which converts to nothing else
        image = image.convert("LA")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def grey(image: Image) -> np.ndarray:
    """Grey levels float32 (H, W), 0-255, of an image in mode L, RGB or RGBA."""
    if image.mode == "RGBA":
        image = on_ground(image)
    if image.mode == "RGB":
        image = _darkest_or_brightest(image)
    return np.asarray(image, np.float32)


def grey_of_numbers(values: np.ndarray, whole: bool, name: str) -> np.ndarray:
    """Grey levels float32, 0-255, of a picture (H, W) that is stored in more than 8 bits.

    Parameters
    ----------
    whole : the values were stored as integers. White is then the highest number of as many bits as the highest value
        needs, and at least of 8 bits. For other numbers white is 1 where none is higher, else the same. Where some
        values are negative, black is the lowest value and white the highest.
    name : of the picture in the message.

    Raises
    ------
    DataError
        A value is NaN or infinite.
    """
    low, high = float(values.min()), float(values.max())
    if not np.isfinite([low, high]).all():
        raise DataError(f"{name}: a picture of finite numbers was expected, but some pixels are NaN or infinite")
    black = min(low, 0)
    white = high if low < 0 else 1 if high <= 1 and not whole else white_level(high)
    return ((values.astype(np.float64) - black) * (255 / (white - black or 1))).astype(np.float32)


def white_level(high: float) -> int:
    """The level of white in integers up to `high`: the highest number of as many bits, at least 255."""
    return max(255, 2 ** int(high).bit_length() - 1)


def _darkest_or_brightest(image: Image) -> Image:
    """The channel of each pixel (RGB → L) that shows ink best: on a dark ground the brightest, otherwise the darkest.

    The ground is the median of each channel.
    """
    from PIL import ImageChops, ImageStat

    ground = ImageStat.Stat(image).median
    luma = _luma(ground)
    if luma < _DARK_LUMA:
        return reduce(ImageChops.lighter, image.split())
    gains = [luma / max(level, max(ground) / _MAX_GAIN) for level in ground]
    bands = (
        band.point([min(255, round(level * gain)) for level in range(256)])
        for band, gain in zip(image.split(), gains, strict=True)
    )
    return reduce(ImageChops.darker, bands)


def on_ground(image: Image) -> Image:
    """RGBA → RGB: transparent pixels become paper."""
    from PIL import Image

    paper = Image.new("RGBA", image.size, _paper_under(image))
    return Image.alpha_composite(paper, image).convert("RGB")


def _paper_under(image: Image) -> tuple[int, int, int]:
    """The colour to put under transparent pixels, (red, green, blue).

    Where most of the picture is opaque and shows paper with ink, it is the paper's colour; otherwise the opaque pixels
    are ink, and it is black or white, whichever is farther from them.
    """
    from PIL import ImageStat

    opaque = image.getchannel("A").point([0] * 128 + [255] * 128)
    count = opaque.histogram()[255]
    if not count:
        return (255, 255, 255)
    drawn = ImageStat.Stat(image.convert("RGB"), opaque)
    if 2 * count > image.width * image.height and _luma(drawn.stddev) > _UNEVEN_LUMA:
        red, green, blue = drawn.median
        return (red, green, blue)
    return (255, 255, 255) if _luma(drawn.mean) < 128 else (0, 0, 0)


def _luma(colour: Sequence[float]) -> float:
    return sum(weight * level for weight, level in zip(_LUMA_WEIGHTS, colour, strict=True))
