"""A notebook shows pictures of datasets and sources, and short texts of recipes, models and reports."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

import inkling
from inkling.data import Dataset, load
from inkling.nn import Flatten, Linear, Network
from inkling.optim import SGD
from inkling.recipes import Recipe, load_recipe, recipe_names
from inkling.training import EpochReport


def sheet(html: str) -> np.ndarray:
    (encoded,) = re.findall(r'src="data:image/png;base64,([^"]+)"', html)
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded))))


def test_a_dataset_is_shown_by_its_first_images_and_their_labels() -> None:
    train = load("digits").train
    html = train._repr_html_()
    assert "<b>digits train</b>: 1,437 images of 28×28 pixels, digits" in html
    np.testing.assert_array_equal(sheet(html)[2 : 2 + 84 : 3, 2 : 2 + 84 : 3], 255 - train.images[0])
    assert f"{', '.join(map(str, train.labels[:12]))}<br>{', '.join(map(str, train.labels[12:24]))}</div>" in html


def test_a_dataset_of_few_images_without_labels() -> None:
    html = Dataset(np.zeros((3, 8, 4), np.uint8), name="<b>")._repr_html_()
    assert "<b>&lt;b&gt;</b>: 3 images of 8×4 pixels, no labels" in html
    assert sheet(html).shape == (2 + 82, 2 + 3 * 42)


def test_an_empty_dataset_has_no_picture() -> None:
    assert "<img" not in load("digits").train[:0]._repr_html_()


def test_names_of_classes_stay_text() -> None:
    html = Dataset(np.zeros((2, 8, 8), np.uint8), [0, 1], class_names=("<i>", "b"))._repr_html_()
    assert "2 classes (&lt;i&gt;, b)" in html
    assert "<i>" not in html


def test_a_source_is_shown_by_its_notes_and_parts() -> None:
    source = load("digits")
    html = source._repr_html_()
    assert all(note in html for note in source.notes)
    assert html.count("<img") == len(source.parts) == 2


def test_a_recipe_names_only_what_differs_from_the_default() -> None:
    recipe = Recipe(Network(Flatten(), Linear(10)), SGD(), epochs=3)
    assert repr(recipe) == "Recipe(Network(Flatten(), Linear(10)), SGD(), epochs=3)"


@pytest.mark.parametrize("name", recipe_names())
def test_the_text_of_a_recipe_is_python_that_makes_it_again(name: str) -> None:
    from inkling import augmentation, nn, optim
    from inkling.data import split
    from inkling.recipes import claim, recipe, stopping

    known: dict[str, object] = {}
    for module in (augmentation, nn, optim, split, claim, recipe, stopping):
        known |= vars(module)
    assert eval(repr(load_recipe(name)), known) == load_recipe(name)


def test_an_epoch_is_one_short_line() -> None:
    report = EpochReport(1, 0.123456789, 0.9, 1e-3, 1.23456789, 10000.1234)
    assert repr(report) == (
        "EpochReport(epoch=1, training_loss=0.12346, training_accuracy=0.9, learning_rate=0.001, seconds=1.2346, "
        "images_per_second=10000)"
    )


def test_a_model_is_its_network_and_the_number_of_its_parameters() -> None:
    text = repr(inkling.load_model())
    assert text.endswith("Linear(11)), Parameters(149,419 numbers float32, 576 statistics))")
    assert len(text) < 300
