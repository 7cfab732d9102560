"""Decoding turns bytes into pixels: what is too large, damaged or no picture is refused in one sentence.

Pillow decodes, and only the six formats named here; a PDF or PostScript never reaches the programs that would run it.
"""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, BinaryIO

from inkling.errors import DataError, InklingError, reason

if TYPE_CHECKING:
    from PIL.Image import Image

MEGAPIXELS = 100  # more is refused before anything is decoded

_FORMATS = {"PNG": "PNG", "JPEG": "JPEG", "GIF": "GIF", "BMP": "BMP", "TIFF": "TIFF", "WEBP": "WebP"}  # Pillow's, ours
ENDINGS = "png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp"  # of the names of such files
_TEXT = bytes(range(32, 127)) + b"\t\n\f\r"

_alone = threading.Lock()  # what warnings are heard is a matter of the whole process
logging.getLogger("PIL").addHandler(logging.NullHandler())  # else Python prints what nobody listens to


def decode(stream: BinaryIO, name: str, longest_side: int) -> tuple[Image, tuple[int, int], tuple[str, ...]]:
    """The first picture in a stream that can seek: its pixels, its size as stored (width, height), and notes.

    A JPEG may come smaller, as its decoder halves at no cost, but its longer side not below `longest_side`.

    Raises
    ------
    DataError
        Not a picture, a damaged one, or one too large.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        image: Image.Image = Image.open(stream, formats=tuple(_FORMATS))
    except UnidentifiedImageError:
        stream.seek(0)
        raise DataError(f"{name}: a picture was expected, but {_what_else(stream.read(512))}") from None
    check_size(*image.size, name)
    size, notes = image.size, _notes(image)
    times = max(1, max(size) // longest_side)
    image.draft(None, (max(1, size[0] // times), max(1, size[1] // times)))
    with _silence_stderr() if image.format == "TIFF" else nullcontext():
        image.load()
    return _as_pillow_means_cmyk(image), size, notes


def check_size(width: int, height: int, name: str) -> None:
    """Raise DataError for a picture without pixels, or with too many."""
    if not width or not height:
        raise DataError(f"{name}: a picture was expected, but this one has {width}×{height} pixels")
    if width * height > MEGAPIXELS * 10**6:
        raise DataError(
            f"{name}: at most {MEGAPIXELS} megapixels were expected, but it has {width}×{height}; make it smaller"
        )


@contextmanager
def translate_errors(name: str) -> Iterator[None]:
    """What Pillow raises becomes a sentence about the picture called so; what it warns of is its own affair."""
    from PIL import Image

    with _alone, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except InklingError:
            raise
        except Image.DecompressionBombError:
            raise DataError(
                f"{name}: at most {MEGAPIXELS} megapixels were expected, but it has far more; make it smaller"
            ) from None
        except Exception as error:  # its decoders raise anything from SyntaxError to struct.error
            raise DataError(
                f"{name}: a picture was expected, but it is cut off or damaged ({reason(error)}); fetch it again"
            ) from None


@contextmanager
def _silence_stderr() -> Iterator[None]:
    """Nothing reaches stderr: libtiff complains there of damaged files itself, and Pillow lets it."""
    try:
        kept = os.dup(2)
    except OSError:  # there is no stderr
        yield
        return
    try:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123, as it is no file
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _what_else(head: bytes) -> str:
    """What a file is that is no picture, by its first bytes."""
    if not head:
        return "the file is empty"
    if head[4:8] == b"ftyp":  # ISO base media: phones' HEIC among them
        return "this is HEIC, AVIF or a film; save it as JPEG or PNG"
    if head.startswith(b"%PDF"):
        return "this is a PDF; save its page as PNG"
    if head.lstrip().startswith(b"<"):
        return "this is a web page or a drawing in SVG; save the picture itself as PNG"
    if not head.translate(None, _TEXT):
        return "this is text"
    *others, last = _FORMATS.values()
    return f"this is no {', '.join(others)} or {last}, or a damaged one"


def _notes(image: Image) -> tuple[str, ...]:
    """What of the file is not looked at. The second picture in a phone's JPEG is a preview and not missed."""
    frames = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
    return () if frames == 1 else (f"first of {frames} frames",)


def _as_pillow_means_cmyk(image: Image) -> Image:
    """0 for no ink: Pillow takes every JPEG in CMYK for Adobe's, which store 255 there."""
    if image.format == "JPEG" and image.mode == "CMYK" and "adobe" not in image.info:
        from PIL import ImageChops

        return ImageChops.invert(image)
    return image
