"""Parts of a source told by whole words in the names of folders and files, and nothing merged in silence."""

import numpy as np
import pytest

from inkling.data import load
from inkling.data.part_words import part_of, without_part
from inkling.errors import DataError

NAMES = {
    "mnist_train": "train",
    "MNIST - JPG - training": "train",
    "trainingSet": "train",
    "TRAIN": "train",
    "traindata": "train",
    "mnist_test": "test",
    "MNIST - JPG - testing": "test",
    "testSet": "test",
    "Testing": "test",
    "t10k-images": "test",
    "x_test": "test",
    "valid": "validation",
    "val": "validation",
    "Validation": "validation",
    "latest": None,
    "contrast": None,
    "attested": None,
    "valley": None,
    "constraint": None,
    "train_test_split": None,
}


@pytest.mark.parametrize(("name", "part"), NAMES.items())
def test_a_part_is_told_by_whole_words(name, part):
    assert part_of(name) == part


def test_names_without_their_part_are_equal():
    assert without_part("emnist-letters-train-") == without_part("emnist-letters-test-")
    assert without_part("latest") == "latest"


@pytest.fixture
def written(make, digits, tmp_path):
    """A folder, or zip, with a different picture at each path; `written(paths)` gives the source of it."""

    def write(*paths, zipped=False):
        files = {path: make.picture(digits.images[place]) for place, path in enumerate(paths)}
        if zipped:
            (tmp_path / "set.zip").write_bytes(make.zip(files))
            return load(tmp_path / "set.zip")
        return load(make.folder(tmp_path / "set", files))

    return write


PAIRS = [("mnist_train", "mnist_test"), ("MNIST - JPG - training", "MNIST - JPG - testing"), ("TrainSet", "TestSet")]
PAIRS += [("a/b/training", "a/b/Testing"), ("archive/data", "archive/test")]


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(("train", "test"), PAIRS)
def test_no_test_set_leaks_into_training(written, digits, train, test, zipped):
    source = written(f"{train}/3/a.png", f"{test}/7/b.png", zipped=zipped)
    assert (source.train.labels.tolist(), source.test.labels.tolist()) == ([3], [7])
    assert np.array_equal(source.test.images, digits.images[1:2])
    assert not any("several folders" in note for note in source.notes)


@pytest.mark.parametrize("name", ["valid", "val", "validation", "Validation set"])
def test_a_validation_part_is_not_trained_on(written, name):
    source = written("train/3/a.png", f"{name}/7/b.png")
    assert (source.train.labels.tolist(), source.test.labels.tolist()) == ([3], [7])
    assert f"the validation part ({name}: 1) is the test part: nothing is trained on it" in source.notes


def test_beside_a_test_part_the_validation_part_is_left_out_and_told(written):
    source = written("train/3/a.png", "valid/7/b.png", "test/4/c.png")
    assert (source.train.labels.tolist(), source.test.labels.tolist()) == ([3], [4])
    assert any(
        note.startswith("left out: the validation part (valid: 1), since there is a test") for note in source.notes
    )


def test_a_validation_part_alone_can_be_trained_on(written):
    source = written("valid/7/b.png")
    assert source.train.labels.tolist() == [7]
    assert "the validation part (valid: 1) is the only part: it can be trained on" in source.notes


def test_several_folders_of_the_same_classes_are_told_with_their_counts(written):
    source = written("latest/3/a.png", "latest/3/b.png", "old/3/c.png")
    assert len(source.train) == 3
    assert any("train part: the same classes in several folders (latest: 2, old: 1)" in note for note in source.notes)


def test_folders_of_parts_without_classes_are_refused(written):
    with pytest.raises(
        DataError, match=r"named after their class were expected, as train/3/…, found them in .* test, tr"
    ):
        written("train/a.png", "test/b.png")
    assert written("train/3/a.png", "test/3/b.png").test is not None  # the remedy


def test_a_class_may_be_called_train(written):
    source = written("train/train/a.png", "train/car/b.png", "test/train/c.png")
    assert (source.class_names, source.train.labels.tolist()) == (("car", "train"), [0, 1])
    assert source.test.labels.tolist() == [1]


