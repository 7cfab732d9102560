"""An ONNX file answers as the model that it was exported from: every layer, drawn architectures, the bundled models."""

import json
from itertools import product

import numpy as np
import onnx
import pytest
from onnx.reference import ReferenceEvaluator

import inkling
from export.models import of_images, of_rows, random_images
from export.networks import IMAGES, ROWS, TO_ROWS, keeping, names
from export.onnx_files import in_runtime, worst
from inkling.data import load as load_data
from inkling.errors import DataError, UsageError
from inkling.export.onnx import export_onnx
from inkling.export.onnx.file import onnx_model
from inkling.export.onnx.session import load_onnx
from inkling.model import BUNDLED, Model
from inkling.nn import Conv2d, Flatten, Linear, Network, ReLU, layers
from needs import needs_mnist
from page.architectures import drawn
from page.golden import random_model

NEAR = 1e-5


def test_every_layer_in_the_runtime_and_in_the_reference():
    models = [*map(of_rows, ROWS), *(of_images(h, w, c, layer) for layer, h, w, c in IMAGES)]
    seen = {name for model in models for layer in model.network.layers for name in names(layer)}
    assert set(layers.__all__) - seen == set()
    far = {str(model.network): worst(model, reference=reference) for model in models for reference in (False, True)}
    assert {network: each for network, each in far.items() if each > NEAR} == {}


@pytest.mark.thorough
@pytest.mark.parametrize("channels", [1, 2])
def test_every_ordered_pair(channels):
    behind = [*keeping(channels), *TO_ROWS]
    pairs = [of_images(8, 7, channels, *pair) for pair in product(keeping(channels), behind)]
    if channels == 1:
        pairs += [of_rows(*pair) for pair in product(ROWS, ROWS)]
        pairs += [of_images(4, 3, 3, *pair) for pair in product(TO_ROWS, ROWS)]
    assert {str(model.network) for model in pairs if worst(model) > NEAR} == set()


def test_drawn_architectures():
    assert {str(network) for network in drawn(40) if worst(random_model(network)) > NEAR} == set()


def test_rows_of_an_image_meet_every_layer_of_rows():
    """Such rows lie channels first in the file, and the arrays of the layers behind are put into that order."""
    models = [of_images(4, 3, 3, Flatten(), layer) for layer in ROWS]
    assert {str(model.network) for model in models if worst(model) > NEAR} == set()


def test_a_deep_network_needs_one_transposition_at_most():
    model = of_images(8, 8, 2, Conv2d(4, 3), ReLU(), Conv2d(4, 3), ReLU(), Flatten(), ReLU(), Linear(5), ReLU())
    assert "Transpose" not in {node.op_type for node in onnx_model(model, "deep").graph.node}


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("count", [0, 1, 3, 600])
def test_any_number_of_images_in_both_forms(flat, count):
    model = inkling.load_model("tiny")
    runtime, images = in_runtime(onnx_model(model, "tiny", flat=flat)), random_images(model, count)
    np.testing.assert_allclose(runtime.predict_proba(images), model.predict_proba(images), atol=NEAR)
    assert runtime.session.get_inputs()[0].shape == (["N", 784] if flat else ["N", 28, 28])


def test_images_of_another_size_are_an_error_in_the_runtime():
    runtime = in_runtime(onnx_model(inkling.load_model("tiny"), "tiny", flat=True)).session
    with pytest.raises(Exception, match="INVALID_ARGUMENT"):
        runtime.run(None, {"images": np.zeros((2, 392), np.uint8)})


def test_other_classes_and_sizes_and_ensembles():
    network = Network(Conv2d(3, 3, stride=2), ReLU(), Flatten(), Linear(3), input_shape=(9, 12, 1))
    one, other = (random_model(network).params for _ in range(2))
    models = [Model(network, params, {}, 2.5, ("α", "b", '"c"')) for params in (one, other)]
    together = inkling.ensemble(models)
    assert worst(together) <= NEAR
    found = in_runtime(onnx_model(together, "together"))
    assert (found.class_names, found.temperature) == (together.class_names, together.temperature)
    assert found.metadata["members"] == [model.provenance for model in models]


def test_the_file_is_for_old_runtimes_and_tells_what_it_is():
    proto = onnx_model(inkling.load_model(), "reader")
    assert proto.ir_version == 8
    assert [(each.domain, each.version) for each in proto.opset_import] == [("", 17)]
    found = {each.key: each.value for each in proto.metadata_props}
    assert found["name"] == "reader"
    assert found["inkling_version"] == inkling.__version__
    assert json.loads(found["class_names"]) == list("0123456789")
    assert float(found["temperature"]) == inkling.load_model().temperature
    assert float(found["validation_accuracy"]) == inkling.load_model().metadata["metrics"]["validation_accuracy"]
    assert len(found["parameters_sha256"]) == 64


def test_the_same_model_gives_the_same_file():
    files = {onnx_model(inkling.load_model("tiny"), "tiny").SerializeToString() for _ in range(2)}
    assert len(files) == 1


def test_test_time_augmentation_is_that_of_the_model():
    model, images = inkling.load_model("tiny"), load_data("digits").test.images[:50]
    runtime = in_runtime(onnx_model(model, "tiny"))
    np.testing.assert_allclose(
        runtime.predict_proba(images, tta=True), model.predict_proba(images, tta=True), atol=NEAR
    )
    with pytest.raises(UsageError, match="cannot say"):
        runtime.not_a_digit(images)
    with pytest.raises(UsageError, match="leave out --tta"):
        in_runtime(onnx_model(inkling.load_model(), "reader")).not_a_digit(images, tta=True)


