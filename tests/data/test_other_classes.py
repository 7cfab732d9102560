"""Classes other than the ten digits, in every format: what names them, and what is refused."""

import gzip
import io
import json

import numpy as np
import pytest

from inkling.classes import DIGITS
from inkling.data import load
from inkling.errors import DataError

LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
CLOTHES = ("Mütze", "Hose", "Hemd 2", "Hemd 10")
CLOTHES_IN_ORDER = ("Hemd 2", "Hemd 10", "Hose", "Mütze")


def images(count, height=16, width=16, seed=0):
    """Random images with a dark rim, as pictures of single things have."""
    found = np.zeros((count, height, width), np.uint8)
    found[:, 1:-1, 1:-1] = np.random.default_rng(seed).integers(0, 256, (count, height - 2, width - 2))
    found[:, 2, 2] = 255
    return found


def emnist():
    """Two images of each letter, with labels from 1 to 26."""
    return images(52, 28, 28), np.repeat(np.arange(1, 27), 2)


@pytest.fixture
def npz(make, tmp_path):
    def of(**arrays):
        (tmp_path / "data.npz").write_bytes(make.npz(**arrays))
        return load(tmp_path / "data.npz")

    return of


def idx_pair(make, pictures, labels, part="train"):
    return {f"{part}-images-idx3-ubyte": make.idx(pictures), f"{part}-labels-idx1-ubyte": make.idx(labels)}


# --- numbers without names ----------------------------------------------------------------------------------------


def test_emnist_s_letters_are_counted_from_1(make, tmp_path):
    pictures, labels = emnist()
    files = idx_pair(make, pictures, labels) | idx_pair(make, pictures[:4], labels[:4], "t10k")
    source = load(make.folder(tmp_path, files))
    assert source.class_names == tuple(map(str, range(1, 27)))
    assert source.train.labels.tolist() == (labels - 1).tolist()
    assert source.test.labels.tolist() == [0, 0, 1, 1]
    assert "26 classes (1, 2, 3, 4, 5, …)" in source.notes


def test_the_part_to_test_on_has_the_classes_of_the_part_to_train_on(npz):
    """Its own labels, 0 to 9 here, could be taken for digits."""
    source = npz(x_train=images(94), y_train=np.arange(94) % 47, x_test=images(3), y_test=[0, 9, 3])
    assert source.test.class_names == source.train.class_names == tuple(map(str, range(47)))


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ([0, 1, 2, 3, 77, 5], "row 5: a label from 0 to 9 was expected, found 77; classes other than the digits"),
        ([*range(11), *range(10)], "row 11: a label from 0 to 9 was expected, found 10"),  # a single one is damaged
        ([*range(12), *range(12), 13, 13], "row 11: a label from 0 to 9 was expected, found 10"),
        ([*range(3, 30), *range(3, 30)], "row 8: a label from 0 to 9 was expected, found 10"),
    ],
)
def test_numbers_that_are_no_classes_are_refused_with_their_row(npz, labels, sentence):
    with pytest.raises(DataError, match=sentence):
        npz(images=images(len(labels)), labels=np.array(labels))


def test_a_label_that_is_not_among_the_classes_of_the_training_part_is_refused(npz):
    train = {"x_train": images(52), "y_train": np.repeat(np.arange(1, 27), 2)}
    with pytest.raises(DataError, match="row 2: a label from 1 to 26 was expected, found 27; leave the row out"):
        npz(**train, x_test=images(2), y_test=[1, 27])


# --- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zipped", [False, True])
def test_a_list_of_classes_names_them(make, tmp_path, zipped):
    pictures, labels = emnist()
    files = {f"emnist/{name}": gzip.compress(data) for name, data in idx_pair(make, pictures, labels).items()}
    files["emnist/classes.txt"] = b"\xef\xbb\xbf" + "\r\n".join(LETTERS).encode()
    if zipped:
        files = {"e.zip": make.zip(files)}
    source = load(make.folder(tmp_path, files) / ("e.zip" if zipped else ""))
    assert source.class_names == LETTERS
    assert source.train.labels.tolist() == (labels - 1).tolist()
    assert "26 classes (A, B, C, D, E, …) named in classes.txt" in source.notes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])  # UTF-16 is what PowerShell's `>` writes
