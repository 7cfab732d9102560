"""Whatever people give is opened, upright and small enough."""

import io
import os
import sys

import numpy as np
import pytest
from PIL import Image, ImageChops

from encoded import encoded, levels
from inkling.errors import UsageError
from inkling.ink import LONGEST_SIDE, open_picture
from needs import needs_dev_fd

FORMATS = ["png", "jpeg", "gif", "bmp", "tiff", "webp"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_by_every_door(tmp_path, suffix):
    path = tmp_path / "picture.dat"  # what counts is the content
    path.write_bytes(encoded(levels(), suffix))
    with path.open("rb") as stream, Image.open(path) as image:
        doors = {str(path): path, "image": path.read_bytes(), "photo": io.BytesIO(path.read_bytes())}
        pictures = [open_picture(source, name if name == "photo" else None) for name, source in doors.items()]
        assert [picture.name for picture in pictures] == list(doors)
        pictures += [open_picture(str(path)), open_picture(stream), open_picture(image)]
    assert [picture.name for picture in pictures[3:]] == [str(path), str(path), "image"]
    for picture in pictures:
        assert picture.levels == pytest.approx(levels(), abs=6 if suffix in ("jpeg", "webp") else 0)
        assert (picture.size, picture.scale, picture.notes) == (levels().shape[::-1], (1.0, 1.0), ())


def test_standard_input(monkeypatch, tmp_path):
    path = tmp_path / "piped"
    path.write_bytes(encoded(levels()))
    with open(path, encoding="utf-8") as stream:  # noqa: PTH123, as sys.stdin is
        monkeypatch.setattr(sys, "stdin", stream)
        assert open_picture(sys.stdin.buffer, "standard input").name == "standard input"


@needs_dev_fd("a picture is read from the path of a pipe")
def test_a_pipe_that_has_a_path():
    read, write = os.pipe()
    os.write(write, encoded(levels()))
    os.close(write)
    try:
        assert np.array_equal(open_picture(f"/dev/fd/{read}").levels, levels())
    finally:
        os.close(read)


@pytest.mark.parametrize("shape", [(48, 16), (48, 16, 1), (48, 16, 3), (48, 16, 4)])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.int64, np.float32, np.float64])
def test_arrays(shape, kind):
    array = np.broadcast_to(levels().reshape(48, 16, *[1] * (len(shape) - 2)), shape).copy()
    array.reshape(48 * 16, -1)[:, 3:] = 255
    array = array / np.array(255, kind) if np.dtype(kind).kind == "f" else array.astype(kind)
    array = array * 257 if kind == np.uint16 else array
    assert array.dtype == kind
    picture = open_picture(array[:, ::-1][:, ::-1])
    assert np.array_equal(picture.levels, levels())
    assert picture.name == "array"


def test_an_array_of_booleans_and_one_of_12_bits():
    assert open_picture(levels() > 100).levels.tolist() == (255.0 * (levels() > 100)).tolist()
    assert open_picture(np.array([[0, 819, 4095]])).levels.tolist() == [[0, 51, 255]]


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros(9), r"array: a picture \(height, width\).* was expected, not \(9,\)$"),
        (np.zeros((5, 5, 2)), r"not \(5, 5, 2\)$"),
        (np.zeros((1, 5, 5, 3)), r"not \(1, 5, 5, 3\)$"),
        (np.full((5, 5), np.nan), "found nan: replace numbers that are not finite by 0"),
        (np.full((5, 5), 256.0), "found 256: divide by the number that is white"),
        (np.full((5, 5), 65536), "found 65536: divide by the number that is white"),
        (np.full((5, 5), -1), r"pixels of 0-255 \(or 0-1\) were expected, found -1: bring"),
        (np.full((5, 5), 1j), "numbers were expected as pixels, found complex128"),
        (np.full((5, 5), "a"), "numbers were expected as pixels, found <U1"),
    ],
)
def test_other_arrays_are_refused(array, message):
    with pytest.raises(UsageError, match=message):
        open_picture(array)


@pytest.mark.parametrize("source", [None, 5, [[0, 255]]])
def test_other_things_are_refused(source):
    with pytest.raises(UsageError, match=r"a path, bytes, an open file, .* was expected, not"):
        open_picture(source)


def test_a_stream_of_text_is_refused():
    with pytest.raises(UsageError, match="a stream of bytes was expected, not one of str"):
        open_picture(io.StringIO("digit"))


