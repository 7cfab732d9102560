"""`load`: names, paths, and hints for those that lead nowhere."""

import gzip
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from inkling.data import load
from inkling.errors import DataError


@pytest.fixture
def tables(make, digits):
    """`train.csv` and `test.csv` as the competition has them, and the file that is no data."""
    rows = make.rows(digits)
    return {
        "train.csv": make.csv([make.header(), *rows]),
        "test.csv": make.csv([make.header()[1:], *(row[1:] for row in rows)]),
        "sample_submission.csv": b"ImageId,Label\n1,0\n",
    }


def check(source, digits):
    assert np.array_equal(source.train.images, digits.images)
    assert np.array_equal(source.train.labels, digits.labels)
    assert np.array_equal(source.test.images, digits.images)
    assert source.test.labels is None


def test_a_folder_of_tables(make, tables, digits, tmp_path):
    check(load(make.folder(tmp_path, tables)), digits)


def test_a_zip_of_tables_under_any_name(make, tables, digits, tmp_path):
    (tmp_path / "download").write_bytes(make.zip({"__MACOSX/._train.csv": b"junk"} | tables))
    check(load(str(tmp_path / "download")), digits)


def test_gzipped_tables(make, tables, digits, tmp_path):
    check(load(make.folder(tmp_path, {f"{name}.gz": gzip.compress(data) for name, data in tables.items()})), digits)


def test_the_plain_name_is_preferred(make, tables, digits, tmp_path):
    check(
        load(make.folder(tmp_path, tables | {"a_train_augmented.csv": b"not this", "my_test.csv": b"nor this"})), digits
    )


@pytest.mark.parametrize("layout", ["digit-recognizer.zip", "kaggle/digit-recognizer.zip", "", "kaggle/"])
def test_kaggle_is_found_where_the_environment_points(make, tables, digits, tmp_path, monkeypatch, layout):
    zipped = layout.endswith(".zip")
    make.folder(
        tmp_path, {layout: make.zip(tables)} if zipped else {layout + name: data for name, data in tables.items()}
    )
    monkeypatch.setenv("INKLING_DATA", str(tmp_path))
    source = load("kaggle")
    check(source, digits)
    assert (source.name, source.train.name) == ("kaggle", "kaggle train")


@pytest.mark.parametrize(("set_to", "sentence"), [(None, "INKLING_DATA is not set"), ("here", "has neither")])
def test_without_kaggle_s_data_it_says_where_to_get_it(tmp_path, monkeypatch, set_to, sentence):
    if set_to:
        monkeypatch.setenv("INKLING_DATA", str(tmp_path))
    with pytest.raises(DataError, match=sentence) as caught:
        load("kaggle")
    assert "https://www.kaggle.com/competitions/digit-recognizer/data" in str(caught.value)


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("minst", "did you mean mnist"),
        ("MNIST", "did you mean mnist"),
        ("trian.csv", "did you mean train.csv"),
        ("qqqqq", "known names are auto, mnist, digits, kaggle"),
        ("no/such/place", "known names are"),
    ],
)
def test_a_wrong_name_gets_a_hint(tables, make, tmp_path, monkeypatch, source, hint):
    monkeypatch.chdir(make.folder(tmp_path, tables))
    with pytest.raises(DataError, match=f"{source}: no such file or folder, and no known name; {hint}"):
        load(source)


def test_a_path_is_never_taken_for_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=r"^digits: no such file or folder$"):
        load(Path("digits"))


WRONG = {
    "nothing": ({}, r"folders of pictures named after their class were expected, found nothing"),
    "others": ({"a.txt": b"x", "b/c.md": b"y"}, r"expected, found a\.txt, b/c\.md"),
    "two": (
        {"a.csv": b"1", "b.csv": b"2"},
        r"one table was expected, found several; give the path of one: b\.csv, a\.csv",
    ),
    "cut zip": ({"x.zip": b"PK\x03\x04 and no more"}, r"x\.zip: a complete zip was expected, but it cannot"),
    "empty zip": ({"x.zip": b"PK\x05\x06" + b"\0" * 18}, r"x\.zip: .* expected, found nothing"),
    "lfs": ({"x.csv": b"version https://git-lfs.github.com/spec/v1\noid"}, r"x\.csv.*git-LFS pointer .*`git lfs"),
    "page": ({"x.csv": b"\xef\xbb\xbf\r\n<HTML lang=en>"}, r"x\.csv.* this is a web page"),
    "xml": ({"x.csv": b"<?xml version='1.0'?><Error><Code>AccessDenied"}, r"x\.csv.* this is a web page"),
    "empty": ({"x.csv": b" \n"}, r"x\.csv.* the file is empty"),
    "empty gz": ({"x.csv.gz": gzip.compress(b"")}, r"x\.csv\.gz.* the file is empty"),
    "cut gz": ({"x.csv.gz": gzip.compress(b"1,2,3")[:-6]}, r"x\.csv\.gz.* gzip was expected, but it is cut off"),
    "npy": ({"x.npz": b"\x93NUMPY\x01\0"}, r"this is a single array; store images and labels together"),
    "hdf": ({"x.csv": b"\x89HDF\r\n\x1a\n"}, "this is an HDF5 file; convert it to npz"),
    "pickle": ({"x.npz": b"\x80\x04\x95."}, "this is a pickle, which could run any code and is never opened"),
    "binary": ({"x.csv": b"7ELF\0\1\2"}, "this begins with the bytes 37 45 4c 46 00 01 02"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_was_found_instead_is_said(make, tmp_path, wrong):
    files, sentence = WRONG[wrong]
    make.folder(tmp_path, files)
    with pytest.raises(DataError, match=sentence):
        load(tmp_path / next(iter(files)) if len(files) == 1 else tmp_path)


def test_a_file_that_may_not_be_read_is_said(tables, make):
    with TemporaryDirectory() as name:
        folder, user = Path(name), os.geteuid()
        make.folder(folder, tables)
        load(folder / "train.csv")  # imports what a stranger may not
        folder.chmod(0o755)
        (folder / "train.csv").chmod(0)
        os.seteuid(user or 65534)  # root may read everything, nobody may not
        try:
            with pytest.raises(DataError, match=r"train\.csv: cannot be read \(Permission denied\)"):
                load(folder / "train.csv")
        finally:
            os.seteuid(user)


def test_impossible_paths_are_errors_of_data(tmp_path):
    for source in ("x" * 5000, "~nobody-of-this-name/data"):
        with pytest.raises(DataError, match=r"cannot be read|no such file"):
            load(source)


def test_importing_stays_cheap():
    heavy = {"PIL", "platformdirs", "pyarrow", "requests", "urllib.request", "ssl", "sklearn"}
    code = f"import sys, inkling.data; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_name_of_another_encoding_in_a_zip_is_told_in_words(tmp_path):
    """Regression test, found by the benchmark of mutated files: Python's words about a codec were quoted."""
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        archive.writestr("träin.csv", "label")
    content = (tmp_path / "set.zip").read_bytes()
    (tmp_path / "set.zip").write_bytes(content.replace("ä".encode(), b"\xff\xff"))
    with pytest.raises(DataError, match=r"cannot be unpacked .a text in it has another encoding than it should have"):
        load(tmp_path / "set.zip")