def test_a_list_of_classes_beside_a_single_file_is_found(make, tmp_path, encoding):
    make.folder(tmp_path, {"x.npz": make.npz(images=images(4), labels=np.arange(4))})
    (tmp_path / "classes.txt").write_text("\n".join(CLOTHES), encoding=encoding)
    assert load(tmp_path / "x.npz").class_names == CLOTHES


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"A\nA\nB", r"2 to 10,000 classes of different names were expected, found 3 classes \(A, A, B\)"),
        (b"A\n", r"2 to 10,000 classes of different names were expected, found 1 class \(A\)"),
        ("Mütze\nHose".encode("latin-1"), "classes.txt: a name per line in UTF-8 was expected, found another encoding"),
        (b"A\nB\nC\n", "row 4: a label from 0 to 2 was expected, found 3; leave the row out"),
    ],
)
def test_a_wrong_list_of_classes_is_told(make, tmp_path, content, sentence):
    make.folder(tmp_path, {"x.npz": make.npz(images=images(4), labels=np.arange(4)), "classes.txt": content})
    with pytest.raises(DataError, match=sentence):
        load(tmp_path / "x.npz")


@pytest.mark.parametrize(
    ("train", "test", "first"),
    [((1, 25), (1, 26), 1), ((1, 25), (0, 3), 0), ((1, 26), (2, 3), 1)],
    ids=["26 in the test part", "0 in the test part", "26 in the training part"],
)
def test_labels_of_all_parts_show_what_named_labels_count_from(make, tmp_path, train, test, first):
    """Regression test: where the training part had no Z, every A was called B."""
    labels = {"train": np.arange(train[0], train[1] + 1), "t10k": np.arange(test[0], test[1] + 1)}
    files = {"classes.txt": "\n".join(LETTERS).encode()}
    for part, of_it in labels.items():
        files |= idx_pair(make, images(len(of_it), 28, 28), of_it, part)
    source = load(make.folder(tmp_path, files))
    assert source.train.labels.tolist() == (labels["train"] - first).tolist()
    assert source.test.labels.tolist() == (labels["t10k"] - first).tolist()


def test_labels_that_do_not_show_what_they_count_from_are_refused(make, tmp_path):
    files = idx_pair(make, images(25, 28, 28), np.arange(1, 26)) | {"classes.txt": "\n".join(LETTERS).encode()}
    sentence = (
        r"26 classes \(A, .*\) are named, and labels from 1 to 25 do not show whether the first name has the label "
        "0 or 1; name only classes that have images and count labels from 0, or write the names as labels"
    )
    with pytest.raises(DataError, match=sentence):
        load(make.folder(tmp_path, files))


def test_an_array_of_class_names(npz):
    source = npz(images=images(4), labels=[3, 0, 1, 2], class_names=np.array(CLOTHES))
    assert source.class_names == CLOTHES
    assert source.train.labels.tolist() == [3, 0, 1, 2]
    with pytest.raises(DataError, match="class names must be texts that are not empty, not ''"):
        npz(images=images(2), labels=[0, 1], class_names=np.array(["A", ""]))
    with pytest.raises(DataError, match=r"class_names in .*: texts \(K,\) were expected, found int64 \(2,\)"):
        npz(images=images(4), labels=[3, 0, 1, 2], class_names=np.array([1, 2]))