# Upright, first, small


@pytest.mark.parametrize("suffix", ["png", "jpeg", "tiff", "webp"])
@pytest.mark.parametrize("value", range(10))
def test_pictures_are_turned_upright_as_exif_says(suffix, value):
    """What each value asks for is written with NumPy here; 0 and 9 are no values."""
    turns = [lambda a: a, np.fliplr, lambda a: a[::-1, ::-1], np.flipud]
    turns += [np.transpose, lambda a: np.rot90(a, -1), lambda a: np.rot90(a, 2).T, np.rot90]
    upright = turns[value - 1](levels()) if 1 <= value <= 8 else levels()
    exif = Image.Exif()
    exif[0x0112] = value
    picture = open_picture(encoded(levels(), suffix, exif=exif))
    assert picture.levels == pytest.approx(upright, abs=6 if suffix in ("jpeg", "webp") else 0)
    assert picture.size == upright.shape[::-1]
    image = Image.fromarray(levels())
    image.getexif()[0x0112] = value
    assert np.array_equal(open_picture(image).levels, upright)


def test_damaged_exif_is_ignored():
    assert np.array_equal(open_picture(encoded(levels(), exif=b"Exif\0\0MM\0*\xff\xff\xff")).levels, levels())


@pytest.mark.parametrize("suffix", ["gif", "png", "webp", "tiff"])
def test_of_several_frames_the_first_is_taken_and_it_is_noted(suffix):
    frames = [Image.fromarray(np.roll(levels(), 5 * n, axis=0)) for n in range(3)]
    data = encoded(frames[0], suffix, save_all=True, append_images=frames[1:], lossless=True)
    picture = open_picture(data)
    assert picture.notes == ("first of 3 frames",)
    assert np.array_equal(picture.levels, levels())


def test_the_preview_in_a_phones_jpeg_is_no_frame():
    photo, preview = Image.fromarray(levels()), Image.fromarray(levels()[::2, ::2].copy())
    picture = open_picture(encoded(photo, "mpo", save_all=True, append_images=[preview]))
    assert (picture.levels.shape, picture.notes) == ((48, 16), ())


@pytest.mark.parametrize("adobe", [True, False])
def test_cmyk_in_jpeg_with_adobes_mark_and_without(adobe):
    """Adobe stores ink inverted and says so in a segment APP14."""
    image = Image.fromarray(levels()).convert("CMYK")
    data = encoded(image if adobe else ImageChops.invert(image), "jpeg", quality=95)
    component = data.index(b"\xff\xee\x00\x0eAdobe")
    if not adobe:
        data = data[:component] + data[component + 16 :]
    assert open_picture(data).levels == pytest.approx(levels(), abs=6)


@pytest.mark.parametrize(
    ("size", "small", "scale"),
    [
        ((1600, 1000), (1600, 1000), 1),
        ((1601, 1001), (1600, 1000), 1.000625),
        ((4000, 3000), (1600, 1200), 2.5),
        ((1200, 4800), (400, 1600), 3),
        ((200_000, 1), (1600, 1), 125),
        ((3, 50_000), (1, 1600), 31.25),
    ],
)
@pytest.mark.parametrize("suffix", ["png", "jpeg"])
def test_large_pictures_become_smaller_and_scale_says_by_how_much(size, small, scale, suffix):
    if suffix == "jpeg" and max(size) > 65_500:
        return  # a JPEG cannot be that long
    width, height = size
    ramp = np.linspace(0, 255, height)[:, None] if height > width else np.linspace(0, 255, width)[None]
    picture = open_picture(encoded(np.broadcast_to(ramp, (height, width)).astype(np.uint8), suffix))
    assert picture.levels.shape == small[::-1]
    assert picture.size == size
    assert picture.scale[0 if height > width else 1] == pytest.approx(scale)
    along = picture.levels.mean(axis=0 if width > height else 1)
    assert along == pytest.approx(np.linspace(0, 255, LONGEST_SIDE), abs=2)


def test_an_image_of_the_users_stays_as_it_is():
    image = Image.open(io.BytesIO(encoded(np.zeros((3000, 4000), np.uint8), "jpeg")))
    assert open_picture(image).levels.shape == (1200, 1600)
    assert image.size == (4000, 3000)


def test_one_pixel():
    assert open_picture(encoded(np.array([[77]], np.uint8))).levels.tolist() == [[77]]