def test_fractions_of_white_are_taken_as_levels():
    model, images = inkling.load_model("tiny"), load_data("digits").test.images[:50]
    runtime = in_runtime(onnx_model(model, "tiny"))
    np.testing.assert_array_equal(runtime.logits(images), runtime.logits(images / np.float32(255)))


@needs_mnist("exported models answer as the bundled models on all of MNIST's test images")
@pytest.mark.parametrize("name", BUNDLED)
def test_all_of_mnist(name):
    model, images = inkling.load_model(name), load_data("mnist").test.images
    session = in_runtime(onnx_model(model, name)).session
    pieces = [session.run(None, {"images": images[i : i + 500]}) for i in range(0, len(images), 500)]
    _, probabilities, *non_digits = (np.concatenate(each) for each in zip(*pieces, strict=True))
    assert len(non_digits) == model.knows_non_digits
    if model.knows_non_digits:
        *classes, expected_non_digits = model.open_set_proba(images).T
        np.testing.assert_allclose(non_digits[0], expected_non_digits, rtol=0, atol=NEAR)
        expected = np.stack(classes, axis=1) / np.sum(classes, axis=0)[:, np.newaxis]
    else:
        expected = model.predict_proba(images)
    np.testing.assert_array_equal(probabilities.argmax(axis=1), expected.argmax(axis=1))
    np.testing.assert_allclose(probabilities, expected, rtol=0, atol=NEAR)


@needs_mnist("ONNX's reference answers as the bundled models on all of MNIST's test images")
@pytest.mark.thorough
@pytest.mark.parametrize("name", BUNDLED)
def test_all_of_mnist_in_the_reference(name):
    model, images = inkling.load_model(name), load_data("mnist").test.images
    reference = ReferenceEvaluator(onnx_model(model, name))
    for start in range(0, len(images), 500):
        piece = images[start : start + 500]
        logits, probabilities = reference.run(["logits", "probabilities"], {"images": piece})
        np.testing.assert_array_equal(logits.argmax(axis=1), model.predict(piece))
        np.testing.assert_allclose(probabilities, model.predict_proba(piece), rtol=0, atol=NEAR)


def test_one_import_writes_both_forms():
    model, images = inkling.load_model("tiny"), load_data("digits").train.images[:100]
    exact, rounded = (in_runtime(export_onnx(model, images, int8=int8, flat=True)) for int8 in (False, True))
    assert exact.session.get_inputs()[0].shape == ["N", 784]
    np.testing.assert_allclose(exact.logits(images), model.logits(images), atol=1e-4)
    assert 0 < np.abs(rounded.logits(images) - model.logits(images)).mean() < 1
    with pytest.raises(UsageError, match="give some hundred"):
        export_onnx(model, int8=True)


def test_a_layer_of_a_users_own_is_refused():
    from page.own_layer import DoubleOfPageTests

    with pytest.raises(UsageError, match=r"DoubleOfPageTests\(\) cannot be written as ONNX"):
        onnx_model(random_model(Network(Flatten(), Linear(10), DoubleOfPageTests())), "own")


def _without(key):
    proto = onnx_model(inkling.load_model("tiny"), "tiny")
    kept = {each.key: each.value for each in proto.metadata_props if each.key != key}
    del proto.metadata_props[:]
    onnx.helper.set_model_props(proto, kept)
    return proto


def _with(key, value):
    proto = onnx_model(inkling.load_model("tiny"), "tiny")
    entry = next(each for each in proto.metadata_props if each.key == key)
    entry.value = value
    return proto


@pytest.mark.parametrize(
    ("proto", "sentence"),
    [
        (lambda: _without("inkling"), "its metadata lack inkling"),
        (lambda: _with("inkling", "{"), "no JSON"),
        (lambda: _with("inkling", "[]"), "must be a table"),
        (lambda: _with("inkling", '{"a": ' * 200 + "1" + "}" * 200), "nested more than 100 deep"),
        (lambda: _with("inkling", " " * (2**24 + 1)), "longer than 16,777,216 characters"),
        (lambda: _with("inkling", '{"recipe": 3}'), "recipe must be a table"),
        (lambda: _with("input_shape", "[28, 28]"), "rows, columns and a 1"),
        (lambda: _with("temperature", "0"), "must be a temperature"),
        (lambda: _with("class_names", '["a", "a"]'), "must be different"),
        (lambda: _with("class_names", '["a", "b"]'), "not those that"),
        (lambda: _with("input_shape", "[14, 56, 1]"), "not those that"),
    ],
)
def test_a_file_of_somebody_elses_is_refused(tmp_path, proto, sentence):
    path = tmp_path / "strange.onnx"
    path.write_bytes(proto().SerializeToString())
    with pytest.raises(DataError, match=sentence) as refusal:
        load_onnx(path)
    assert str(path) in str(refusal.value)


@pytest.mark.parametrize("content", [b"", b"\x08\x08\x12\x07inkling", b"no model" * 9], ids=["empty", "cut", "text"])
def test_a_damaged_file_is_refused(tmp_path, content):
    path = tmp_path / "damaged.onnx"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"damaged\.onnx"):
        load_onnx(path)
