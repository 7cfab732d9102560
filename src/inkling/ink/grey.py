"""One level of grey for each pixel, chosen so that no pen's colour is lost in it.

Luma, the usual grey, is how bright a colour looks, and yellow looks as bright as paper. But whatever shows on paper
takes away some of red, green or blue: the darkest of the three has it, once the paper's own tint is divided out. What
shows on black adds to one of them, and the brightest has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from inkling.errors import DataError

if TYPE_CHECKING:
    from PIL.Image import Image

_LUMA = (0.299, 0.587, 0.114)  # Rec. ITU-R BT.601, as Pillow's
_DARK = 64  # median luma of a dark ground: dim photos of paper lie above, drawings on black far below
_TINT = 3  # times at most that a channel is amplified: in what paper hardly reflects there is only noise
_UNEVEN = 16  # standard deviation of luma: what varies more is paper with ink on it, not ink of one colour


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
        image = _on_ground(image)
    if image.mode == "RGB":
        image = _darkest_or_brightest(image)
    return np.asarray(image, np.float32)


def grey_of_numbers(values: np.ndarray, whole: bool, name: str) -> np.ndarray:
    """Grey levels float32, 0-255, of a picture (H, W) that is stored in more than 8 bits.

    Parameters
    ----------
    whole : integers reach up to what as many bits hold as the highest needs, and 8 at least; other numbers also to 1.
        Where some are negative, black is the lowest and white the highest.

    Raises
    ------
    DataError
        Some are no finite numbers.
    """
    low, high = float(values.min()), float(values.max())
    if not np.isfinite([low, high]).all():
        raise DataError(f"{name}: a picture of finite numbers was expected, but some pixels are NaN or infinite")
    black = min(low, 0)
    white = high if low < 0 else 1 if high <= 1 and not whole else white_level(high)
    return ((values.astype(np.float64) - black) * (255 / (white - black or 1))).astype(np.float32)


def white_level(high: float) -> int:
    """The level of white in integers up to `high`: 255, or what as many bits as it needs can hold."""
    return max(255, 2 ** int(high).bit_length() - 1)


def _darkest_or_brightest(image: Image) -> Image:
    """The channel of each pixel (RGB → L) that differs from the ground most, where ground is what most pixels are."""
    from PIL import ImageChops, ImageStat

    ground = ImageStat.Stat(image).median
    luma = _luma(ground)
    if luma < _DARK:
        return reduce(ImageChops.lighter, image.split())
    gains = [luma / max(level, max(ground) / _TINT) for level in ground]
    bands = (
        band.point([min(255, round(level * gain)) for level in range(256)])
        for band, gain in zip(image.split(), gains, strict=True)
    )
    return reduce(ImageChops.darker, bands)


def _on_ground(image: Image) -> Image:
    """RGBA → RGB: what is transparent becomes paper."""
    from PIL import Image

    paper = Image.new("RGBA", image.size, _paper_under(image))
    return Image.alpha_composite(paper, image).convert("RGB")


def _paper_under(image: Image) -> tuple[int, int, int]:
    """The colour of the paper where most of it is there, else black or white, on which the ink shows better."""
    from PIL import ImageStat

    opaque = image.getchannel("A").point([0] * 128 + [255] * 128)
    count = opaque.histogram()[255]
    if not count:
        return (255, 255, 255)
    drawn = ImageStat.Stat(image.convert("RGB"), opaque)
    if 2 * count > image.width * image.height and _luma(drawn.stddev) > _UNEVEN:
        red, green, blue = drawn.median
        return (red, green, blue)
    return (255, 255, 255) if _luma(drawn.mean) < 128 else (0, 0, 0)


def _luma(colour: Sequence[float]) -> float:
    return sum(weight * level for weight, level in zip(_LUMA, colour, strict=True))
