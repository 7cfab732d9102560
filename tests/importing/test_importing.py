"""Weights of other libraries become models, matched by names and shapes, or are refused in a sentence."""

import numpy as np
import pytest
from safetensors.numpy import save_file

from inkling.counterparts import places
from inkling.data import load as load_data
from inkling.errors import DataError, UsageError
from inkling.importing import import_weights
from inkling.importing.matching import matched
from inkling.importing.standardization import Standardization, undone
from inkling.model import load
from inkling.nn import (
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    DepthwiseConv2d,
    Flatten,
    LayerNorm,
    Linear,
    MaxPool2d,
    Network,
    ReLU,
    Residual,
)
from inkling.optim import Adam
from inkling.provenance import leakage_note
from inkling.recipes import Recipe
from page.golden import random_model

PERCEPTRON = Network(Flatten(), Linear(6), ReLU(), Linear(6), ReLU(), Linear(3), input_shape=(4, 3, 1))
SHAPES = {"weight": [(6, 12), (6, 6), (3, 6)], "bias": [(6,), (6,), (3,)]}  # as PyTorch has them


def modules_of(*names):
    rng = np.random.default_rng(0)
    return {
        name: {own: rng.normal(size=shapes[i]).astype(np.float32) for own, shapes in SHAPES.items()}
        for i, name in enumerate(names)
    }


def saved(folder, modules, separator="."):
    path = folder / "weights.safetensors"
    save_file({f"{name}{separator}{own}": a for name, arrays in modules.items() for own, a in arrays.items()}, path)
    return path


def test_modules_of_any_name_are_found_by_what_they_hold(tmp_path):
    """Names in alphabetical order are in another order than the layers."""
    modules = modules_of("stem", "middle", "head")
    found = import_weights(saved(tmp_path, modules), Recipe(PERCEPTRON, Adam()))
    assert list(found.layers) == ["stem", "middle", "head"]
    x = np.random.default_rng(1).random((5, 4, 3), np.float32)
    y = x.reshape(5, 12)
    for name in modules:
        y = (np.maximum(y, 0) if name != "stem" else y) @ modules[name]["weight"].T + modules[name]["bias"]
    np.testing.assert_allclose(found.model.logits(x), y, rtol=1e-5)


@pytest.mark.parametrize(
    ("names", "order"),
    [
        (("layers.10", "layers.9", "out"), ["layers.9", "layers.10"]),
        (("conv2", "conv1", "out"), ["conv1", "conv2"]),
        (("net/dense_10", "net/dense", "out"), ["net/dense", "net/dense_10"]),
        (("1.b", "0.a", "2.c"), ["0.a", "1.b"]),
        (("4", "3.0", "7"), ["3.0", "4"]),
    ],
)
def test_layers_of_the_same_shapes_are_ordered_by_numbers(names, order):
    network = Network(Flatten(), Linear(12), ReLU(), Linear(12), ReLU(), Linear(3), input_shape=(4, 3, 1))
    same = {"weight": np.zeros((12, 12)), "bias": np.zeros(12)}
    modules = {names[0]: same, names[1]: same, names[2]: {"weight": np.zeros((3, 12)), "bias": np.zeros(3)}}
    found = matched(modules, list(places(network.layers, network.input_shape, "torch")), "weights")
    assert list(found)[:2] == order


def test_where_names_do_not_tell_the_order_nothing_is_guessed():
    network = Network(Flatten(), Linear(12), ReLU(), Linear(12), ReLU(), Linear(3), input_shape=(4, 3, 1))
    same = {"weight": np.zeros((12, 12)), "bias": np.zeros(12)}
    modules = {"hidden": same, "entry": same, "out": {"weight": np.zeros((3, 12)), "bias": np.zeros(3)}}
    sentence = r"weights: entry, hidden all hold bias \(12,\) and weight \(12, 12\), and their names do not tell"
    with pytest.raises(DataError, match=sentence):
        matched(modules, list(places(network.layers, network.input_shape, "torch")), "weights")


