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


def typed(array, code, dtype):
    return (
        bytes([0, 0, code, array.ndim])
        + b"".join(n.to_bytes(4, "big") for n in array.shape)
        + array.astype(dtype).tobytes()
    )


TYPES = {"int16": (0x0B, ">i2"), "int32": (0x0C, ">i4"), "float32": (0x0D, ">f4"), "float64": (0x0E, ">f8")}


@pytest.mark.parametrize(("name", "scale"), [*((name, 1) for name in TYPES), ("float32", 255), ("float64", 255)])
def test_numbers_of_every_type_are_read(make, digits, tmp_path, name, scale):
    code, dtype = TYPES[name]
    files = {"train-images-idx3-" + name: typed(digits.images / scale, code, dtype)}
    files |= {"train-labels-idx1-" + name: typed(digits.labels, code, dtype)}
    source = load(make.folder(tmp_path, {each.rstrip("0123456789"): data for each, data in files.items()}))
    assert same(source.train, digits)
    assert any("scaled by 255" in note for note in source.notes) == (scale == 255)


def test_signed_bytes_below_0_are_refused_with_their_row(make, digits, tmp_path):
    files = {
        "train-images-idx3-byte": typed(np.full((20, 28, 28), -3), 9, ">i1"),
        "train-labels-idx1-ubyte": make.idx(digits.labels),
    }
    with pytest.raises(DataError, match=r"row 1: pixels of 0-255 .* were expected, found -3"):
        load(make.folder(tmp_path, files))


def test_an_unknown_type_is_named(make, digits, tmp_path):
    (tmp_path / "x-images-idx3-ubyte").write_bytes(b"\0\0\x0a\x03" + make.idx(digits.images)[4:])
    with pytest.raises(DataError, match=r"one of IDX's types 08, 09, 0b, 0c, 0d, 0e was expected .* found 0a"):
        load(tmp_path / "x-images-idx3-ubyte")


def test_qmnist_s_labels_are_the_first_of_eight_numbers(make, digits, tmp_path):
    table = np.zeros((20, 8), int)
    table[:, 0], table[:, 1:] = digits.labels, 70_000
    files = {
        "qmnist-train-images-idx3-ubyte": make.idx(digits.images),
        "qmnist-train-labels-idx2-int": typed(table, 0x0C, ">i4"),
    }
    assert same(load(make.folder(tmp_path, files)).train, digits)
    assert same(load(tmp_path / "qmnist-train-images-idx3-ubyte").train, digits)
    assert same(load(tmp_path / "qmnist-train-labels-idx2-int").train, digits)
    (tmp_path / "qmnist-train-labels-idx2-int").write_bytes(typed(table[:, :5], 0x0C, ">i4"))
    with pytest.raises(
        DataError, match="QMNIST's 8 numbers per image, were expected, found 5 numbers per image; keep the column"
    ):
        load(tmp_path)
    (tmp_path / "qmnist-train-labels-idx2-int").write_bytes(typed(table[:, 0], 0x0C, ">i4"))  # the remedy
    assert same(load(tmp_path).train, digits)


@pytest.mark.parametrize("names", [DASH, DOT], ids=["dash", "dot"])
@pytest.mark.parametrize("zipped", [False, True])
def test_each_file_may_lie_in_a_zip_of_its_own(make, digits, tmp_path, names, zipped):
    """As Kaggle hands out the files of a data set one by one."""
    files = {f"{name}.zip": make.zip({name: data}) for name, data in pair(make, digits, names).items()}
    if zipped:
        (tmp_path / "archive.zip").write_bytes(make.zip(files))
        assert same(load(tmp_path / "archive.zip").train, digits)
    assert same(load(make.folder(tmp_path / "files", files)).train, digits)
    assert same(load(tmp_path / "files" / f"{names[0].format('train')}.zip").train, digits)


def test_a_zip_that_lies_alone_in_a_folder_is_looked_into(make, digits, tmp_path):
    make.folder(tmp_path, {"archive.zip": make.zip(pair(make, digits, DASH)), "readme.md": b"x"})
    source = load(tmp_path)
    assert same(source.train, digits)
    assert source.notes == ("archive.zip", "IDX files")
    (tmp_path / "more.zip").write_bytes(b"x")
    with pytest.raises(
        DataError, match=r"one zip was expected, found several; give the path of one: archive\.zip, more\.zip"
    ):
        load(tmp_path)
    assert same(load(tmp_path / "archive.zip").train, digits)  # the remedy


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
