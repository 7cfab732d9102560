"""What is no picture, a damaged one or one too large is refused in one sentence."""

import io
import struct
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from encoded import encoded, levels
from inkling.errors import DataError
from inkling.ink import open_picture
from needs import needs_file_permissions


def png_of(width: int, height: int) -> bytes:
    """The header of a grey PNG of that size, and nothing of its pixels."""
    chunks = b""
    for kind, data in [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", b""),
        (b"IEND", b""),
    ]:
        chunks += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty$"),
        (b"seven,3\n", "this is text$"),
        (b"\n<!DOCTYPE html>", "this is a web page"),
        (b"%PDF-1.7\n%\xe2\xe3", "this is a PDF; save its page as PNG$"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "this is HEIC, AVIF or a film; save it as JPEG or PNG$"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "this is text$"),
        (b"P5 2 1 255 ab\0", "this is no PNG, JPEG, GIF, BMP, TIFF or WebP, or a damaged one$"),  # Pillow would read it
        (bytes(range(256)), "this is no PNG"),
        (b"\x89PNG\r\n\x1a\n nothing", "it is cut off or damaged"),
        (png_of(0, 9), "damaged|0×9 pixels"),
        (png_of(9, 9), "it is cut off or damaged"),
        (encoded(levels(), "gif")[:6] + bytes(4) + encoded(levels(), "gif")[10:13], "0×0|damaged"),
        (encoded(levels(), "bmp")[:-300], "it is cut off or damaged .*; fetch it again$"),
    ],
)
def test_what_is_no_picture_is_told(tmp_path, data, message):
    path = tmp_path / "seven.png"
    path.write_bytes(data)
    with pytest.raises(DataError, match=rf"^{path}: a picture was expected, but .*({message})"):
        open_picture(path)


@pytest.mark.parametrize("suffix", ["png", "jpeg", "gif", "bmp", "tiff", "webp"])
def test_half_a_picture_is_told(suffix):
    noise = np.random.default_rng(1).integers(0, 256, (50, 50), np.uint8)
    data = encoded(noise, suffix)
    with pytest.raises(DataError, match="photo: a picture was expected"):
        open_picture(data[: len(data) // 2], "photo")


@pytest.mark.parametrize("size", [(10_001, 10_000), (14_000, 14_000), (2**31 - 1, 2**31 - 1)])
def test_more_than_100_megapixels_are_refused_before_decoding(size):
    with pytest.raises(DataError, match=r"image: at most 100 megapixels were expected, but it has .*; make it smaller"):
        open_picture(png_of(*size))


def test_more_than_100_megapixels_are_refused_as_image_and_array():
    with pytest.raises(DataError, match="it has 10001×10000; make it smaller"):
        open_picture(np.broadcast_to(np.uint8(0), (10_000, 10_001)))
    with pytest.raises(DataError, match="it has 10001×10000; make it smaller"):
        open_picture(Image.new("1", (10_001, 10_000)))


def test_pillows_own_warning_of_large_pictures_is_not_heard():
    """Above 89 megapixels Pillow warns, which would be an error in this test; what is missing here are the pixels."""
    with pytest.raises(DataError, match="cut off or damaged"):
        open_picture(png_of(10_000, 9_999))


@pytest.mark.parametrize("source", [Image.new("L", (0, 0)), np.zeros((0, 5)), np.zeros((5, 0, 3))])
def test_without_pixels(source):
    with pytest.raises(DataError, match=r"a picture was expected, but this one has .×. pixels"):
        open_picture(source)


def test_a_folder_and_a_missing_file_and_an_impossible_name(tmp_path):
    with pytest.raises(DataError, match="a picture was expected, but this is a folder"):
        open_picture(tmp_path)
    for name in ("missing.png", "x" * 5000, "a\0b"):
        with pytest.raises(DataError, match=r"cannot be read \(.*(No such file|too long|null)"):
            open_picture(tmp_path / name)


@needs_file_permissions("a picture without read permission is refused in one sentence")
def test_a_file_that_may_not_be_read(tmp_path):
    path = tmp_path / "secret.png"
    path.write_bytes(encoded(levels()))
    path.chmod(0)
    with pytest.raises(DataError, match=r"secret\.png: cannot be read \(Permission denied\)"):
        open_picture(path)


def test_a_stream_that_breaks():
    class Broken(io.RawIOBase):
        def read(self, size=-1):
            raise OSError(5, "Input/output error")

    with pytest.raises(DataError, match="image: cannot be read"):
        open_picture(Broken())


def test_filters_of_warnings_are_as_before_also_with_threads():
    """What `warnings.catch_warnings` restores in one thread would be undone by another that began in between."""
    before = list(warnings.filters)
    sources = [encoded(levels()), b"text", levels(), encoded(levels(), "tiff")] * 25
    with ThreadPoolExecutor(8) as pool:
        outcomes = [pool.submit(open_picture, source) for source in sources]
    assert sum(isinstance(outcome.exception(), DataError) for outcome in outcomes) == 25
    assert warnings.filters == before