@pytest.mark.parametrize("place", ["first", "last", "named"])
def test_texts_are_labels_of_a_table(make, tmp_path, place):
    pictures, labels = images(40), [CLOTHES[row % 4] for row in range(40)]
    table = [[*map(str, row)] for row in pictures.reshape(40, -1)]
    both = list(zip(table, labels, strict=True))
    if place == "named":
        table = [[*row[:9], label, *row[9:]] for row, label in both]
        table.insert(0, [*(f"p{column}" for column in range(9)), "Class", *(f"p{column}" for column in range(9, 256))])
    else:
        table = [[label, *row] if place == "first" else [*row, f'"{label}"'] for row, label in both]
    (tmp_path / "t.csv").write_bytes(make.csv(table))
    source = load(tmp_path / "t.csv")
    assert source.class_names == CLOTHES_IN_ORDER
    assert [source.class_names[label] for label in source.train.labels] == labels
    np.testing.assert_array_equal(source.train.images, pictures)


def test_texts_may_hold_the_delimiter_and_some_of_them_be_figures(make, tmp_path):
    labels = ['"T-shirt, top"', "7", "ß"] * 7
    table = [[label, *map(str, row)] for label, row in zip(labels, images(21).reshape(21, -1), strict=True)]
    (tmp_path / "t.csv").write_bytes(make.csv([["label", *(f"p{i}" for i in range(256))], *table]))
    source = load(tmp_path / "t.csv")
    assert source.class_names == ("7", "ß", "T-shirt, top")
    assert source.train.labels.tolist() == [2, 0, 1] * 7


def test_texts_among_which_sorted_figures_come_first(make, tmp_path):
    labels = [character for character in (*DIGITS, *LETTERS) for _ in range(3)]
    table = [[label, *map(str, row)] for label, row in zip(labels, images(108).reshape(108, -1), strict=True)]
    (tmp_path / "t.csv").write_bytes(make.csv(table))
    assert load(tmp_path / "t.csv").class_names == (*DIGITS, *LETTERS)


def test_a_wrong_pixel_beside_texts_is_named_with_its_row_and_column(make, tmp_path):
    table = [[CLOTHES[i % 4], *map(str, row)] for i, row in enumerate(images(8).reshape(8, -1))]
    table[5][9] = "x7"
    (tmp_path / "t.csv").write_bytes(make.csv(table))
    with pytest.raises(DataError, match="row 6: a number was expected in column 10, found 'x7'"):
        load(tmp_path / "t.csv")


def test_labels_in_another_encoding_are_told(make, tmp_path):
    table = [["Mütze", *map(str, row)] for row in images(4).reshape(4, -1)]
    (tmp_path / "t.csv").write_bytes(make.csv(table).decode().encode("latin-1"))
    with pytest.raises(DataError, match="row 1: a label in UTF-8 was expected; save the table with this encoding"):
        load(tmp_path / "t.csv")


def test_both_parts_have_the_classes_of_either(make, tmp_path):
    def table(*labels):
        rows = images(len(labels)).reshape(len(labels), -1)
        return make.csv([[label, *map(str, row)] for label, row in zip(labels, rows, strict=True)])

    source = load(make.folder(tmp_path, {"train.csv": table("b", "a"), "test.csv": table("c", "a")}))
    assert source.train.class_names == source.test.class_names == ("a", "b", "c")
    (tmp_path / "classes.txt").write_text("a\nb")
    with pytest.raises(DataError, match=r"row 1: a label out of 2 classes \(a, b\) was expected, found 'c'"):
        load(tmp_path)


# --- the Hugging Face hub -----------------------------------------------------------------------------------------


def parquet(columns, names=None) -> bytes:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed: classes are named by the hub")
    from pyarrow.parquet import write_table

    table = pyarrow.table(columns)
    if names is not None:
        features = {"image": {"_type": "Image"}, "label": {"names": list(names), "_type": "ClassLabel"}}
        table = table.replace_schema_metadata({b"huggingface": json.dumps({"info": {"features": features}}).encode()})
    out = io.BytesIO()
    write_table(table, out)
    return out.getvalue()


