"""What is no picture, a damaged one or one too large is refused in one sentence."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from encoded import encoded, levels
from inkling.errors import DataError, UsageError
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
        (
            b"qoif\0\0\0\2\0\0\0\1\3\0",
            "this is no PNG, JPEG, GIF, BMP, TIFF, WebP or PPM, or a damaged one$",
        ),  # Pillow reads it
        (bytes(range(256)), "this is no PNG"),
        (b"\x89PNG\r\n\x1a\n nothing", "it is cut off or damaged"),
        (png_of(0, 9), "damaged|0×9 pixels"),
        (png_of(9, 9), "it is cut off or damaged"),
        (encoded(levels(), "gif")[:6] + bytes(4) + encoded(levels(), "gif")[10:13], "0×0|damaged"),
        (encoded(levels(), "bmp")[:-300], "it is cut off or damaged .*; fetch it again$"),
    ],
)
def test_what_is_no_picture_is_refused(tmp_path, data, message):
    path = tmp_path / "seven.png"
    path.write_bytes(data)
    with pytest.raises(DataError, match=rf"^{path}: a picture was expected, but .*({message})"):
        open_picture(path)


@pytest.mark.parametrize("suffix", ["png", "jpeg", "gif", "bmp", "tiff", "webp"])
def test_half_a_picture_is_refused(suffix):
    noise = np.random.default_rng(1).integers(0, 256, (50, 50), np.uint8)
    data = encoded(noise, suffix)
    with pytest.raises(DataError, match="photo: a picture was expected"):
        open_picture(data[: len(data) // 2], "photo")


@pytest.mark.parametrize("size", [(10_001, 10_000), (14_000, 14_000), (2**31 - 1, 2**31 - 1)])
def test_more_than_100_megapixels_are_refused_before_decoding(size):
    with pytest.raises(DataError, match=r"image: at most 100 megapixels were expected, but it has .*; make it smaller"):
        open_picture(png_of(*size))


@pytest.mark.parametrize(
    "source", [encoded(levels()), levels(), Image.fromarray(levels())], ids=["file", "array", "image"]
)
def test_the_limit_of_megapixels_can_be_lower(source):
    assert open_picture(source, megapixels=0.000768).size == (16, 48)
    with pytest.raises(DataError, match=r"at most 0\.0007 megapixels were expected, but it has 16×48; make it smaller"):
        open_picture(source, megapixels=0.0007)


def test_a_stream_is_read_no_further_than_the_limit():
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size=-1):
            assert size > 0
            self.taken += size
            return bytes(size)

    stream = Endless()
    with pytest.raises(DataError, match="image: at most 2 megabytes were expected, but it has more; make it smaller"):
        open_picture(stream, megabytes=2)
    assert stream.taken < 4e6


@pytest.mark.parametrize("door", [bytes, io.BytesIO])
def test_the_limit_of_megabytes_counts_every_byte(door):
    data = encoded(levels(), "bmp")
    assert open_picture(door(data), megabytes=len(data) / 1e6).size == (16, 48)
    with pytest.raises(DataError, match=r"at most .* megabytes were expected, but it has more"):
        open_picture(door(data), megabytes=(len(data) - 1) / 1e6)


def test_a_stream_that_gives_a_few_bytes_at_a_time():
    class Slow(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 7))

    assert np.array_equal(open_picture(Slow(encoded(levels()))).levels, levels())


@pytest.mark.parametrize(
    "limit", [{"megapixels": 101}, {"megapixels": 0}, {"megabytes": 501}, {"megabytes": -1}], ids=str
)
def test_limits_out_of_range(limit):
    (name, value) = next(iter(limit.items()))
    with pytest.raises(UsageError, match=rf"{name}: a limit above 0 and at most [15]00 was expected, not {value}"):
        open_picture(levels(), **limit)


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