def test_tables_are_told_by_whole_words_too(make, digits, tmp_path):
    rows = make.csv([make.header(), *make.rows(digits)])
    few = make.csv([make.header(), *make.rows(digits[:3])])
    source = load(make.folder(tmp_path, {"mnist_train.csv": rows, "valid.csv": few, "latest.csv": b"not read"}))
    assert (len(source.train), len(source.test)) == (20, 3)
    assert "the validation part valid.csv is the test part: nothing is trained on it" in source.notes
    assert "not taken: latest.csv; to take one, give its path" in source.notes
    with pytest.raises(DataError, match=r"give the path of one: contrast\.csv, latest1\.csv"):
        load(make.folder(tmp_path / "other", {"latest1.csv": rows, "contrast.csv": few}))


@pytest.mark.parametrize("names", [("mnistTrain.csv", "mnistTest.csv"), ("train/data.csv", "test/data.csv")])
def test_tables_are_told_by_camel_case_and_by_their_folders(names, make, digits, tmp_path):
    contents = (make.csv([make.header(), *make.rows(each)]) for each in (digits, digits[:3]))
    source = load(make.folder(tmp_path, dict(zip(names, contents, strict=True))))
    assert (len(source.train), len(source.test)) == (20, 3)


@pytest.mark.parametrize("names", [("train/a.csv", "train/b.csv"), ("test/only.csv",)])
def test_folders_tell_no_parts_of_tables_where_there_is_but_one(names, make, digits, tmp_path):
    rows = make.csv([make.header(), *make.rows(digits)])
    made = make.folder(tmp_path, dict.fromkeys(names, rows))
    if len(names) == 1:
        assert len(load(made).train) == 20
        return
    with pytest.raises(DataError, match=r"give .*path"):
        load(made)


def idx(make, data, prefix):
    return {f"{prefix}images-idx3-ubyte": make.idx(data.images), f"{prefix}labels-idx1-ubyte": make.idx(data.labels)}


def test_of_several_idx_sets_one_is_taken_and_the_others_are_told(make, digits, tmp_path):
    files = idx(make, digits[:5], "mnist/train-") | idx(make, digits[5:7], "mnist/t10k-")
    files |= idx(make, digits[7:], "fashion/train-") | idx(make, digits[:1], "fashion/t10k-")
    source = load(make.folder(tmp_path, files))
    assert (len(source.train), len(source.test)) == (5, 2)
    (note,) = [note for note in source.notes if "not taken" in note]
    assert note.startswith("taken: mnist/t")
    assert "not taken: other IDX files (fashion/" in note
    assert len(load(tmp_path / "fashion").train) == 13  # the remedy


def test_sets_side_by_side_are_not_mixed(make, digits, tmp_path):
    files = idx(make, digits[:5], "emnist-letters-train-") | idx(make, digits[5:], "emnist-digits-train-")
    files |= idx(make, digits[:2], "emnist-letters-test-") | idx(make, digits[:3], "emnist-digits-test-")
    source = load(make.folder(tmp_path, files))
    assert (len(source.train), len(source.test)) == (15, 3)
    assert any("not taken: other IDX files (emnist-letters-" in note for note in source.notes)


def test_parts_may_be_folders_of_idx_files(make, digits, tmp_path):
    files = idx(make, digits[:15], "set/train/") | idx(make, digits[15:], "set/test/")
    source = load(make.folder(tmp_path, files))
    assert (len(source.train), len(source.test)) == (15, 5)


def test_the_other_kind_of_data_in_a_folder_is_told(make, digits, tmp_path):
    rows = make.csv([make.header(), *make.rows(digits)])
    files = idx(make, digits[:5], "train-") | {"train.csv": rows, "3/a.png": make.picture(digits.images[0])}
    source = load(make.folder(tmp_path, files))
    assert len(source.train) == 5
    assert (
        "taken: the IDX files; not taken: tables (train.csv) and pictures (3/a.png); to take others, give their path"
        in (source.notes)
    )
    assert len(load(tmp_path / "train.csv").train) == 20  # the remedy
