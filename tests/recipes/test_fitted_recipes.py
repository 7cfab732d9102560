"""A recipe is fitted to the image size and the classes of the data, or says in one sentence why it cannot be."""

import dataclasses
import string

import numpy as np
import pytest

from inkling.data import Dataset
from inkling.errors import UsageError
from inkling.nn import Conv2d, Flatten, Linear, MaxPool2d, Network, ReLU
from inkling.optim import SGD
from inkling.recipes import Recipe, load_recipe
from lively import LIVELY, SEEING


def data(size=28, class_names=string.digits):
    return Dataset(
        np.zeros((3, size, size), np.uint8), np.zeros(3, np.int64), name="mine", class_names=tuple(class_names)
    )


def test_a_recipe_that_fits_stays_the_same_object():
    assert LIVELY.fitted_to(data()) is LIVELY
    assert SEEING.fitted_to(data()) is SEEING


def test_ten_classes_that_are_no_digits_need_no_change():
    assert LIVELY.fitted_to(data(class_names="ABCDEFGHIJ")) is LIVELY


def test_a_recipe_for_letters_ends_in_a_logit_per_letter_and_changes_in_nothing_else():
    fitted = LIVELY.fitted_to(data(class_names=string.ascii_uppercase))
    assert fitted.network.layers[-1] == Linear(26)
    assert fitted.network.layers[:-1] == LIVELY.network.layers[:-1]
    assert fitted.n_classes == 26
    assert dataclasses.replace(fitted, network=LIVELY.network) == LIVELY


def test_the_last_layer_keeps_its_initializer():
    recipe = load_recipe("gd-64-32")
    *_, last = recipe.fitted_to(data(class_names=string.ascii_uppercase)).network.layers
    assert last == dataclasses.replace(recipe.network.layers[-1], out_features=26)


@pytest.mark.parametrize("size", [8, 16, 32])
def test_a_recipe_for_another_size_takes_such_images(size):
    fitted = LIVELY.fitted_to(data(size))
    assert fitted.network.input_shape == (size, size, 1)
    assert fitted.network.layers == LIVELY.network.layers


@pytest.mark.parametrize("classes", [string.digits, string.ascii_uppercase])
def test_the_input_shape_is_an_entry_of_the_file(tmp_path, classes):
    fitted = LIVELY.fitted_to(data(16, classes))
    (tmp_path / "fitted.toml").write_text(fitted.to_toml())
    assert "input_shape = [\n    16,\n    16,\n    1,\n]" in fitted.to_toml()
    assert load_recipe(tmp_path / "fitted.toml") == fitted
    assert fitted.to_dict()["input_shape"] == [16, 16, 1]


def test_images_of_28_by_28_pixels_need_no_entry():
    assert "input_shape" not in LIVELY.to_dict()


@pytest.mark.parametrize(
    ("recipe", "dataset", "sentence"),
    [
        (
            Recipe(Network(Flatten(), Linear(12)), SGD(), name="twelve"),
            data(class_names="ABC"),
            r"^recipe twelve: the network tells 12 classes apart, but mine has 3 classes \(A, B, C\): "
            r"end it with Linear\(3\)$",
        ),
        (
            Recipe(Network(Flatten(), Linear(11)), SGD(), name="eleven"),
            data(),
            r"^recipe eleven: the network tells 11 classes apart, but mine has 10 classes \(0, 1, 2, 3, 4, …\): "
            r"end it with Linear\(10\)$",
        ),
        (
            Recipe(Network(Flatten(), Linear(10), ReLU()), SGD(), name="odd"),
            data(class_names="ABC"),
            r"^recipe odd: the network tells 10 classes apart, but mine has 3 classes \(A, B, C\): end it with",
        ),
        (
            Recipe(Network(Conv2d(4, 9), MaxPool2d(4), Flatten(), Linear(10)), SGD(), name="wide"),
            data(8),
            r"^recipe wide: the network cannot take the images of mine, \(8, 8, 1\): ",
        ),
        (
            SEEING,
            data(class_names="ABCDEFGHIJ"),
            r"^recipe seeing: non_digits and drawn_digits need data of the digits 0 to 9, not of 10 classes \(A, B",
        ),
        (SEEING, data(16), r"^recipe seeing: .*\(28, 28, 1\)"),
    ],
    ids=["12 logits", "11 logits", "no linear layer", "kernel too large", "synthetic letters", "synthetic size"],
)
def test_what_does_not_fit_is_one_sentence(recipe, dataset, sentence):
    with pytest.raises(UsageError, match=sentence) as caught:
        recipe.fitted_to(dataset)
    assert "\n" not in str(caught.value)
