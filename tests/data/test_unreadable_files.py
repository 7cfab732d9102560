"""Files that cannot be read: each is left out of a folder and named, and refused in a sentence where it is given."""

import os
import socket

import numpy as np
import pytest

from inkling.data import load
from inkling.errors import DataError, printable


@pytest.fixture
def pictures(make, digits, tmp_path):
    """A folder with a picture of each of two digits."""
    files = {"3/a.png": make.picture(digits.images[0]), "7/b.png": make.picture(digits.images[1])}
    return make.folder(tmp_path / "pictures", files)


def left_out(source):
    return [note for note in source.notes if note.startswith("left out")]


def test_a_named_pipe_in_a_folder_is_left_out_and_told(pictures):
    os.mkfifo(pictures / "3" / "pipe.png")
    source = load(pictures)
    assert len(source.train) == 2
    assert left_out(source) == ["left out: 1 unreadable (3/pipe.png (a named pipe))"]


def test_a_socket_in_a_folder_is_left_out_and_told(pictures, monkeypatch):
    monkeypatch.chdir(pictures)  # since the path of a socket may have 100 characters only
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.png")
        assert left_out(load(pictures)) == ["left out: 1 unreadable (s.png (a socket))"]


@pytest.mark.parametrize("name", ["x.csv", "train-images-idx3-ubyte"])
def test_a_named_pipe_as_a_source_is_refused(tmp_path, name):
    os.mkfifo(tmp_path / name)
    with pytest.raises(DataError, match="a file was expected, but this is a named pipe; write its data to a file"):
        load(tmp_path / name)


def test_a_device_is_refused():
    with pytest.raises(DataError, match="/dev/zero: a file was expected, but this is a device"):
        load("/dev/zero")


def test_a_broken_link_does_not_refuse_the_folder(pictures, make, digits):
    (pictures / "3" / "gone.png").symlink_to("nowhere.png")
    (pictures / "7" / "itself.png").symlink_to("itself.png")
    source = load(pictures)
    assert len(source.train) == 2
    assert left_out(source) == ["left out: 2 unreadable (3/gone.png (a broken link), 7/itself.png (a broken link))"]


def test_links_of_folders_that_go_round_have_an_end(pictures):
    (pictures / "again").symlink_to(pictures)
    (pictures / "3" / "up").symlink_to("..")
    source = load(pictures)
    assert len(source.train) == 2
    assert left_out(source) == [
        "left out: 2 unreadable (3/up (a link to a folder that holds it), again (a link to a folder that holds it))"
    ]


ANNEX = ".git/annex/objects/Xx/9k/SHA256E-s47--abc.gz/SHA256E-s47--abc.gz"


def test_a_git_annex_link_is_named_with_its_remedy(pictures, tmp_path):
    (pictures / "3" / "x.png").symlink_to(f"../{ANNEX}")
    assert "3/x.png (a git-annex link to a file that is not here; run `git annex get .`)" in left_out(load(pictures))[0]
    for name in ("train-images-idx3-ubyte.gz", "train.csv"):
        (tmp_path / name).symlink_to(ANNEX)
        with pytest.raises(DataError, match=r"this is a git-annex link to a file that is not here; run `git annex get"):
            load(tmp_path / name)


@pytest.mark.parametrize("name", ["train-images-idx3-ubyte", "train.csv"])
@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"/annex/objects/SHA256E-s9912422--440f.gz\n", "git-annex pointer to it; run `git annex get"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4\n", "git-LFS pointer to it; run `git lfs pull`"),
    ],
)
def test_pointers_are_named_for_what_they_are(tmp_path, name, content, what):
    (tmp_path / name).write_bytes(content)
    if name != "train.csv":
        (tmp_path / "train-labels-idx1-ubyte").write_bytes(content)
    for source in (tmp_path, tmp_path / name):
        with pytest.raises(DataError, match=what):
            load(source)


def test_control_characters_in_names_are_escaped(make, digits, tmp_path):
    one = make.picture(digits.images[0])
    name = "a\n9.png: 7\x1b[2J.png"
    folder = make.folder(tmp_path / "x\ny", {"3/a.png": one, "7\r8/b.png": one, f"3/{name}": b"no picture"})
    with pytest.raises(DataError) as caught:
        load(folder)
    assert str(caught.value).isprintable()
    assert r"3/a\n9.png: 7\x1b[2J.png in " in str(caught.value)
    (folder / "3" / name).unlink()
    notes = load(folder).notes
    assert all(note.isprintable() for note in notes)
    assert r"7\r8" in "".join(notes)
    with pytest.raises(DataError) as caught:
        load(str(folder / "no\nsuch"))
    assert str(caught.value).isprintable()