def keras_layers(rng):
    """Arrays as Keras lays them out, by hand: convolution 3×3 of 1 to 4 channels, normalisation, depthwise, dense."""
    return {
        "0/conv2d": {"kernel": rng.normal(size=(3, 3, 1, 4)), "bias": rng.normal(size=4)},
        "1/batch_normalization": {
            "gamma": rng.normal(size=4),
            "beta": rng.normal(size=4),
            "moving_mean": rng.normal(size=4),
            "moving_variance": rng.uniform(0.5, 2, 4),
        },
        "2/depthwise_conv2d": {"kernel": rng.normal(size=(2, 2, 4, 1)), "bias": rng.normal(size=4)},
        "3/dense": {"kernel": rng.normal(size=(6 * 5 * 4, 3)), "bias": rng.normal(size=3)},
    }


def test_keras_arrays(tmp_path):
    """Held to the formulas of Keras' documentation as loops; test_keras.py asks Keras itself."""
    rng = np.random.default_rng(0)
    modules = {
        name: {own: a.astype(np.float32) for own, a in arrays.items()} for name, arrays in keras_layers(rng).items()
    }
    network = Network(
        *(Conv2d(4, 3), BatchNorm2d(eps=1e-3), ReLU(), DepthwiseConv2d(2), Flatten(), Linear(3)), input_shape=(9, 8, 1)
    )
    found = import_weights(saved(tmp_path, modules, "/"), Recipe(network, Adam()))
    assert found.library == "keras"
    x = rng.random((2, 9, 8, 1), np.float32)
    conv, norm, depthwise, dense = modules.values()
    y = np.zeros((2, 7, 6, 4)) + conv["bias"]
    for i, j, c in np.ndindex(3, 3, 4):
        y[..., c] += x[:, i : i + 7, j : j + 6, 0] * conv["kernel"][i, j, 0, c]
    y = norm["gamma"] * (y - norm["moving_mean"]) / np.sqrt(norm["moving_variance"] + 1e-3) + norm["beta"]
    y, z = np.maximum(y, 0), np.zeros((2, 6, 5, 4)) + depthwise["bias"]
    for i, j, c in np.ndindex(2, 2, 4):
        z[..., c] += y[:, i : i + 6, j : j + 5, c] * depthwise["kernel"][i, j, c, 0]
    expected = z.reshape(2, -1) @ dense["kernel"] + dense["bias"]
    np.testing.assert_allclose(found.model.logits(x), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "first",
    [
        (Flatten(), Linear(5)),
        (Conv2d(5, 3, stride=2),),
        (Conv2d(5, 3, bias=False),),
        (DepthwiseConv2d(2), Conv2d(2, 1)),
    ],
)
def test_standardized_pixels_become_part_of_the_first_layer(first):
    network = Network(*first, ReLU(), *([] if isinstance(first[0], Flatten) else [Flatten()]), Linear(3))
    model = random_model(network)
    arrays = {f"{i}.{name}": a for i, named in enumerate(model.params.named) for name, a in named.items()}
    new, changed = undone(Standardization(0.1307, 0.3081), network, arrays)
    params = random_model(new).params
    for i, named in enumerate(params.named):
        for name, view in named.items():
            view[...] = changed[f"{i}.{name}"]
    x = np.random.default_rng(1).random((4, 28, 28, 1), np.float32)
    expected = network.logits(model.params, (x - np.float32(0.1307)) / np.float32(0.3081))
    np.testing.assert_allclose(new.logits(params, x), expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())


