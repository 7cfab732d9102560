"""IDX files: both spellings, gzipped or not, in folders and zips; and what can be wrong with them."""

import gzip

import numpy as np
import pytest

from inkling.data import load
from inkling.errors import DataError

DASH = ("{}-images-idx3-ubyte", "{}-labels-idx1-ubyte")
DOT = ("{}-images.idx3-ubyte", "{}-labels.idx1-ubyte")


def pair(make, data, names, part="train"):
    images, labels = (name.format(part) for name in names)
    return {images: make.idx(data.images), labels: make.idx(data.labels)}


def same(part, data):
    return np.array_equal(part.images, data.images) and np.array_equal(part.labels, data.labels)


@pytest.mark.parametrize("names", [DASH, DOT], ids=["dash", "dot"])
@pytest.mark.parametrize("zipped", [False, True])
def test_a_folder_or_zip_of_both_parts(make, digits, tmp_path, names, zipped):
    files = pair(make, digits[:12], names) | pair(make, digits[12:], names, "t10k")
    if zipped:
        path = tmp_path / "mnist.zip"
        path.write_bytes(make.zip({f"mnist/{name}": data for name, data in files.items()}))
    else:
        path = make.folder(tmp_path, files)
    source = load(path)
    assert same(source.train, digits[:12])
    assert same(source.test, digits[12:])


def test_gzipped_files_under_any_inner_name(make, digits, tmp_path):
    files = {f"{name}.gz": gzip.compress(data) for name, data in pair(make, digits, DASH).items()}
    source = load(make.folder(tmp_path, files))
    assert same(source.train, digits)
    assert source.test is None


def test_the_plain_file_is_read_where_the_gzipped_one_lies_beside_it(make, digits, tmp_path):
    files = pair(make, digits, DASH)
    files |= {f"{name}.gz": b"never opened" for name in files}
    assert same(load(make.folder(tmp_path, files)).train, digits)


def test_torchvision_s_folders(make, digits, tmp_path):
    files = {f"MNIST/raw/{name}": data for name, data in pair(make, digits, DASH).items()}
    assert same(load(make.folder(tmp_path, files)).train, digits)


@pytest.mark.parametrize("given", [0, 1])
def test_one_file_finds_the_other_beside_it(make, digits, tmp_path, given):
    make.folder(tmp_path, pair(make, digits, DASH) | pair(make, digits[:3], DASH, "t10k"))
    source = load(tmp_path / DASH[given].format("train"))
    assert same(source.train, digits)
    assert source.test is None


def test_images_without_labels_are_images_to_predict(make, digits, tmp_path):
    path = tmp_path / "t10k-images-idx3-ubyte"
    path.write_bytes(make.idx(digits.images))
    path.with_name("unknown.bin").write_bytes(path.read_bytes())
    for named in (path, path.with_name("unknown.bin")):
        source = load(named)
        assert source.train is None
        assert np.array_equal(source.test.images, digits.images)
        assert source.test.labels is None


DAMAGES = {  # what is wrong → images and labels made so, and the sentence
    "magic": (
        lambda m, d: (b"\0\0\x08\x04" + m.idx(d.images)[4:], m.idx(d.labels)),
        "begin with the bytes 00 00 08 03, found 00 00 08 04",
    ),
    "swapped": (lambda m, d: (m.idx(d.labels), m.idx(d.images)), "begin with the bytes 00 00 08 03, found 00 00 08 01"),
    "cut in the header": (lambda m, d: (m.idx(d.images)[:9], m.idx(d.labels)), "cut off within its header of 16 bytes"),
    "cut in an image": (
        lambda m, d: (m.idx(d.images)[:-5], m.idx(d.labels)),
        "announces 20 images, 15696 bytes in all, but 15691 bytes came",
    ),
    "too long": (
        lambda m, d: (m.idx(d.images) + b"\0", m.idx(d.labels)),
        "announces 20 images, 15696 bytes in all, but 15697 bytes came",
    ),
    "huge sizes": (lambda m, d: (m.idx(d.images)[:4] + b"\xff" * 12, m.idx(d.labels)), "announces 4294967295 images"),
    "other size": (
        lambda m, d: (m.idx(np.zeros((20, 3, 1025))), m.idx(d.labels)),
        "images with 4 to 1024 pixels per side were expected, found 3×1025",
    ),
    "counts": (lambda m, d: (m.idx(d.images), m.idx(d.labels[:-1])), "found 20 images but 19 labels"),
    "letter": (
        lambda m, d: (m.idx(d.images), m.idx(d.labels + 9)),
        "row 2: a label from 0 to 9 was expected, found 10",
    ),
    "none": (lambda m, d: (m.idx(d.images[:0]), m.idx(d.labels[:0])), "images were expected, but there is none"),
    "gzip cut": (lambda m, d: (gzip.compress(m.idx(d.images))[:-9], m.idx(d.labels)), "expected, but it is cut off"),
    "gzip damaged": (
        lambda m, d: (gzip.compress(m.idx(d.images))[:40] + b"\xff" * 40, m.idx(d.labels)),
        "expected, but it is cut off or damaged",
    ),
    "web page": (lambda m, d: (b"\n<!DOCTYPE html><p>", m.idx(d.labels)), "this is a web page"),
    "git-LFS": (
        lambda m, d: (b"version https://git-lfs.github.com/spec/v1\n", m.idx(d.labels)),
        "this is a git-LFS pointer",
    ),
    "empty": (lambda m, d: (b"", m.idx(d.labels)), "the file is empty"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_said_in_a_sentence_that_names_the_file(make, digits, tmp_path, damage):
    files, sentence = DAMAGES[damage]
    make.folder(tmp_path, dict(zip((name.format("train") for name in DASH), files(make, digits), strict=True)))
    for path in (tmp_path, tmp_path / DASH[0].format("train")):
        with pytest.raises(DataError) as caught:
            load(path)
        assert sentence in str(caught.value)
        assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize(("present", "missing"), [("images", "labels"), ("labels", "images")])
def test_half_a_pair_asks_for_the_other_half(make, digits, tmp_path, present, missing):
    files = {name: data for name, data in pair(make, digits, DASH).items() if present in name}
    with pytest.raises(DataError, match=f"{present} without {missing}; put the file of {missing} beside it"):
        load(make.folder(tmp_path, files))
