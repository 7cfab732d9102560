"""Images of other sizes than 28×28, in every format that tells a size or has square images."""

import numpy as np
import pytest

from inkling.classes import DIGITS
from inkling.data import load
from inkling.data.square_digits import digits_of_squares
from inkling.errors import DataError


def images(count, height, width, seed=0):
    """Random images with a dark rim, as pictures of single things have."""
    found = np.zeros((count, height, width), np.uint8)
    found[:, 1:-1, 1:-1] = np.random.default_rng(seed).integers(0, 256, (count, height - 2, width - 2))
    found[:, 2, 2] = 255
    return found


@pytest.fixture
def npz(make, tmp_path):
    def of(**arrays):
        (tmp_path / "data.npz").write_bytes(make.npz(**arrays))
        return load(tmp_path / "data.npz")

    return of


@pytest.mark.parametrize("shape", [(16, 16), (32, 32), (28, 20), (4, 1024)], ids=str)
def test_idx(make, tmp_path, shape):
    pictures, labels = images(12, *shape), np.arange(12) % 10
    files = {"train-images-idx3-ubyte": make.idx(pictures), "train-labels-idx1-ubyte": make.idx(labels)}
    source = load(make.folder(tmp_path, files))
    np.testing.assert_array_equal(source.train.images, pictures)
    assert source.train.image_shape == shape
    assert source.class_names == DIGITS


@pytest.mark.parametrize("shape", [(10, 16, 16), (10, 256), (10, 16, 16, 1), (10, 1, 16, 16)], ids=str)
def test_usps_s_digits_of_16_by_16_in_npz(npz, shape):
    pictures = images(10, 16, 16)
    source = npz(images=(pictures / 255).astype(np.float32).reshape(shape), labels=np.arange(10))
    np.testing.assert_array_equal(source.train.images, pictures)


def test_arrays_that_are_not_square(npz):
    assert npz(images=images(10, 20, 33), labels=np.arange(10)).train.image_shape == (20, 33)


@pytest.mark.parametrize("side", [8, 16, 32])
@pytest.mark.parametrize("label", ["first", "last", "named", "none"])
@pytest.mark.parametrize("classes", [10, 12])
def test_tables_of_square_images(make, tmp_path, side, label, classes):
    """Digits are brought to 28×28. Images of other classes, or of unknown ones, stay as they are."""
    pictures, labels = images(24, side, side), np.arange(24) % classes
    table = [[*map(str, row)] for row in pictures.reshape(24, -1)]
    both = list(zip(table, map(str, labels), strict=True))
    if label == "last":
        table = [[*row, value] for row, value in both]
    elif label != "none":
        table = [[value, *row] for row, value in both]
    if label == "named":
        table = [["label", *(f"p{column}" for column in range(side * side))], *table]
    (tmp_path / "t.csv").write_bytes(make.csv(table))
    source = load(tmp_path / "t.csv")
    found = source.parts["test" if label == "none" else "train"]
    are_digits = classes == 10 and label != "none"
    np.testing.assert_array_equal(found.images, digits_of_squares(pictures) if are_digits else pictures)
    assert (f"digits of {side}×{side} pixels brought to 28×28, as pictures are" in source.notes) == are_digits
    assert source.normalized == are_digits
    assert found.labels is None if label == "none" else found.labels.tolist() == labels.tolist()


def test_a_table_whose_end_columns_both_vary_has_its_label_where_the_numbers_are_smaller(make, tmp_path):
    """The corners of clothes are no ground, and labels of more than ten classes do not look like digits."""
    pictures = np.random.default_rng(0).integers(0, 256, (40, 16, 16)).astype(np.uint8)
    pictures[0, 0, 0], pictures[0, -1, -1] = 200, 200
    labels = np.arange(40) % 20
    for order in (1, -1):
        columns = [labels[:, None], pictures.reshape(40, -1)][::order]
        (tmp_path / "t.csv").write_bytes(make.csv([[*map(str, row)] for row in np.hstack(columns)]))
        source = load(tmp_path / "t.csv")
        assert source.train.labels.tolist() == labels.tolist()
        np.testing.assert_array_equal(source.train.images, pictures)


def test_columns_of_pixels_in_parquet(tmp_path):
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed: tables of any size are read")
    from pyarrow.parquet import write_table

    pictures, labels = images(20, 32, 32), np.arange(20) % 10
    columns = {f"p{column}": values for column, values in enumerate(pictures.reshape(20, -1).T)}
    write_table(pyarrow.table({**columns, "label": labels}), tmp_path / "t.parquet")
    np.testing.assert_array_equal(load(tmp_path / "t.parquet").train.images, digits_of_squares(pictures))


def test_parts_of_two_sizes_are_refused(npz):
    train = {"x_train": images(10, 16, 16), "y_train": np.arange(10)}
    sentence = r"images of one size were expected, found 16×16 in .* train and 20×16 in .* test; bring all"
    with pytest.raises(DataError, match=sentence):
        npz(**train, x_test=images(10, 20, 16), y_test=np.arange(10))
