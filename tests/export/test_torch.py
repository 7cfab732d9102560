"""The module in PyTorch answers as the model that it was exported from, can be trained further, and comes back."""

import json
from itertools import product
from types import ModuleType

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

import inkling
from export.models import distance, of_images, of_rows, random_images
from export.networks import IMAGES, ROWS, TO_ROWS, keeping, names
from inkling.data import load as load_data
from inkling.errors import DataError, UsageError
from inkling.export.torch import export_torch
from inkling.importing import import_weights
from inkling.model import BUNDLED, Model
from inkling.nn import BatchNorm2d, Conv2d, Flatten, GlobalAvgPool, Linear, Network, ReLU, Residual, layers
from inkling.optim import Adam
from inkling.own_files import EXPORTED
from inkling.recipes import Recipe
from needs import needs_mnist, needs_torch
from page.architectures import drawn
from page.golden import random_model

torch = pytest.importorskip("torch", reason=needs_torch.reason("what is exported to PyTorch answers as the model"))

NEAR = 1e-5


def written(model, folder):
    """The path of the weights; the module is beside them."""
    path = folder / "exported.safetensors"
    found = export_torch(model, "a model", path.name)
    path.write_bytes(found.weights)
    path.with_suffix(".py").write_text(found.module, encoding="utf-8")
    return path


def module_of(path):
    module = ModuleType(path.stem)
    module.__file__ = str(path.with_suffix(".py"))
    exec(compile(path.with_suffix(".py").read_text(encoding="utf-8"), module.__file__, "exec"), vars(module))
    return module


def worst(model, folder):
    """The largest distance of logits and probabilities in PyTorch from the model's."""
    network, images = module_of(written(model, folder)).load(), random_images(model)
    with torch.no_grad():
        logits = network(torch.from_numpy(images)).numpy()[:, : model.n_classes] / np.float32(model.temperature)
        probabilities = network.predict_proba(torch.from_numpy(images)).numpy()
    return max(distance(model.logits(images), logits), distance(model.predict_proba(images), probabilities))


def test_every_layer(tmp_path):
    models = [*map(of_rows, ROWS), *(of_images(h, w, c, layer) for layer, h, w, c in IMAGES)]
    seen = {name for model in models for layer in model.network.layers for name in names(layer)}
    assert set(layers.__all__) - seen == set()
    far = {str(model.network): worst(model, tmp_path) for model in models}
    assert {network: each for network, each in far.items() if each > NEAR} == {}


@pytest.mark.thorough
@pytest.mark.parametrize("channels", [1, 2])
def test_every_ordered_pair(channels, tmp_path):
    pairs = product(keeping(channels), [*keeping(channels), *TO_ROWS])
    models = [of_images(8, 7, channels, *pair) for pair in pairs] + [of_rows(*pair) for pair in product(ROWS, ROWS)]
    assert {str(model.network) for model in models if worst(model, tmp_path) > NEAR} == set()


def test_drawn_architectures(tmp_path):
    assert {str(network) for network in drawn(25) if worst(random_model(network), tmp_path) > NEAR} == set()


def test_rows_of_an_image_meet_every_layer_of_rows(tmp_path):
    models = [of_images(4, 3, 3, Flatten(), layer) for layer in ROWS]
    assert {str(model.network) for model in models if worst(model, tmp_path) > NEAR} == set()


