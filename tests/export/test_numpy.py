"""A file of Python answers as the model that it was exported from: every layer, drawn architectures, bundled models."""

import subprocess
import sys
from itertools import product
from types import ModuleType

import numpy as np
import pytest

import inkling
from export.models import distance, of_images, of_rows, random_images
from export.networks import IMAGES, ROWS, TO_ROWS, keeping, names
from inkling.data import load as load_data
from inkling.errors import UsageError
from inkling.export.numpy import export_numpy
from inkling.export.selftest import selftest_images
from inkling.model import BUNDLED, Model
from inkling.nn import Conv2d, Flatten, Linear, Network, ReLU, layers
from needs import needs_mnist
from page.architectures import drawn
from page.golden import random_model

NEAR = 1e-5


def exported(model, images=None):
    """The file as a module."""
    module = ModuleType("exported")
    text = export_numpy(model, random_images(model, 10) if images is None else images, "a model", "exported")
    exec(compile(text, "exported.py", "exec"), vars(module))
    return module


def worst(model):
    """The largest distance of the file's answers from the model's."""
    module, images = exported(model), random_images(model)
    assert module.self_test() < NEAR
    pairs = [(model.logits(images), module.logits(images)), (model.predict_proba(images), module.predict_proba(images))]
    return max(distance(*pair) for pair in pairs)


def test_every_layer():
    models = [*map(of_rows, ROWS), *(of_images(h, w, c, layer) for layer, h, w, c in IMAGES)]
    seen = {name for model in models for layer in model.network.layers for name in names(layer)}
    assert set(layers.__all__) - seen == set()
    far = {str(model.network): worst(model) for model in models}
    assert {network: each for network, each in far.items() if each > NEAR} == {}


@pytest.mark.thorough
@pytest.mark.parametrize("channels", [1, 2])
def test_every_ordered_pair(channels):
    pairs = product(keeping(channels), [*keeping(channels), *TO_ROWS])
    models = [of_images(8, 7, channels, *pair) for pair in pairs] + [of_rows(*pair) for pair in product(ROWS, ROWS)]
    assert {str(model.network) for model in models if worst(model) > NEAR} == set()


def test_drawn_architectures():
    assert {str(network) for network in drawn(40) if worst(random_model(network)) > NEAR} == set()


@needs_mnist("a file of Python answers as the bundled models on MNIST's test images")
@pytest.mark.parametrize("name", BUNDLED)
def test_images_of_mnist(name):
    """All 10,000 are compared by benchmarks/accuracy/exports.py."""
    model, images = inkling.load_model(name), load_data("mnist").test.images[:1000]
    module = exported(model, images)
    np.testing.assert_allclose(module.predict_proba(images), model.predict_proba(images), rtol=0, atol=NEAR)
    np.testing.assert_array_equal(module.predict(images[:100]), model.predict(images[:100]))
    assert hasattr(module, "not_a_digit") == model.knows_non_digits
    if model.knows_non_digits:
        images = images[:100]
        np.testing.assert_allclose(module.not_a_digit(images), model.not_a_digit(images), rtol=0, atol=NEAR)


def test_other_classes_and_sizes():
    network = Network(Conv2d(3, 3, stride=2), ReLU(), Flatten(), Linear(4), input_shape=(9, 12, 1))
    model = Model(network, random_model(network).params, {}, 2.5, ("α", '"""', "c\\"))
    module, images = exported(model), random_images(model, 7)
    assert (model.class_names, 2.5) == (module.CLASS_NAMES, module.TEMPERATURE)
    np.testing.assert_allclose(module.not_a_digit(images), model.not_a_digit(images), rtol=0, atol=NEAR)


@pytest.mark.parametrize("count", [0, 1, 65])
@pytest.mark.parametrize("form", [lambda x: x, lambda x: x.reshape(len(x), 784), lambda x: x / 255, np.int64])
def test_images_in_any_number_and_form(count, form):
    model = inkling.load_model("tiny")
    images = random_images(model, count)
    found = exported(model).predict_proba(form(images))
    np.testing.assert_allclose(found, model.predict_proba(images), rtol=0, atol=NEAR)


def test_one_image_is_taken_as_the_model_takes_it():
    model = inkling.load_model("tiny")
    image = random_images(model, 1)[0]
    found, expected = exported(model).predict_proba(image), model.predict_proba(image)
    assert found.shape == expected.shape == (1, 10)
    np.testing.assert_allclose(found, expected, rtol=0, atol=NEAR)


@pytest.mark.parametrize(
    ("images", "sentence"),
    [
        (np.zeros((28, 27)), "images .N, 28, 28. were expected"),
        (np.zeros((2, 14, 56)), "images .N, 28, 28. were expected"),
        (np.full((1, 28, 28), 255.0), "fractions of 0-1"),
        (np.full((1, 28, 28), -1), "fractions of 0-1"),
        (np.full((1, 28, 28), 256), "fractions of 0-1"),
        (np.full((1, 28, 28), np.nan), "fractions of 0-1"),
        (np.ones((1, 28, 28), bool), "fractions of 0-1"),
        (np.eye(28, dtype=int)[np.newaxis], "fractions of 0-1"),
    ],
)
def test_what_are_no_such_images_is_refused(images, sentence):
    with pytest.raises(ValueError, match=sentence):
        exported(inkling.load_model("tiny")).predict_proba(images)


def test_the_file_needs_numpy_alone_and_tests_itself(tmp_path):
    model = inkling.load_model()
    text = export_numpy(model, selftest_images(model), "reader", "digits")
    (tmp_path / "digits.py").write_text(text)
    show = "import sys, runpy; runpy.run_path('digits.py'); print({'inkling', 'safetensors'} & {*sys.modules})"
    for arguments in (["digits.py"], ["-c", show]):
        done = subprocess.run([sys.executable, *arguments], cwd=tmp_path, capture_output=True, text=True, env={})
        assert done.returncode == 0, done.stderr
    assert done.stdout == "set()\n"
    spoilt = text.replace("TEMPERATURE = 0.5", "TEMPERATURE = 0.9")
    assert spoilt != text
    (tmp_path / "digits.py").write_text(spoilt)
    done = subprocess.run([sys.executable, "digits.py"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "something else" in done.stderr


def test_weights_are_those_of_the_folded_network_to_the_bit():
    model = inkling.load_model()
    arrays = exported(model).P
    expected = model._predictor.params.named
    assert "1.running_mean" not in arrays
    for name, array in arrays.items():
        layer, _, own = name.partition(".")
        np.testing.assert_array_equal(array, expected[int(layer)][own])


def test_the_same_model_gives_the_same_file():
    model = inkling.load_model("tiny")
    assert len({export_numpy(model, selftest_images(model), "tiny", "tiny") for _ in range(2)}) == 1


def test_a_layer_of_a_users_own_is_refused():
    from page.own_layer import DoubleOfPageTests

    with pytest.raises(UsageError, match=r"DoubleOfPageTests\(\) cannot be written in NumPy"):
        exported(random_model(Network(Flatten(), Linear(10), DoubleOfPageTests())))
