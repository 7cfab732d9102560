"""A model is one file that gives the same answers wherever it is read; what is no model is refused in a sentence."""

import dataclasses
import datetime
import json
import pickle

import numpy as np
import pytest

import inkling
from inkling import Model
from inkling.errors import DataError, UsageError
from inkling.nn import Flatten, Linear, Network, softmax
from inkling.recipes.training_set import training_set
from inkling.storage import load_tensors, save_tensors
from inkling.training import TrainingState, train
from lively import LIVELY, RECIPES, SEEING, digits


@pytest.fixture(scope="module", params=[LIVELY, SEEING.override(augment=(), epochs=8)], ids=RECIPES)
def model(request):
    recipe = request.param.override(keep="last")
    state = TrainingState.start(recipe)
    for _ in train(recipe, training_set(recipe, digits()), state=state):
        pass
    return Model(recipe.network, state.chosen(recipe)[0], {"recipe": recipe.to_dict(), "note": "äöü"})


@pytest.fixture
def path(model, tmp_path):
    model.save(tmp_path / "model.safetensors")
    return tmp_path / "model.safetensors"


@pytest.fixture(scope="module")
def images():
    return digits().images[:600]


def test_a_model_read_back_gives_the_same_bits(model, path, images):
    again = inkling.load(path)
    np.testing.assert_array_equal(again.logits(images), model.logits(images))
    np.testing.assert_array_equal(again.params.statistics, model.params.statistics)
    assert again.network == model.network
    assert again.metadata["recipe"] == model.metadata["recipe"]
    assert again.metadata["note"] == "äöü"
    again.save(path.with_name("again"))
    assert path.with_name("again").read_bytes() == path.read_bytes()


def test_a_folder_is_its_model(path, model, images):
    np.testing.assert_array_equal(inkling.load(path.parent).predict(images), model.predict(images))


def test_all_forms_of_images_give_the_same_answers(model, images):
    expected = model.logits(images)
    bytes_784 = images.reshape(-1, 784)
    floats = images / np.float32(255)
    for same in (bytes_784, images[..., None], floats, floats.reshape(-1, 784), np.asfortranarray(images)):
        np.testing.assert_allclose(model.logits(same), expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(model.logits(floats.astype(np.float64)), expected, rtol=1e-5, atol=1e-5)
    assert model.logits(images).dtype == np.float32


def test_predictions_are_sound(model, images):
    labels = digits().labels[:600]
    probabilities = model.predict_proba(images)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(model.predict(images), probabilities.argmax(axis=1))
    assert model.predict(images).dtype == np.int64
    assert (model.predict(images) == labels).mean() > 0.85
    assert model.predict(images[:0]).shape == (0,)
    assert model.predict_proba(images[:0]).shape == (0, 10)


def shift(images, rows, columns):
    """The images moved down and right by so many pixels, with ground where nothing came from, pixel by pixel."""
    moved = np.zeros_like(images)
    for row in range(28):
        for column in range(28):
            if 0 <= row - rows < 28 and 0 <= column - columns < 28:
                moved[:, row, column] = images[:, row - rows, column - columns]
    return moved


def test_test_time_augmentation_averages_the_logits_of_shifted_images(model):
    images = np.random.default_rng(0).integers(0, 256, (20, 28, 28), np.uint8)  # with ink up to the edge
    images[10:] = digits().images[:10]
    views = [shift(images, *by) for by in ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1))]
    expected = np.mean([model.logits(view).astype(np.float64) for view in views], axis=0)
    logits = model.logits(images, tta=True)
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-4)
    assert logits.dtype == np.float32
    np.testing.assert_array_equal(model.predict(images, tta=True), logits.argmax(axis=1))
    np.testing.assert_array_equal(model.predict_proba(images, tta=True), softmax(logits))
    assert np.abs(logits - model.logits(images)).max() > 0.01
    np.testing.assert_allclose(model.logits(images / np.float32(255), tta=True), logits, rtol=1e-4, atol=1e-4)
    assert model.predict(images[:0], tta=True).shape == (0,)


