"""Threads open pictures side by side, and decoding changes nothing that belongs to the whole process."""

import io
import os
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from encoded import encoded, levels
from inkling.errors import DataError
from inkling.ink import open_picture

WAIT_SECONDS = 20


def damaged_tiffs() -> list[bytes]:
    """Files of which libtiff writes to stderr, since bytes of their compressed pixels are changed."""
    noise = np.random.default_rng(2).integers(0, 256, (60, 60), np.uint8)
    files = [encoded(noise, "tiff", compression=how) for how in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg")]
    return [file[:200] + bytes(60) + file[260:] for file in files] * 2


def is_refused(source: bytes | Image.Image) -> bool:
    try:
        open_picture(source)
    except DataError:
        return True
    return False


def test_two_pictures_are_decoded_at_the_same_time():
    """Each image waits, in the midst of its decoding, until the other one has come as far."""
    both = threading.Barrier(2)

    class Waiting(Image.Image):
        waited = False

        def load(self):
            if not self.waited:
                self.waited = True
                both.wait(WAIT_SECONDS)
            return super().load()

    images = [Image.fromarray(levels()) for _ in range(2)]
    for image in images:
        image.__class__ = Waiting
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(open_picture, images))
    assert all(np.array_equal(picture.levels, levels()) for picture in found)


def test_many_threads_find_what_one_finds():
    rng = np.random.default_rng(0)
    sources = [encoded(rng.integers(0, 256, (90, 70), np.uint8), suffix) for suffix in ("png", "jpeg", "tiff") * 20]
    alone = [open_picture(source).levels for source in sources]
    with ThreadPoolExecutor(8) as pool:
        together = [picture.levels for picture in pool.map(open_picture, sources)]
    assert all(np.array_equal(one, other) for one, other in zip(alone, together, strict=True))


def test_filters_of_warnings_stay_as_they_are():
    """What `warnings.catch_warnings` restores in one thread would be undone by another that began in between."""
    open_picture(encoded(levels()))
    before = list(warnings.filters)
    sources = [encoded(levels()), b"text", levels(), encoded(levels(), "tiff")] * 25
    with ThreadPoolExecutor(8) as pool:
        outcomes = [pool.submit(open_picture, source) for source in sources]
    assert sum(isinstance(outcome.exception(), DataError) for outcome in outcomes) == 25
    assert warnings.filters == before


def test_pillows_warnings_are_still_heard_outside():
    """A program that makes Pillow's warning of large pictures an error, as Pillow's manual advises, keeps it."""
    open_picture(encoded(levels()))
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        open_picture(encoded(levels()))
        with pytest.raises(Image.DecompressionBombWarning):
            Image.new("1", (10, 10)).crop((0, 0, 10_000, 9_999))


def test_damaged_tiffs_write_nothing_to_stderr(capfd):
    refused = 0
    for file in damaged_tiffs():
        refused += is_refused(file)
        with Image.open(io.BytesIO(file)) as image:
            is_refused(image)
    assert refused >= 4
    assert capfd.readouterr() == ("", "")


def test_what_another_thread_writes_to_stderr_meanwhile_arrives(capfd):
    files, lines = damaged_tiffs() * 10, 0
    with ThreadPoolExecutor(1) as pool:
        decoding = pool.submit(lambda: sum(map(is_refused, files)))
        while not decoding.done():
            os.write(2, b"line\n")
            lines += 1
            time.sleep(0.0001)
    assert decoding.result() >= 40
    assert lines > 10
    assert capfd.readouterr().err == "line\n" * lines