def test_the_hub_names_the_classes_and_its_pictures_of_clothes_stay_as_they_are(make, tmp_path):
    pictures = 255 - images(8, 32, 32)  # on a bright ground
    cells = [{"bytes": make.picture(picture), "path": None} for picture in pictures]

    def part(rows):
        return parquet({"image": cells[rows], "label": np.arange(8)[rows] % 4}, CLOTHES)

    files = {"train-00000-of-00001.parquet": part(slice(0, 6)), "test-00000-of-00001.parquet": part(slice(6, 8))}
    source = load(make.folder(tmp_path, files))
    assert source.class_names == CLOTHES
    assert not source.normalized
    np.testing.assert_array_equal(source.train.images, pictures[:6])
    assert source.test.labels.tolist() == [2, 3]
    assert "4 classes (Mütze, Hose, Hemd 2, Hemd 10); pictures are taken as they are" in source.notes


def test_labels_of_the_hub_count_from_0_also_where_none_is_0(make, tmp_path):
    cells = [make.picture(255 - picture) for picture in images(2, 32, 32)]
    (tmp_path / "x.parquet").write_bytes(parquet({"image": cells, "label": [1, 2]}, CLOTHES))
    assert load(tmp_path / "x.parquet").train.labels.tolist() == [1, 2]


def test_parts_of_which_the_hub_says_different_classes_are_refused(make, tmp_path):
    cells = [make.picture(picture) for picture in images(2)]
    files = {
        part: parquet({"image": cells, "label": [0, 1]}, names) for part, names in (("train", "AB"), ("test", "AC"))
    }
    with pytest.raises(DataError, match=r"found 2 classes \(A, B\) to train on and 2 classes \(A, C\) to test on"):
        load(make.folder(tmp_path, {f"{part}.parquet": data for part, data in files.items()}))


def test_pictures_of_letters_on_the_hub_are_normalised(make, tmp_path):
    cells = [make.picture(255 - picture) for picture in images(4, 40, 40)]
    (tmp_path / "x.parquet").write_bytes(parquet({"image": cells, "label": [0, 1, 0, 1]}, "AB"))
    source = load(tmp_path / "x.parquet")
    assert source.train.image_shape == (28, 28)
    assert source.normalized


def test_texts_are_labels_in_parquet(make, tmp_path):
    cells = [make.picture(picture) for picture in images(3, 20, 20)]
    (tmp_path / "x.parquet").write_bytes(parquet({"image": cells, "label": ["Hose", "Mütze", "Hose"]}))
    source = load(tmp_path / "x.parquet")
    assert source.class_names == ("Hose", "Mütze")
    assert source.train.labels.tolist() == [0, 1, 0]
    (tmp_path / "x.parquet").write_bytes(parquet({"image": cells, "label": ["Hose", None, "Hose"]}))
    with pytest.raises(DataError, match="row 2: numbers or texts were expected as labels, found none"):
        load(tmp_path / "x.parquet")


# --- folders ------------------------------------------------------------------------------------------------------


def folders(make, path, names, pictures):
    files = {f"{name}/{i}.png": make.picture(picture) for name in names for i, picture in enumerate(pictures)}
    return make.folder(path, files)


def test_folders_of_letters_are_handwriting(make, tmp_path):
    source = load(folders(make, tmp_path, LETTERS, 255 - images(1, 50, 40)))
    assert source.class_names == LETTERS
    assert source.train.image_shape == (28, 28)
    assert source.normalized
    assert source.train.labels.tolist() == list(range(26))


def test_digits_and_letters_are_36_classes(make, tmp_path):
    source = load(folders(make, tmp_path, [*LETTERS[::-1], *DIGITS], images(1, 28, 28)))
    assert source.class_names == (*DIGITS, *LETTERS)
    assert "digits and letters are classes side by side" in source.notes