@needs_mnist("PyTorch answers as the bundled models on MNIST's test images")
@pytest.mark.parametrize("name", BUNDLED)
def test_images_of_mnist(name, tmp_path):
    """All 10,000 are compared by benchmarks/accuracy/exports.py."""
    model, images = inkling.load_model(name), load_data("mnist").test.images[:1000].copy()
    network = module_of(written(model, tmp_path)).load()
    with torch.no_grad():
        found = network.predict_proba(torch.from_numpy(images)).numpy()
        np.testing.assert_allclose(found, model.predict_proba(images), rtol=0, atol=NEAR)
        np.testing.assert_array_equal(found.argmax(axis=1), model.predict(images))
        assert hasattr(network, "not_a_digit") == model.knows_non_digits
        if model.knows_non_digits:
            found = network.not_a_digit(torch.from_numpy(images) / 255).numpy()
            np.testing.assert_allclose(found, model.not_a_digit(images), rtol=0, atol=NEAR)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return module_of(written(inkling.load_model("tiny"), tmp_path_factory.mktemp("tiny"))).load()


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int32", "int64", "float32", "float64"])
@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 1), (784,)])
def test_images_come_in_every_form_that_the_model_takes(tiny, dtype, shape):
    levels = load_data("digits").test.images[:5]
    images = torch.from_numpy((levels / 255 if dtype.startswith("float") else levels).astype(dtype)).reshape(5, *shape)
    found = tiny.predict_proba(images)
    assert not found.requires_grad
    assert tiny(images).requires_grad  # for training
    if shape == (28, 28):
        torch.testing.assert_close(tiny.predict_proba(images[0]), found[:1])
    np.testing.assert_allclose(found.numpy(), inkling.load_model("tiny").predict_proba(levels), rtol=0, atol=NEAR)


@pytest.mark.parametrize(
    ("images", "says"),
    [
        (torch.full((1, 28, 28), 255.0), "fractions of 0-1 were expected as pixels, not torch.float32 from 255.0"),
        (torch.full((1, 28, 28), 256), "not torch.int64 from 256.0 to 256.0"),
        (torch.eye(28).long()[None], "not torch.int64 from 0.0 to 1.0"),
        (torch.eye(28).bool()[None], "as pixels, not torch.bool"),
        (torch.full((1, 28, 28), torch.nan), "from nan to nan"),
        (torch.zeros(1, 14, 56), r"images \(N, 28, 28\) were expected, not \(1, 14, 56\)"),
        (torch.zeros(28, 27), r"were expected, not \(28, 27\)"),
    ],
)
def test_what_is_no_image_is_refused(tiny, images, says):
    with pytest.raises(ValueError, match=says):
        tiny.predict_proba(images)


def test_the_file_tells_what_it_is_and_holds_the_names_of_pytorch(tmp_path):
    model = Model(_LEARNING, random_model(_LEARNING).params, {}, 2.5, tuple("abcd"))
    path = written(model, tmp_path)
    with safe_open(path, framework="numpy") as file:
        told = json.loads(file.metadata()[EXPORTED])
        shapes = {name: tuple(file.get_slice(name).get_shape()) for name in list(file.keys())}
    assert (told["temperature"], json.loads(told["class_names"])) == ("2.5", list("abcd"))
    assert shapes["0.weight"] == (4, 1, 3, 3)
    assert shapes["1.num_batches_tracked"] == ()
    assert shapes["3.0.weight"] == (4, 4, 3, 3)
    assert module_of(path).load().state_dict().keys() == shapes.keys()
    assert path.read_bytes() == written(model, tmp_path).read_bytes()


_LEARNING = Network(
    *(Conv2d(4, 3, stride=2, bias=False), BatchNorm2d(momentum=0.3), ReLU(), Residual(Conv2d(4, 3, padding=1), ReLU())),
    *(Flatten(), Linear(9), ReLU(), Linear(4)),
    input_shape=(10, 9, 1),
)


@pytest.mark.thorough
def test_what_is_trained_further_in_pytorch_comes_back(tmp_path):
    """Batch statistics and all: the reason why batch normalisations are not folded."""
    from safetensors.torch import save_file

    model = random_model(_LEARNING)
    path = written(model, tmp_path)
    network, images = module_of(path).load(), random_images(model, 40)
    optimizer = torch.optim.SGD(network.train().parameters(), 0.1)
    for _ in range(3):
        optimizer.zero_grad()
        labels = torch.arange(40) % 4
        torch.nn.functional.cross_entropy(network(torch.from_numpy(images)), labels).backward()
        optimizer.step()
    save_file(network.eval().state_dict(), path)
    back = import_weights(path, Recipe(_LEARNING, Adam())).model
    with torch.no_grad():
        expected = network(torch.from_numpy(images)).numpy()
    assert distance(expected, back.logits(images)) < NEAR
    assert np.abs(back.params.statistics - model.params.statistics).min() > 1e-4


