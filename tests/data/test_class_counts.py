"""Classes without images are named wherever data are loaded, and a training warns of them."""

import numpy as np
import pytest

import inkling
from inkling.data import Dataset, Source, load
from inkling.data.class_counts import notes_on_training, without_images
from inkling.data.parts import split_source
from inkling.errors import InklingWarning
from lively import LIVELY


@pytest.fixture(scope="module")
def real():
    return load("digits").train[:100]


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (range(10), ""),
        (range(2, 10), "no images of the digits 0, 1"),
        (range(9), "no images of the digit 9"),
        ([4], "all images are of one digit, 4: nothing can be told apart, and an accuracy means nothing"),
    ],
)
def test_digits_without_images_are_named(wanted, sentence, real, make, tmp_path):
    part = real[np.isin(real.labels, list(wanted))]
    assert without_images(part) == sentence
    (tmp_path / "x.npz").write_bytes(make.npz(images=part.images, labels=part.labels))
    notes = load(tmp_path / "x.npz").notes
    assert notes == ((f"{tmp_path / 'x.npz'}: {sentence}",) if sentence else ())


def test_other_classes_are_called_classes():
    names = tuple(f"class {number}" for number in range(20))
    part = Dataset(np.zeros((2, 8, 8), np.uint8), [0, 1], class_names=names)
    assert without_images(part) == (
        "no images of the classes class 2, class 3, class 4, class 5, class 6, class 7, class 8, class 9, class 10, "
        "class 11 and 8 more"
    )
    assert without_images(Dataset(part.images)) == ""


def test_a_training_of_a_dataset_warns(real):
    some = real[real.labels < 8]
    with pytest.warns(InklingWarning, match="data: training part: no images of the digits 8, 9"):
        inkling.fit(LIVELY.override(epochs=1, keep="last"), Dataset(some.images, some.labels), workers=1)


def test_what_loading_has_said_is_not_said_again(real):
    parts = split_source(Source.of("x", real[real.labels < 9]), LIVELY.split, 0)
    assert notes_on_training(parts) == ("training part: no images of the digit 9",)
    assert notes_on_training(parts, said=["x train: no images of the digit 9"]) == ()
