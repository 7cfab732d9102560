"""EMNIST's files hold transposed images: they are turned, and that is said."""

import gzip

import numpy as np
import pytest

from inkling.data import load
from inkling.data.emnist import NOTE

IDX = ("emnist-digits-train-images-idx3-ubyte", "emnist-digits-train-labels-idx1-ubyte")


@pytest.fixture
def real():
    return load("digits").train[:40]


def stored(images):
    """As the publishers' programs write them, column by column."""
    return np.ascontiguousarray(images.swapaxes(1, 2))


@pytest.mark.parametrize("how", ["file", "file.gz", "folder", "zip", "images alone"])
def test_idx_files_named_emnist_are_turned(how, make, real, tmp_path):
    files = {IDX[0]: make.idx(stored(real.images)), IDX[1]: make.idx(real.labels)}
    if how == "file.gz":
        files = {f"{name}.gz": gzip.compress(data) for name, data in files.items()}
    if how == "images alone":
        del files[IDX[1]]
    if how == "zip":
        files = {"emnist.zip": make.zip({f"gzip/{name}": data for name, data in files.items()})}
    make.folder(tmp_path, files)
    source = load(tmp_path if how == "folder" else tmp_path / next(iter(files)))
    found = source.train or source.test
    np.testing.assert_array_equal(found.images, real.images)
    assert sum(NOTE in note for note in source.notes) == 1


@pytest.mark.parametrize("compressed", [False, True])
def test_tables_named_emnist_are_turned(compressed, make, real, tmp_path):
    rows = [[label, *pixels] for label, pixels in zip(real.labels, stored(real.images).reshape(40, -1), strict=True)]
    text = make.csv([[*map(str, row)] for row in rows])
    name = "emnist-mnist-train.csv" + ".gz" * compressed
    source = load(make.folder(tmp_path, {name: gzip.compress(text) if compressed else text}) / name)
    np.testing.assert_array_equal(source.train.images, real.images)
    assert source.train.labels.tolist() == real.labels.tolist()
    assert NOTE in source.notes


def test_both_parts_are_turned_and_a_note_on_each_says_so(make, real, tmp_path):
    files = {}
    for part in ("train", "test"):
        images, labels = (name.replace("train", part) for name in IDX)
        files |= {images: make.idx(stored(real.images)), labels: make.idx(real.labels)}
    source = load(make.folder(tmp_path, files))
    for part in source.parts.values():
        np.testing.assert_array_equal(part.images, real.images)
    assert sum(NOTE in note for note in source.notes) == 2


def test_other_files_in_a_folder_named_emnist_stay_as_they_are(make, real, tmp_path):
    files = {"train-images-idx3-ubyte": make.idx(real.images), "train-labels-idx1-ubyte": make.idx(real.labels)}
    source = load(make.folder(tmp_path / "emnist-like", files))
    np.testing.assert_array_equal(source.train.images, real.images)
    assert not any(NOTE in note for note in source.notes)
