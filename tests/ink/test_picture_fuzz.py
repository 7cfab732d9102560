"""Whatever bytes come, they are a picture or one sentence; nothing is printed and nothing stays open."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from inkling.errors import DataError
from inkling.ink import LONGEST_SIDE, open_picture
from needs import needs_proc

SIGNATURES = [b"", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1\0\x20Exif\0\0", b"GIF89a"]
SIGNATURES += [
    b"BM",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"II+\0",
    b"RIFF\x40\0\0\0WEBPVP8 ",
    b"RIFF\x40\0\0\0WEBPVP8X",
]


def sound() -> list[bytes]:
    """A small file of every format, in several modes and compressions, with EXIF where it can be."""
    ramp = Image.fromarray(np.add.outer(np.arange(0, 120, 10), np.arange(0, 130, 13)).astype(np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6
    ways = [(mode, "png", {"exif": exif}) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")]
    ways += [("L", "png", {"transparency": 0}), ("RGB", "jpeg", {"exif": exif}), ("CMYK", "jpeg", {})]
    ways += [("RGB", "jpeg", {"progressive": True}), ("P", "gif", {"transparency": 0}), ("L", "gif", {})]
    ways += [(mode, "bmp", {}) for mode in ("1", "P", "RGB", "RGBA")]
    ways += [(mode, "tiff", {}) for mode in ("1", "P", "CMYK", "LAB", "I;16", "F")]
    ways += [("RGB", "tiff", {"compression": way}) for way in ("tiff_lzw", "jpeg", "tiff_adobe_deflate", "packbits")]
    ways += [
        ("1", "tiff", {"compression": "group4"}),
        ("RGBA", "webp", {"exif": exif}),
        ("RGB", "webp", {"lossless": True}),
    ]
    files = []
    for mode, suffix, options in ways:
        files.append(io.BytesIO())
        image = ramp.convert("RGB" if mode == "LAB" else mode)
        (image.convert(mode)).save(files[-1], suffix, **options)
    for suffix in ("gif", "png", "tiff", "webp"):
        files.append(io.BytesIO())
        ramp.save(files[-1], suffix, save_all=True, append_images=[ramp.rotate(90), ramp.rotate(180)])
    return [file.getvalue() for file in files]


FILES = sound()


def check(data: bytes, path: Path | None = None) -> None:
    """The bytes, or a file of them, are a legal picture or one sentence."""
    if path:
        path.write_bytes(data)
    try:
        picture = open_picture(path or data)
    except DataError as error:
        message = str(error)
        assert message.startswith(f"{path or 'image'}: ")
        assert "\n" not in message
        return
    assert picture.levels.dtype == np.float32
    assert picture.levels.ndim == 2
    assert 0 < max(picture.levels.shape) <= LONGEST_SIDE
    assert np.isfinite(picture.levels).all()
    assert 0 <= picture.levels.min() <= picture.levels.max() <= 255.01
    assert min(picture.scale) >= 1


@pytest.fixture(autouse=True)
def _silent(capfd):
    """Neither Python nor a decoder written in C says anything."""
    yield
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("data", FILES)
def test_the_sound_files_open(data):
    assert min(open_picture(data).levels.shape) >= 10


@given(st.sampled_from(SIGNATURES), st.binary(max_size=200))
@settings(max_examples=100)
def test_any_bytes(signature, rest):
    check(signature + rest)


@given(st.data())
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_replaced_removed_and_cut_off(tmp_path, data):
    changed = bytearray(data.draw(st.sampled_from(FILES)))
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, len(changed) - 1))
        changed[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=3))
    end = data.draw(st.one_of(st.none(), st.integers(0, len(changed))))
    check(bytes(changed[:end]), data.draw(st.sampled_from([None, tmp_path / "changed.png"])))


@needs_proc("no file stays open, whatever a picture holds")
def test_no_file_stays_open(tmp_path):
    before = len(list(Path("/proc/self/fd").iterdir()))
    for data in FILES:
        check(data, tmp_path / "whole")
        check(data[: len(data) * 2 // 3], tmp_path / "cut")
    assert len(list(Path("/proc/self/fd").iterdir())) == before