@pytest.mark.parametrize("first", [Conv2d(5, 3, padding=1), LayerNorm(), MaxPool2d(2)])
def test_standardized_pixels_are_refused_elsewhere(first):
    if isinstance(first, LayerNorm):
        network = Network(Flatten(), first, Linear(3))
    else:
        network = Network(first, Flatten(), Linear(3))
    with pytest.raises(UsageError, match="convolution without padding, not of"):
        undone(Standardization(0.1, 0.3), network, {})


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (
            lambda modules: modules["a2"].pop("bias"),
            r"layer 3, Linear\(6\), takes weight \(6, 6\) and bias \(6,\); of the file, a2 holds weight \(6, 6\): ",
        ),
        (
            lambda modules: modules.pop("a3"),
            r"layer 5, Linear\(3\), takes weight \(3, 6\) and bias \(3,\); nothing in the file is left",
        ),
        (
            lambda modules: modules.update(norm={"weight": np.zeros(6, np.float32)}),
            r"the layers of the recipe take none of what is left; of the file, norm holds weight \(6,\)",
        ),
        (
            lambda modules: modules["a1"].update(weight=np.zeros((12, 6), np.float32)),
            r"layer 1, Linear\(6\), takes weight \(6, 12\) and bias \(6,\); of the file, a1 holds bias \(6,\) and ",
        ),
        (lambda modules: modules["a1"].update(weight=np.zeros((6, 12), np.int32)), "a1.weight is of I32"),
        (lambda modules: modules["a1"].update(bias=np.full(6, np.nan, np.float32)), "a1.bias are not finite"),
        (lambda modules: modules.clear(), "there is none in it"),
    ],
)
def test_what_does_not_fit_is_told(tmp_path, spoil, sentence):
    modules = modules_of("a1", "a2", "a3")
    spoil(modules)
    with pytest.raises(DataError, match=sentence):
        import_weights(saved(tmp_path, modules), Recipe(PERCEPTRON, Adam()))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04" + bytes(20), "a zip, as PyTorch, Keras and NumPy write"),
        (b"\x80\x02" + bytes(20), "a pickle, which may run code"),
        (b"\x89HDF\r\n\x1a\n" + bytes(20), "an HDF5 file"),
        (b"nothing", "damaged, or not a safetensors file"),
    ],
)
def test_other_files_are_refused(tmp_path, content, sentence):
    (tmp_path / "weights").write_bytes(content)
    with pytest.raises(DataError, match=sentence):
        import_weights(tmp_path / "weights", Recipe(PERCEPTRON, Adam()))


def test_a_model_file_needs_no_import(tmp_path):
    random_model(PERCEPTRON).save(tmp_path / "model.safetensors")
    with pytest.raises(DataError, match="a model file of Inkling already"):
        import_weights(tmp_path / "model.safetensors", Recipe(PERCEPTRON, Adam()))


def test_rows_whose_order_cannot_be_brought_about_are_refused(tmp_path):
    network = Network(Conv2d(2, 3), Flatten(), Residual(BatchNorm1d(), Linear(8)), Linear(3), input_shape=(4, 4, 1))
    with pytest.raises(UsageError, match=r"Flatten makes rows channels first .* of \(2, 2, 2\) here"):
        import_weights(saved(tmp_path, modules_of("a")), Recipe(network, Adam()))


def test_an_imported_model_is_never_called_unseen(tmp_path):
    """On a test part, on whole sources, and after training further."""
    network = Network(Flatten(), Linear(10))
    rng = np.random.default_rng(0)
    arrays = {"weight": rng.normal(size=(10, 784)).astype(np.float32), "bias": np.zeros(10, np.float32)}
    model = import_weights(saved(tmp_path, {"fc": arrays}), Recipe(network, Adam())).model
    model.save(tmp_path / "model.safetensors")
    model = load(tmp_path / "model.safetensors")
    source = load_data("digits")
    for part in (source.test, source.train):
        assert "what its weights learnt from is not known" in leakage_note(model, source, part)
    further = random_model(network)
    object.__setattr__(further, "metadata", {"start": model.provenance})
    assert "what its weights learnt from is not known" in leakage_note(further, source, source.test)
    assert leakage_note(random_model(network), source, source.test) == ""