def test_an_answer_does_not_depend_on_the_images_beside_it(model, images):
    together = model.predict_proba(images)
    alone = np.concatenate([model.predict_proba(images[i : i + 1]) for i in range(0, 600, 37)])
    np.testing.assert_allclose(together[::37], alone, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            np.zeros((28, 27), np.uint8),
            r"expected images of shape \(N, 28, 28\), \(N, 28, 28, 1\) or \(N, 784\), not \(28, 27\)$",
        ),
        (np.zeros((3, 1, 28, 28), np.uint8), r"not \(3, 1, 28, 28\): move the channel axis last$"),
        (np.zeros((3, 27, 28), np.uint8), r"not \(3, 27, 28\)$"),
        (np.zeros((3, 785)), r"not \(3, 785\)"),
        (np.float32(0.5), r"not \(\)"),
        ([["a"] * 784], "numbers were expected as pixels, found <U1"),
        ([[1, 2], [3]], "expected images of one shape, found a list of several"),
        (np.ma.masked_less(np.zeros((3, 784)), 1), r"not a masked one: fill in what is masked, images\.filled\(0\)"),
        (np.full((3, 784), 256.0), r"of 0-255 \(or 0-1\) were expected, found 256: divide by .*, pixels / 256"),
        (np.full((3, 784), -0.1), "found -0.1: bring them to 0-1"),
        (np.full((3, 784), np.nan), "found nan: replace numbers that are not finite by 0"),
        (np.r_[np.zeros(783), np.inf][None], "found inf: replace numbers that are not finite by 0"),
    ],
)
def test_what_is_no_image_is_refused_in_a_sentence(model, wrong, message):
    with pytest.raises(UsageError, match=message):
        model.predict(wrong)


def test_the_file_tells_no_time_and_no_place(path, tmp_path):
    content = path.read_bytes()
    assert str(tmp_path).encode() not in content
    assert tmp_path.name.encode() not in content
    assert f"{datetime.date.today():%Y-%m-%d}".encode() not in content
    assert f"{datetime.date.today():%Y%m%d}".encode() not in content


def test_no_pickle_is_ever_read(tmp_path):
    """A file that would run code if it were unpickled."""

    class Trap:
        def __reduce__(self):
            return open, (str(tmp_path / "sprung"), "w")

    (tmp_path / "model.safetensors").write_bytes(pickle.dumps(Trap()))
    with pytest.raises(DataError, match="a model file was expected, and this is a pickle: it may run code"):
        inkling.load(tmp_path)
    assert not (tmp_path / "sprung").exists()


def test_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"none\.safetensors: no such file"):
        inkling.load(tmp_path / "none.safetensors")
    with pytest.raises(DataError, match=r": a folder without model\.safetensors, so not that of a run: give a model"):
        inkling.load(tmp_path)
    (tmp_path / "run.json").touch()
    with pytest.raises(DataError, match=r": a run without model\.safetensors, .*: resume the run"):
        inkling.load(tmp_path)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b'"""A module."""\n\nimport torch\n\nnetwork = load()\n', "a file of Python: it would be run"),
        (b"#include <stdint.h>\n", "a file of C: give a model file, or the folder of a run"),
        (b"<!doctype html>\n<html>", "a web page: give a model file, or the folder of a run"),
        (b'network = [\n    "Flatten()",\n]\n', "a recipe: inkling train --recipe"),
        (b"label,pixel0,pixel1,pixel2\n", "a table: the model comes first"),
    ],
)
def test_what_is_no_model_is_called_what_it_is(tmp_path, content, what):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(DataError, match=f"a model file was expected, and this is {what}"):
        inkling.load(tmp_path / "file")


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: b"just text\n",
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content + b"\0",
        lambda content: content[:-100] + bytes(100),
        lambda content: content.replace(b"Linear(1", b"Linear(0"),
        lambda content: content.replace(b'"F32"', b'"I32"'),
        lambda content: content.replace(b"note", b"nota"),
    ],
)
def test_a_damaged_file_is_refused(path, damage):
    damaged = damage(path.read_bytes())
    assert damaged != path.read_bytes()
    path.write_bytes(damaged)
    with pytest.raises(DataError, match=r"model\.safetensors: (damaged|not a usable model|an empty file)"):
        inkling.load(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 99}, "no model of format 1, which this version of Inkling reads"),
        ({"format": None}, "no model of format 1"),
        ({"network": ["Flatten()", "Linear(11)"]}, "expected 8635 parameters"),
        ({"network": ["Flatten()", "Quantum(10)"]}, "unknown name 'Quantum'"),
        ({"network": ["Flatten()", "Linear(__import__('os'))"]}, "unknown name '__import__'"),
        ({"network": []}, "at least one layer"),
        ({"temperature": 0}, "not a usable model: a temperature is a number from 0.01 to 100, not 0"),
        ({"temperature": "warm"}, "a temperature is a number from 0.01 to 100, not 'warm'"),
        ({"temperature": None}, "a temperature is a number"),
        ({"network": 5}, "not a usable model"),
        ({"network": [5]}, "not a usable model"),
    ],
)
def test_a_whole_file_that_is_no_model_is_refused(path, changes, message):
    tensors, metadata = load_tensors(path)
    save_tensors(path, tensors, metadata | changes)
    with pytest.raises(DataError, match=message):
        inkling.load(path)


def test_a_checkpoint_is_no_model(tmp_path):
    save_tensors(tmp_path / "checkpoint", *TrainingState.start(LIVELY).pack())
    with pytest.raises(DataError, match=r"a checkpoint of a training, no model: a run writes model\.safetensors when"):
        inkling.load(tmp_path / "checkpoint")