def test_every_layer_comes_back_to_the_bit(tmp_path):
    models = [*map(of_rows, ROWS), *(of_images(h, w, c, layer) for layer, h, w, c in IMAGES)]
    for model in models:
        back = import_weights(written(model, tmp_path)).model
        assert (back.network.layers, back.input_shape) == (model.network.layers, model.input_shape)
        np.testing.assert_array_equal(back.params.flat, model.params.flat)
        np.testing.assert_array_equal(back.params.statistics, model.params.statistics)


def test_a_model_comes_back_with_its_temperature_and_what_it_learnt_from(tmp_path):
    reader = inkling.load_model()
    found = import_weights(written(reader, tmp_path))
    assert found.state == "exported"
    assert (found.model.temperature, found.model.class_names) == (reader.temperature, reader.class_names)
    assert found.model.provenance == reader.provenance
    images = random_images(reader, 20)
    np.testing.assert_array_equal(found.model.open_set_proba(images), reader.open_set_proba(images))


def content(path):
    """The arrays of a file, and what it tells of its model."""
    with safe_open(path, framework="numpy") as file:
        return {name: file.get_tensor(name) for name in list(file.keys())}, json.loads(file.metadata()[EXPORTED])


def test_other_names_are_as_many(tmp_path):
    path = written(inkling.load_model(), tmp_path)
    assert import_weights(path, class_names=tuple("abcdefghij")).model.class_names == tuple("abcdefghij")
    with pytest.raises(UsageError, match="a model of 10 classes, not of 11"):
        import_weights(path, class_names=tuple("abcdefghijk"))


def test_arrays_that_are_not_those_of_the_layers_are_told(tmp_path):
    path = written(random_model(_LEARNING), tmp_path)
    arrays, told = content(path)
    del arrays["0.weight"]
    save_file(arrays, path, {EXPORTED: json.dumps(told)})
    with pytest.raises(DataError, match="not those of the layers that it tells: export"):
        import_weights(path)


def test_weights_that_changed_since_have_no_temperature(tmp_path):
    model = Model(_LEARNING, random_model(_LEARNING).params, {}, 2.5, tuple("abcd"))
    path = written(model, tmp_path)
    arrays, told = content(path)
    arrays["0.weight"][0] += 1
    save_file(arrays, path, {EXPORTED: json.dumps(told)})
    found = import_weights(path)
    assert found.state == "changed"
    assert (found.model.temperature, found.model.class_names) == (1.0, tuple("abcd"))
    assert "imported" in found.model.metadata


@pytest.mark.parametrize(
    ("changed", "error", "says"),
    [
        ({}, UsageError, "was exported with other layers than those of the recipe unnamed, and tells them"),
        ({"network": "[]"}, DataError, "is damaged"),
        ({"network": '["Dense(4)"]'}, DataError, "is damaged: unknown name"),
        ({"temperature": "0"}, DataError, "must be a temperature"),
        ({"class_names": None}, DataError, "is damaged"),
        ({"class_names": '["a", "b"]'}, DataError, r"2 classes do not suit a network that ends in \(4,\)"),
        (
            {"inkling": '{"class_names": ["d", "c", "b", "a"]}'},
            DataError,
            "has class_names, which is not written there",
        ),
        ({"inkling": '{"steps": 1, "history": []}'}, DataError, "has steps, which is not written there"),
    ],
)
def test_what_the_file_tells_is_checked(tmp_path, changed, error, says):
    path = written(random_model(_LEARNING), tmp_path)
    arrays, told = content(path)
    save_file(arrays, path, {EXPORTED: json.dumps(told | changed)})
    other = Recipe(Network(Flatten(), Linear(4), input_shape=(10, 9, 1)), Adam())
    with pytest.raises(error, match=says):
        import_weights(path, None if changed else other)


def test_a_layer_of_a_users_own_is_refused(tmp_path):
    from page.own_layer import DoubleOfPageTests

    with pytest.raises(UsageError, match=r"DoubleOfPageTests\(\) cannot be written for PyTorch"):
        written(random_model(Network(Conv2d(2, 3), GlobalAvgPool(), Linear(10), DoubleOfPageTests())), tmp_path)