def test_other_letters_than_control_characters_stay():
    assert printable("é सिं‍ 数字 🙂 a b") == "é सिं‍ 数字 🙂 a b"
    assert printable("a\n\x1b[31m\u202e\u2028\x85") == r"a\n\x1b[31m\u202e\u2028\x85"


ADDRESSES = ["https://example.org/mnist.zip", "http://example.org", "file:///home/x.csv", "s3://bucket/x"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_are_not_fetched(address):
    with pytest.raises(
        DataError, match=r"addresses are not fetched; download it first, then give the name of the file"
    ):
        load(address)


KINDS = {
    "3/a.heic": b"\0\0\0\x18ftypheic",
    "3/b.pdf": b"%PDF-1.7",
    "3/Thumbs.db": b"\xd0\xcf",
    "7/notes.txt": b"x",
    "unclear.HEIC": b"\0\0\0\x18ftypheic",
    "readme.txt": b"hello",
}


def test_what_is_left_out_is_counted_and_named(pictures, make):
    source = load(make.folder(pictures, KINDS))
    assert len(source.train) == 2
    (note,) = left_out(source)
    assert note.startswith("left out: 4 files that cannot be read as pictures (")
    for kind in ("2 .heic", "1 .pdf", "1 .txt"):
        assert kind in note


@pytest.mark.parametrize("zipped", [False, True])
def test_every_ending_and_none_at_all_is_read(make, digits, tmp_path, zipped):
    formats = {"jfif": "jpeg", "jpe": "jpeg", "JPG": "jpeg", "dib": "bmp", "pgm": "ppm", "TIF": "tiff", "apng": "png"}
    files = {
        f"3/{i}.{ending}": make.picture(digits.images[i], form) for i, (ending, form) in enumerate(formats.items())
    }
    files |= {
        "3/no-ending": make.picture(digits.images[9]),
        "3/LICENSE": b"text",
        "7/img_1": make.picture(digits.images[8]),
    }
    if zipped:
        (tmp_path / "x.zip").write_bytes(make.zip(files))
    source = load(tmp_path / "x.zip" if zipped else make.folder(tmp_path, files))
    assert source.train.labels.tolist() == [3] * 8 + [7]
    assert np.array_equal(source.train.images[-1], digits.images[8])
    assert left_out(source) == ["left out: 1 files that cannot be read as pictures (1 no ending), such as 3/LICENSE"]


OTHER_TABLES = {
    "predictions.csv": (b"\xef\xbb\xbf7\n2\n1\n", "this holds labels only; give the table with the images"),
    "labels.csv": ("Label\n7\n2\n".encode("utf-16"), "this holds labels only"),
    "names.csv": (b"\xef\xbb\xbffilename,label\na.png,2\n", "this holds labels only"),
    "sample_submission.csv": (b"\xef\xbb\xbfImageId,Label\r\n1,0\r\n", r"this is a submission \(ImageId, Label\)"),
}


@pytest.mark.parametrize("name", OTHER_TABLES)
def test_tables_without_images_are_named_for_what_they_are(make, tmp_path, name):
    content, what = OTHER_TABLES[name]
    make.folder(tmp_path, {name: content})
    for source in (tmp_path, tmp_path / name):
        with pytest.raises(DataError, match=what):
            load(source)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"x" * 257 + b"ustar\0", "a tar archive; unpack it"),
        (b"Rar!\x1a\x07", "a RAR archive; unpack it"),
        (b"SQLite format 3\0", "an SQLite database; export"),
        (b"\x28\xb5\x2f\xfd", "a Zstandard file; unpack it"),
        (b"BM\x46\0\0\0\0\0\0\0", "a picture; put pictures into folders named after their class"),
    ],
)
def test_files_of_other_kinds_are_named(tmp_path, content, what):
    (tmp_path / "data").write_bytes(content + b"\0" * 600)
    with pytest.raises(DataError, match=what):
        load(tmp_path / "data")


def test_a_git_lfs_pointer_in_the_place_of_a_picture_is_named(pictures):
    (pictures / "3" / "c.png").write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 9\n")
    with pytest.raises(DataError, match=r"3/c\.png in .*: .* but this is a git-LFS pointer to it; run `git lfs pull`"):
        load(pictures)
