"""Decoding turns bytes into pixels: what is too large, damaged or no picture is refused in one sentence.

Pillow decodes, and only the seven formats named here; a PDF or PostScript never reaches the programs that would run it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from inkling.errors import DataError, InklingError, TooLargeError, reason
from inkling.ink.quiet import ignored_warnings, silence_libtiff
from inkling.own_files import FIRST_BYTES, own_file

if TYPE_CHECKING:
    from PIL.Image import Image

MEGAPIXELS = 100.0  # A larger picture is refused by its header, before it is decoded.

# The name of a picture ends in one of these, in small or capital letters; a name without an ending may be a picture.
ENDINGS = (
    *("png", "apng", "jpg", "jpeg", "jpe", "jfif", "gif", "bmp", "dib", "tif", "tiff", "webp"),
    *("pbm", "pgm", "ppm", "pnm"),
)
HEAD_BYTES = 16  # So many bytes tell a picture from another file.
_FORMATS = (
    "PNG",
    "JPEG",
    "GIF",
    "BMP",
    "TIFF",
    "WebP",
    "PPM",
)  # Pillow calls these formats by the same names in capitals.
_BEGINNINGS = b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*"
_TEXT = bytes(range(32, 127)) + b"\t\n\f\r"  # A file of these bytes alone is a text.


def is_picture_name(name: str) -> bool:
    """Whether the name of a file ends as that of a picture does."""
    return name.rpartition(".")[2].lower() in ENDINGS and "." in name


def begins_as_picture(head: bytes) -> bool:
    """Whether a file with these first bytes, HEAD_BYTES of them, is one of the formats that are read."""
    is_webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    is_bmp = head[:2] == b"BM" and head[6:10] == b"\0\0\0\0"
    is_ppm = head[:1] == b"P" and head[1:2] in b"123456" and head[2:3].isspace()
    return head.startswith(_BEGINNINGS) or is_webp or is_bmp or is_ppm


def decode(
    stream: BinaryIO, name: str, longest_side: int, megapixels: float
) -> tuple[Image, tuple[int, int], tuple[str, ...]]:
    """The first picture in a stream that can seek: its pixels, its size as stored (width, height), and notes.

    A JPEG may come smaller, as its decoder halves at no cost, but its longer side not below `longest_side`.

    Raises
    ------
    DataError
        The stream holds no picture, a damaged one, or one of more than `megapixels`.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        image: Image.Image = Image.open(stream, formats=[form.upper() for form in _FORMATS])
    except UnidentifiedImageError:
        stream.seek(0)
        raise DataError(f"{name}: a picture was expected, but {_what_else(stream.read(FIRST_BYTES))}") from None
    check_size(*image.size, name, megapixels)
    size, notes = image.size, _notes(image)
    times = max(1, max(size) // longest_side)
    image.draft(None, (max(1, size[0] // times), max(1, size[1] // times)))
    load_pixels(image)
    return _without_inverted_cmyk(image), size, notes


def load_pixels(image: Image) -> None:
    """Decode an image that has been opened."""
    if image.format == "TIFF":
        silence_libtiff()
    image.load()


def check_size(width: int, height: int, name: str, megapixels: float) -> None:
    """Raise DataError for a picture without pixels, or with too many."""
    if not width or not height:
        raise DataError(f"{name}: a picture was expected, but this one has {width}×{height} pixels")
    if width * height > megapixels * 10**6:
        raise TooLargeError(
            f"{name}: at most {megapixels:g} megapixels were expected, but it has {width}×{height}; make it smaller"
        )


@contextmanager
def translate_errors(name: str, megapixels: float) -> Iterator[None]:
    """What Pillow raises becomes a sentence about the picture of this name; Pillow's warnings are ignored."""
    from PIL import Image

    with ignored_warnings():
        try:
            yield
        except InklingError:
            raise
        except Image.DecompressionBombError:
            raise TooLargeError(
                f"{name}: at most {megapixels:g} megapixels were expected, but it has far more; make it smaller"
            ) from None
        except Exception as error:  # Pillow's decoders raise anything from SyntaxError to struct.error.
            raise DataError(
                f"{name}: a picture was expected, but it is cut off or damaged ({reason(error)}); fetch it again"
            ) from None


def _what_else(head: bytes) -> str:
    """What a file is that is no picture, by its first bytes."""
    if not head:
        return "the file is empty"
    if own := own_file(head):
        return f"this is {own.what}; {own.remedy}"
    if head[4:8] == b"ftyp":  # ISO base media files, to which the HEIC of phones belongs
        return "this is HEIC, AVIF or a film; save it as JPEG or PNG"
    if head.startswith(b"version https://git-lfs"):
        return "this is a git-LFS pointer to it; run `git lfs pull`"
    if head.startswith(b"/annex/objects/"):
        return "this is a git-annex pointer to it; run `git annex get .`"
    if head.startswith(b"%PDF"):
        return "this is a PDF; save its page as PNG"
    if head.lstrip().startswith(b"<"):
        return "this is a web page or a drawing in SVG; save the picture itself as PNG"
    if not head.translate(None, _TEXT):
        return "this is text"
    return f"this is no {', '.join(_FORMATS[:-1])} or {_FORMATS[-1]}, or a damaged one"


def _notes(image: Image) -> tuple[str, ...]:
    """What part of the file is left out. The second picture in a phone's JPEG (MPO) is a preview and not missed."""
    frames = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
    return () if frames == 1 else (f"first of {frames} frames",)


def _without_inverted_cmyk(image: Image) -> Image:
    """An image whose CMYK has 0 for no ink. Pillow takes every JPEG in CMYK for Adobe's, which stores 255 there."""
    if image.format == "JPEG" and image.mode == "CMYK" and "adobe" not in image.info:
        from PIL import ImageChops

        return ImageChops.invert(image)
    return image
