"""A small file that unpacks to gigabytes is refused before memory is gone, and sets as large as published pass."""

import gzip
import io
import struct
import zipfile

import numpy as np
import pytest

from inkling.data import folders, load, unpacking
from inkling.errors import DataError

BOUND = r"MB, or 100 times the size where that is more\), found more; if you trust the file, unpack it"


def test_gzip_that_unpacks_to_a_thousand_times_its_size(tmp_path, monkeypatch):
    text = b"0,0\n" * (1 << 20)
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(text))
    (tmp_path / "plain.csv").write_bytes(text)
    with pytest.raises(DataError, match=r"its first line has 2 columns|submission"):
        load(tmp_path / "x.csv.gz")
    monkeypatch.setattr(unpacking, "FREE_MEGABYTES", 2)
    with pytest.raises(DataError, match=r"at most 2 MB were expected to come out of 0\.0 MB \(the bound is 2 " + BOUND):
        load(tmp_path / "x.csv.gz")
    with pytest.raises(DataError, match=r"its first line has 2 columns|submission"):  # the remedy
        load(tmp_path / "plain.csv")


def zip_claiming(sizes: dict[str, int]) -> bytes:
    """A zip whose directory claims these sizes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sizes:
            archive.writestr(name, b"x")
        for info in archive.filelist:
            info.file_size = sizes[info.filename]
    return out.getvalue()


@pytest.mark.parametrize("name", ["train.csv", "x_train.npy", "3/a.png"])
def test_a_zip_that_unpacks_to_more_than_it_may(tmp_path, name):
    (tmp_path / "x.zip").write_bytes(zip_claiming({name: 200_000_000, "b": 100_000_000}))
    with pytest.raises(DataError, match=BOUND):
        load(tmp_path / "x.zip")


def test_the_bound_of_a_zip_in_a_zip_is_that_of_the_outer_one(make, tmp_path):
    (tmp_path / "x.zip").write_bytes(make.zip({"inner.zip": zip_claiming({"train.csv": 300_000_000})}))
    with pytest.raises(DataError, match=BOUND):
        load(tmp_path / "x.zip")


def test_a_zip_that_holds_itself_has_an_end(make, tmp_path):
    inner = b"x"
    for _ in range(6):
        inner = make.zip({"r.zip": inner})
    (tmp_path / "x.zip").write_bytes(inner)
    with pytest.raises(DataError, match=r"expected, found r\.zip"):
        load(tmp_path / "x.zip")


def test_as_much_as_the_largest_published_sets_passes():
    unpacking.check_unpacked(640_000_000, 180_000_000, "EMNIST byclass as IDX")
    unpacking.check_unpacked(1_300_000_000, 150_000_000, "EMNIST byclass as CSV")
    unpacking.check_unpacked(77_000_000, 9_000_000, "Kaggle's train.csv")
    unpacking.check_size(1_300_000_000, "EMNIST byclass as CSV")
    folders.check_count(814_255, "EMNIST byclass as pictures")


def test_a_file_larger_than_any_set_is_refused(tmp_path):
    with (tmp_path / "x.csv").open("wb") as file:
        file.truncate(3_000_000_000)  # a file with holes, which takes no space on disk
    with pytest.raises(DataError, match="a file of at most 2,000 MB was expected, found more; divide it into several"):
        load(tmp_path / "x.csv")


def test_more_files_than_any_set_has_are_refused(make, digits, tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "MOST_FILES", 3)
    for count in (3, 4):
        make.folder(tmp_path / str(count), {f"3/{i}.png": make.picture(digits.images[i]) for i in range(count)})
    assert len(load(tmp_path / "3").train) == 3
    with pytest.raises(DataError, match="at most 3 files were expected, found more; divide them among folders"):
        load(tmp_path / "4")


def test_a_line_longer_than_any_image_is_refused(tmp_path):
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(b"0," * (20 << 20), 1))
    with pytest.raises(DataError, match="the first line of this has more than 32 MB; give one line per image"):
        load(tmp_path / "x.csv.gz")


def test_more_lines_than_any_set_has_are_refused(tmp_path):
    """Ten bytes of each blank line's own would fill the memory."""
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(b"0" + b",0" * 783 + b"\n" * 10_000_002, 1))
    with pytest.raises(DataError, match="with at most 10,000,000 lines, but this has more; leave out blank lines"):
        load(tmp_path / "x.csv.gz")


def test_an_array_that_claims_terabytes_allocates_nothing(tmp_path):
    header = "{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000, 28, 28), }".ljust(117).encode() + b"\n"
    npy = b"\x93NUMPY\x01\0" + struct.pack("<H", len(header)) + header
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("images.npy", npy)
    (tmp_path / "x.npz").write_bytes(out.getvalue())
    with pytest.raises(DataError, match=r"x\.npz: .*"):
        load(tmp_path / "x.npz")


@pytest.mark.parametrize("sizes", [(0xFFFFFFFF,) * 3, (10**9, 1000, 1000)])
def test_idx_that_claims_terabytes_allocates_nothing(tmp_path, sizes):
    (tmp_path / "x").write_bytes(b"\0\0\x0e\x03" + b"".join(size.to_bytes(4, "big") for size in sizes) + b"\0" * 784)
    with pytest.raises(DataError, match="its header announces"):
        load(tmp_path / "x")


def test_bounds_are_generous_to_tables_with_many_characters_per_number(tmp_path, digits):
    """`numpy.savetxt` writes 25 characters per pixel."""
    text = io.StringIO()
    np.savetxt(text, np.column_stack([digits.labels, digits.images.reshape(20, -1)]), delimiter=",")
    packed = gzip.compress(text.getvalue().encode())
    assert len(text.getvalue()) / len(packed) < unpacking.MOST_TIMES
    (tmp_path / "x.csv.gz").write_bytes(packed)
    assert np.array_equal(load(tmp_path / "x.csv.gz").train.images, digits.images)