def test_folders_with_names_in_utf_8_keep_the_size_of_their_pictures(make, tmp_path):
    pictures = 255 - images(2, 32, 32)
    decomposed = "Mu\u0308tze"  # as macOS stores it
    source = load(folders(make, tmp_path, [decomposed, "Hose", "Hemd 10", "Hemd 2"], pictures))
    assert source.class_names == CLOTHES_IN_ORDER
    np.testing.assert_array_equal(source.train.images, np.tile(pictures, (4, 1, 1)))
    assert not source.normalized
    assert source.notes == (
        "pictures in folders named after their class",
        "4 classes (Hemd 2, Hemd 10, Hose, Mütze); pictures are taken as they are",
    )


def test_names_in_a_zip_that_does_not_say_that_they_are_utf_8(make, tmp_path):
    """As macOS writes them: without the flag, zip's encoding is that of the IBM PC."""
    content = make.zip({f"{name}/a.png": make.picture(images(1)[0]) for name in ("Mütze", "Hose")})
    for signature, place in ((b"PK\x03\x04", 2), (b"PK\x01\x02", 4)):  # the flags in local and in central headers
        pieces = content.split(signature)
        content = signature.join([pieces[0], *(p[:place] + b"\0\0" + p[place + 2 :] for p in pieces[1:])])
    (tmp_path / "x.zip").write_bytes(content)
    assert load(tmp_path / "x.zip").class_names == ("Hose", "Mütze")


def test_the_same_classes_whichever_part_has_them(make, tmp_path):
    picture = make.picture(images(1)[0])
    files = {"train/boot/a.png": picture, "train/coat/a.png": picture, "test/bag/a.png": picture}
    source = load(make.folder(tmp_path, files))
    assert source.train.class_names == source.test.class_names == ("bag", "boot", "coat")
    assert (source.train.labels.tolist(), source.test.labels.tolist()) == ([1, 2], [0])


@pytest.mark.parametrize("first", [0, 1])
def test_folders_that_are_counted_are_classes_and_not_ten_digits(make, tmp_path, first):
    names = [str(number) for number in range(first, 14)]
    source = load(folders(make, tmp_path, names, images(1)))
    assert source.class_names == tuple(names)


def test_pictures_of_two_sizes_are_told(make, tmp_path):
    files = {"boot/a.png": make.picture(images(1, 12, 12)[0]), "coat/b.png": make.picture(images(1, 12, 14)[0])}
    sentence = r"coat/b\.png in .*: a picture of 12×12 pixels was expected, as boot/a\.png in .* is, found 12×14; bring"
    with pytest.raises(DataError, match=sentence):
        load(make.folder(tmp_path, files))


def test_pictures_that_are_too_large_are_told(make, tmp_path):
    files = {"boot/a.png": make.picture(images(1, 8, 1025)[0]), "coat/b.png": make.picture(images(1, 12, 14)[0])}
    with pytest.raises(DataError, match=r"boot/a\.png in .*: images with 4 to 1024 pixels per side .* found 8×1025"):
        load(make.folder(tmp_path, files))


def test_one_folder_alone_makes_no_classes(make, tmp_path):
    with pytest.raises(DataError, match=r"from 2 to 10,000 classes of different names were .* found 1 class \(boot\)"):
        load(folders(make, tmp_path, ["boot"], images(1)))


def test_a_table_with_blank_lines_around_its_texts(make, tmp_path):
    table = [[CLOTHES[i % 4], *map(str, row)] for i, row in enumerate(images(8).reshape(8, -1))]
    (tmp_path / "t.csv").write_bytes(b"\n\n" + make.csv(table, end="\n\n").rstrip())
    source = load(tmp_path / "t.csv")
    assert source.class_names == CLOTHES_IN_ORDER
    np.testing.assert_array_equal(source.train.images, images(8))


def test_a_header_above_one_row_is_not_taken_for_a_text(make, tmp_path):
    table = [["label", *(f"p{i}" for i in range(256))], ["7", *map(str, images(1).ravel())]]
    (tmp_path / "t.csv").write_bytes(make.csv(table).rstrip())
    source = load(tmp_path / "t.csv")
    assert (source.class_names, source.train.labels.tolist()) == (DIGITS, [7])
