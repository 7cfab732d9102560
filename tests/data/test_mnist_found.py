"""MNIST: where it is looked for, and what happens when it is nowhere."""

import gzip
import hashlib
import time

import pytest

from inkling.data import digits, load, mnist
from inkling.data.mnist import load_auto, load_mnist
from inkling.errors import DataError

UNROUTABLE = "http://192.0.2.1/mnist"  # TEST-NET-1, RFC 5737: belongs to nobody


def test_without_a_network_mnist_is_given_up_within_five_seconds(dead_port):
    start = time.monotonic()
    with pytest.raises(DataError) as caught:
        load_mnist([UNROUTABLE, dead_port, "http://nowhere.invalid"])
    assert time.monotonic() - start < 5.5
    for part in ("192.0.2.1", "127.0.0.1", "nowhere.invalid", "set INKLING_DATA", "digits"):
        assert part in str(caught.value)


def test_auto_takes_the_embedded_digits_then_and_says_why(dead_port):
    source = load_auto([dead_port])
    assert source.name == "digits"
    assert source.notes[0] == "MNIST is not at hand: these are the embedded digits"
    assert "refused" in source.notes[1]


@pytest.fixture
def tiny_mnist(make, monkeypatch):
    """`digits` in the place of MNIST: the four files, and their hashes where the real ones are expected."""
    source = digits.load_digits()
    bodies = {}
    for prefix, part in (("train", source.train), ("t10k", source.test)):
        bodies[f"{prefix}-images-idx3-ubyte.gz"] = gzip.compress(make.idx(part.images), 1)
        bodies[f"{prefix}-labels-idx1-ubyte.gz"] = gzip.compress(make.idx(part.labels), 1)
    monkeypatch.setattr(mnist, "FILES", {name: hashlib.sha256(body).hexdigest() for name, body in bodies.items()})
    return bodies


def test_what_was_downloaded_is_found_in_the_cache_next_time(mirror, tiny_mnist):
    with mirror(tiny_mnist) as (address, asked):
        first, second = load_mnist([address]), load_mnist([address])
    assert len(asked) == 4
    assert "downloaded into" in first.notes[0]
    assert "found in" in second.notes[0]
    assert first.train.sha256 == second.train.sha256 == load("digits").train.sha256
    assert (len(first.test), first.test.name) == (360, "mnist test")


@pytest.mark.parametrize("subfolder", ["", "mnist"])
def test_the_environment_s_folder_comes_first(tiny_mnist, make, tmp_path, monkeypatch, subfolder):
    make.folder(tmp_path / "data" / subfolder, tiny_mnist)
    monkeypatch.setenv("INKLING_DATA", str(tmp_path / "data"))
    source = load_mnist([])
    assert len(source.train) == 1437
    assert source.notes == (f"found in {tmp_path / 'data' / subfolder}",)


def test_damaged_files_there_are_told_not_passed_over(tiny_mnist, make, tmp_path, monkeypatch):
    tiny_mnist["train-labels-idx1-ubyte.gz"] = tiny_mnist["train-labels-idx1-ubyte.gz"][:-20]
    monkeypatch.setenv("INKLING_DATA", str(make.folder(tmp_path, tiny_mnist)))
    with pytest.raises(DataError, match=r"train-labels-idx1-ubyte\.gz in .* cut off or damaged"):
        load("mnist")
    assert "cut off or damaged" in load("auto").notes[1]


def test_the_real_one_is_complete(real_data):
    source = load("mnist")
    assert (len(source.train), len(source.test)) == (60_000, 10_000)
    assert source.train.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert source.test.labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert source.notes == (f"found in {real_data / 'mnist'}",)


def test_a_folder_of_the_environment_without_mnist_is_named(dead_port, monkeypatch):
    monkeypatch.setenv("INKLING_DATA", "/no/such/folder")
    with pytest.raises(DataError, match=r"^mnist: INKLING_DATA is /no/such/folder, where no MNIST files are, and "):
        load_mnist([dead_port])