def test_a_model_needs_no_facts(tmp_path):
    network = Network(Flatten(), Linear(10))
    Model(network, network.init(np.random.default_rng(0))).save(tmp_path / "bare")
    assert inkling.load(tmp_path / "bare").predict(np.zeros((1, 784), np.uint8)).tolist() == [0]
    assert json.loads(json.dumps(dict(inkling.load(tmp_path / "bare").metadata)))["format"] == 1


def test_a_temperature_divides_the_logits_and_changes_no_answer(model, images):
    warm = dataclasses.replace(model, temperature=2.5)
    np.testing.assert_allclose(warm.logits(images), model.logits(images) / 2.5, rtol=1e-6)
    np.testing.assert_allclose(
        warm.logits(images, tta=True), model.logits(images, tta=True) / 2.5, rtol=1e-5, atol=1e-6
    )
    np.testing.assert_array_equal(warm.predict_proba(images), softmax(warm.logits(images)))
    np.testing.assert_array_equal(warm.predict(images), model.predict(images))
    assert warm.logits(images).dtype == np.float32
    assert (warm.predict_proba(images).max(axis=1) < model.predict_proba(images).max(axis=1)).mean() > 0.99


def test_a_temperature_is_saved_and_pickled(model, images, tmp_path):
    warm = dataclasses.replace(model, temperature=1.37)
    warm.save(tmp_path / "warm")
    for again in (inkling.load(tmp_path / "warm"), pickle.loads(pickle.dumps(warm))):
        assert again.temperature == 1.37
        np.testing.assert_array_equal(again.logits(images), warm.logits(images))


def test_a_temperature_that_numpy_computed_gives_the_bits_of_its_file(model, images, tmp_path):
    """A float64 of NumPy's is a float, yet it makes float32 arrays calculate in float64."""
    warm = dataclasses.replace(model, temperature=np.float64(1.37))
    warm.save(tmp_path / "warm")
    np.testing.assert_array_equal(inkling.load(tmp_path / "warm").logits(images), warm.logits(images))


def test_a_file_without_a_temperature_has_one(model, path, images):
    tensors, metadata = load_tensors(path)
    assert metadata.pop("temperature") == 1.0
    save_tensors(path, tensors, metadata)
    assert inkling.load(path).temperature == 1.0
    np.testing.assert_array_equal(inkling.load(path).logits(images), model.logits(images))


@pytest.mark.parametrize("wrong", [0, -1, 0.001, 101, np.nan, np.inf, True, "1", None, [1.0]])
def test_what_is_no_temperature_is_refused(model, wrong):
    with pytest.raises(UsageError, match=r"a temperature is a number from 0\.01 to 100, not"):
        dataclasses.replace(model, temperature=wrong)


def two_logits():
    network = Network(Flatten(), Linear(2))
    return network, network.init(np.random.default_rng(0))


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (("A", "A"), r"class names must be different, and A is there"),
        ((0, 1), "class names must be texts that are not empty, not 0"),
        (None, "class names must be a tuple of texts .*, not None"),
        ({}, "class names must be a tuple of texts .*, not {}"),
        ([], "class names must be at least one, found none"),
        ("AB", "class names must be a tuple of texts .*, not 'AB'"),
    ],
)
def test_class_names_of_a_model_are_different_texts(tmp_path, names, sentence):
    with pytest.raises(UsageError, match=sentence):
        Model(*two_logits(), class_names=names)
    Model(*two_logits(), class_names=["A", "B"]).save(tmp_path / "model.safetensors")
    assert inkling.load(tmp_path).class_names == ("A", "B")
    tensors, metadata = load_tensors(tmp_path / "model.safetensors")
    save_tensors(tmp_path / "model.safetensors", tensors, metadata | {"class_names": names})
    with pytest.raises(DataError, match=f"not a usable model: {sentence}"):
        inkling.load(tmp_path)


def test_parameters_of_another_network_are_refused():
    network, params = two_logits()
    with pytest.raises(UsageError, match=r"its own network, 7,850 numbers, not those of another, 1,570 numbers: give"):
        Model(Network(Flatten(), Linear(10)), params)
    with pytest.raises(UsageError, match=r"a model needs Parameters, not ndarray: give those of network\.init$"):
        Model(network, params.flat)


def test_a_dataset_in_place_of_images_is_refused(model):
    with pytest.raises(UsageError, match=r"an array of images, not a Dataset: give its images, dataset\.images$"):
        model.predict(digits())


def test_a_name_that_no_file_can_have_is_a_sentence():
    with pytest.raises(DataError, match=r"^a{59}…: cannot be read: File name too long"):
        inkling.load_model("a" * 5000)
