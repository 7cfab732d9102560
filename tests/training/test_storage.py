"""Files are whole or not there, and what is damaged is noticed, whichever bit it is."""

import errno
import os
import stat

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkling import storage
from inkling.errors import DataError
from inkling.storage import load_tensors, remove_leftovers, save_tensors, write_atomically

TENSORS = {"θ": np.arange(12, dtype=np.float32), "m": np.ones((2, 3)), "empty": np.zeros(0, np.float32)}
FACTS = {"text": 'äöü " \\ \n', "number": 0.1, "nothing": None, "list": [1, 2.5, "x"], "big": 2**70}


def test_round_trip(tmp_path):
    save_tensors(tmp_path / "a", TENSORS, FACTS)
    tensors, metadata = load_tensors(tmp_path / "a")
    assert metadata == FACTS
    assert tensors.keys() == TENSORS.keys()
    for name, array in TENSORS.items():
        np.testing.assert_array_equal(tensors[name], array)
        assert tensors[name].dtype == array.dtype


def test_the_same_content_gives_the_same_bytes_whatever_its_order(tmp_path):
    save_tensors(tmp_path / "a", TENSORS, FACTS)
    save_tensors(tmp_path / "b", dict(reversed(TENSORS.items())), dict(reversed(FACTS.items())))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    path = tmp_path_factory.mktemp("sound") / "a"
    save_tensors(path, TENSORS, FACTS)
    return path.read_bytes()


@given(data=st.data())
def test_any_flipped_bit_is_noticed(sound, tmp_path_factory, data):
    where = data.draw(st.integers(0, 8 * len(sound) - 1))
    damaged = bytearray(sound)
    damaged[where // 8] ^= 1 << where % 8
    path = tmp_path_factory.getbasetemp() / "flipped"
    path.write_bytes(damaged)
    with pytest.raises(DataError, match=r"damaged|not one that Inkling wrote"):
        load_tensors(path)


@given(length=st.integers(0, 10_000))
def test_any_cut_is_noticed(sound, tmp_path_factory, length):
    path = tmp_path_factory.getbasetemp() / "cut"
    path.write_bytes(sound[: min(length, len(sound) - 1)])
    with pytest.raises(DataError, match="damaged, or not a safetensors file" if length else "an empty file"):
        load_tensors(path)


@pytest.mark.parametrize("facts", [None, {"other": "x"}, {"inkling": "3"}, {"inkling": "{"}, {"inkling": "[]"}])
def test_a_foreign_safetensors_file_is_refused(tmp_path, facts):
    from safetensors.numpy import save_file

    save_file({"weight": np.ones(3)}, tmp_path / "foreign", metadata=facts)
    with pytest.raises(DataError, match=r"foreign: .*not (one that Inkling wrote|a safetensors file)"):
        load_tensors(tmp_path / "foreign")


def test_writing_replaces_the_file_and_leaves_nothing_else(tmp_path):
    for content in ("old", "new"):
        write_atomically(tmp_path / "a.txt", content)
    assert (tmp_path / "a.txt").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_written_file_has_the_permissions_of_any_other(tmp_path):
    (tmp_path / "plain").touch()
    write_atomically(tmp_path / "a", b"")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_writing_never_touches_the_umask_of_the_process(tmp_path, monkeypatch):
    """Regression test: it was set to 0 for a moment, in which another thread's files were writable by everybody."""

    def no_umask(mask):
        raise AssertionError("the umask is everybody's")

    monkeypatch.setattr(os, "umask", no_umask)
    write_atomically(tmp_path / "a", b"")


@pytest.mark.skipif(os.name != "posix", reason="this is not POSIX: files get the permissions that the umask leaves")
@pytest.mark.parametrize("umask", [0o077, 0o027, 0o002])
def test_a_written_file_obeys_the_umask(tmp_path, umask):
    before = os.umask(umask)
    try:
        write_atomically(tmp_path / "a", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_names_it(tmp_path, monkeypatch, failing):
    def full(*args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    target = tmp_path / "a"
    target.write_text("old")
    monkeypatch.setattr(*((storage.os, "fsync", full) if failing == "fsync" else (storage.Path, "replace", full)))
    with pytest.raises(OSError, match="No space left") as caught:
        write_atomically(target, "new")
    assert caught.value.filename == str(target)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_an_interrupted_write_leaves_nothing(tmp_path, monkeypatch):
    def interrupted(handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(storage.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "a", "new")
    assert list(tmp_path.iterdir()) == []


def test_leftovers_of_killed_writers_are_removed_and_nothing_else(tmp_path):
    for name in (".a.xyz.partial", "a.partial", ".hidden", "a"):
        (tmp_path / name).touch()
    remove_leftovers(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".hidden", "a", "a.partial"]
