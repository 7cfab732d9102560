"""Parquet in the two forms it comes in: columns of pixels, and the Hugging Face hub's pictures."""

import io
import sys

import numpy as np
import pytest

from inkling.data import load
from inkling.errors import DataError, MissingExtraError
from needs import needs_pyarrow

pyarrow = pytest.importorskip("pyarrow", reason=needs_pyarrow.reason("Parquet files are read"))


def parquet(columns) -> bytes:
    from pyarrow.parquet import write_table

    out = io.BytesIO()
    write_table(pyarrow.table(columns), out)
    return out.getvalue()


@pytest.fixture
def loaded(tmp_path):
    def of(columns):
        path = tmp_path / "digits.parquet"
        path.write_bytes(parquet(columns))
        return load(path)

    return of


@pytest.mark.parametrize("label_last", [False, True])
def test_columns_of_pixels(loaded, digits, label_last):
    pixels = {f"pixel{index}": column for index, column in enumerate(digits.images.reshape(20, -1).T)}
    label = {"label": digits.labels}
    source = loaded(pixels | label if label_last else label | pixels)
    assert np.array_equal(source.train.images, digits.images)
    assert np.array_equal(source.train.labels, digits.labels)


@pytest.mark.parametrize("wrapped", [True, False])
def test_pictures_as_the_hub_has_them(loaded, make, digits, wrapped):
    pictures = [make.picture(image) for image in digits.images]
    cells = [{"bytes": data, "path": None} for data in pictures] if wrapped else pictures
    source = loaded({"image": cells, "label": digits.labels})
    assert np.array_equal(source.train.images, digits.images)
    assert np.array_equal(source.train.labels, digits.labels)


@pytest.mark.parametrize("form", ["flat", "nested", "fixed", "channel", "floats"])
def test_lists_of_pixels(loaded, digits, form):
    images = digits.images
    cells = {
        "flat": images.reshape(20, -1).tolist(),
        "nested": images.tolist(),
        "fixed": pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(images.ravel()), 784),
        "channel": images[..., None].tolist(),
        "floats": (images / 255).reshape(20, -1).tolist(),
    }[form]
    source = loaded({"id": [f"row {i}" for i in range(20)], "image": cells, "label": digits.labels})
    assert np.array_equal(source.train.images, digits.images)
    assert np.array_equal(source.train.labels, digits.labels)
    assert bool(source.notes) == (form == "floats")


def test_lists_of_different_lengths_are_refused_with_their_row(loaded, digits):
    cells = digits.images.reshape(20, -1).tolist()
    for wrong in ([1, 2], None):
        with pytest.raises(DataError, match="row 8: as many numbers as in the first row were expected in image in"):
            loaded({"image": [*cells[:7], wrong, *cells[8:]]})
    with pytest.raises(DataError, match=r"row 4: as many numbers"):
        loaded({"image": [*digits.images[:3].tolist(), [[0] * 28] * 27 + [[0] * 27]]})


def test_a_picture_that_is_repeated_until_memory_is_gone_is_refused(make, tmp_path, monkeypatch):
    """A dictionary holds it once, so that the file stays small."""
    monkeypatch.setattr("inkling.data.unpacking.FREE_MEGABYTES", 1)
    picture = bytes(np.random.default_rng(0).integers(0, 256, 20_000, np.uint8))
    (tmp_path / "x.parquet").write_bytes(parquet({"image": [picture] * 5000}))
    assert (tmp_path / "x.parquet").stat().st_size < 200_000
    with pytest.raises(DataError, match="if you trust the file, unpack it yourself"):
        load(tmp_path / "x.parquet")


def test_the_hub_s_folder(make, digits, tmp_path):
    def part(data):
        return parquet({"image": [make.picture(image) for image in data.images], "label": data.labels})

    files = {
        "mnist/train-00000-of-00001.parquet": part(digits[:15]),
        "mnist/test-00000-of-00001.parquet": part(digits[15:]),
    }
    source = load(make.folder(tmp_path, files))
    assert np.array_equal(source.train.images, digits.images[:15])
    assert np.array_equal(source.test.labels, digits.labels[15:])


WRONG = {
    "words": ({"image": ["one", "two"]}, "row 1: the bytes of a picture were expected, found str"),
    "no bytes": ({"image": [{"bytes": None, "path": "7.png"}]}, "row 1: the bytes of a picture .* found NoneType"),
    "no picture": ({"image": [b"seven"], "label": [7]}, "row 1: a picture was expected, but this is text"),
    "few columns": ({"label": [1], "a": [2]}, "784 columns of pixels .* were expected, found 1"),
    "missing label": ({"label": [1, None], **{f"p{i}": [0, 0] for i in range(784)}}, r"row 2: .* found none \(NaN\)"),
    "no rows": (
        {f"p{i}": pyarrow.array([], "uint8") for i in range(784)},
        "784 pixels were expected, but there is none",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_said(loaded, wrong):
    columns, sentence = WRONG[wrong]
    with pytest.raises(DataError, match=sentence):
        loaded(columns)


def test_without_pyarrow_the_extra_is_named(loaded, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"pyarrow, which is not installed: pip install "):
        loaded({"label": [1]})
