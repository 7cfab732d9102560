"""`inkling export torch` and `numpy`, and `inkling import`: what they write, print and refuse."""

import json

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

import inkling
from inkling.data import load as load_data
from inkling.recipes import load_recipe
from page.golden import random_model

USAGE, DATA = 2, 3


def test_a_file_of_python_is_written_and_tested(call, tmp_path):
    result = call("export", "numpy", "reader", "-o", tmp_path / "digits.py")
    assert result.exit_code == 0
    kb = (tmp_path / "digits.py").stat().st_size / 1e3
    assert result.stdout.splitlines() == [
        f"A file of Python of {kb:,.0f} kB, with predict_proba, predict and not_a_digit: {tmp_path / 'digits.py'}",
        f"Its self-test: python {tmp_path / 'digits.py'}",
    ]
    refused = call("evaluate", tmp_path / "digits.py", "--data", "digits")
    assert refused.exit_code == DATA
    assert "this is a file of Python that `inkling export numpy` wrote: give the model that it was" in refused.stderr


def test_every_file_of_inkling_is_called_what_it_is_where_another_is_expected(call, tmp_path):
    """Each format where a model, an ONNX file, a C header, weights, data, and a picture are expected."""
    files = {
        "tiny.safetensors": "a state_dict that `inkling export torch` wrote",
        "tiny.py": "a module of PyTorch that `inkling export torch` wrote",
        "alone.py": "a file of Python that `inkling export numpy` wrote",
        "tiny.h": "a C header that `inkling export c` wrote",
        "tiny.html": "a page that `inkling export page` wrote",
        "model.safetensors": "a model file",
    }
    for name, form in {"tiny.safetensors": "torch", "alone.py": "numpy", "tiny.h": "c", "tiny.html": "page"}.items():
        assert call("export", form, "tiny", "-o", tmp_path / name).exit_code == 0
    (tmp_path / "model.safetensors").write_bytes(inkling.model.model_file("tiny").read_bytes())
    for name, what in files.items():
        path = tmp_path / name
        places = [("evaluate", "tiny", "--data", path), ("read", path)]
        if name != "model.safetensors":
            places.append(("export", "page", path, "-o", tmp_path / "other.html"))
        if path.suffix != ".safetensors":
            places.append(("import", path, "-o", tmp_path / "other.safetensors"))
        for ending in {".onnx", ".h"} - {path.suffix}:
            other = tmp_path / f"of-{path.suffix[1:]}{ending}"
            other.write_bytes(path.read_bytes())
            places.append(("evaluate", other, "--data", "digits"))
        for place in places:
            refused = call(*place)
            assert refused.exit_code == DATA, place
            assert f" this is {what}" in refused.stderr, place


def test_a_state_dict_and_its_module_are_written_without_pytorch(run, tmp_path):
    program = "import sys; sys.modules['torch'] = None; from inkling.cli.__main__ import main; main()"
    code, out, err = run("export", "torch", "reader", "-o", "weights.safetensors", program=("-c", program))
    assert (code, err) == (0, "")
    assert "The module that loads it: weights.py\n" in out
    assert (
        "the softmax of the logits divided by 0.5768, the temperature. The last logit is for what is no digit.\n" in out
    )
    arrays = load_file(tmp_path / "weights.safetensors")
    expected = inkling.load_model().params[0].weight
    np.testing.assert_array_equal(arrays["0.weight"].transpose(2, 3, 1, 0), expected)
    assert 'with_name("weights.safetensors")' in (tmp_path / "weights.py").read_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("torch tiny -o m.pt", "m.pt: the name of a file of weights ends in .safetensors"),
        ("torch tiny -o torch.safetensors", "Python would take torch.py for the module torch"),
        ("torch tiny -o taken.safetensors", "taken.py exists already: give another name, or --force to replace it"),
        ("numpy tiny -o m.txt", "m.txt: the name of a file of Python ends in .py"),
        ("numpy tiny -o numpy.py", "Python would take numpy.py for the module numpy, which programs import"),
        ("numpy tiny -o inkling.py", "Python would take inkling.py for the module inkling"),
        ("numpy tiny -o my-digits.py", "my-digits.py: Python cannot import a module of this name"),
        ("torch tiny -o 3d.safetensors", "3d.py: Python cannot import"),
        ("numpy tiny -o class.py", "class.py: Python cannot import"),
        ("numpy tiny -o base64.py", "Python would take base64.py for the module base64"),
        ("numpy tiny -o __main__.py", "Python would take __main__.py for the module __main__"),
        ("numpy tiny -o taken.py", "taken.py exists already"),
    ],
)
def test_wrong_usage_of_the_exports_is_one_sentence(call, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken.py").write_text("mine")
    result = call("export", *arguments.split())
    assert result.exit_code == USAGE
    assert says in result.stderr
    assert result.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["taken.py"]


@pytest.fixture
def weights(tmp_path):
    """Weights for the network of a bundled recipe, as PyTorch names them, and the model that they came from."""
    model = random_model(load_recipe("sgd-10").network)
    arrays = {}
    for i, named in enumerate(model.params.named):
        arrays |= {f"fc{i}.{name}": np.ascontiguousarray(array.T) for name, array in named.items()}
    save_file(arrays, tmp_path / "weights.safetensors")
    return tmp_path / "weights.safetensors", model


def test_weights_become_a_model_for_every_verb(call, tmp_path, weights):
    path, original = weights
    model = tmp_path / "model.safetensors"
    result = call("import", path, "--recipe", "sgd-10", "-o", model)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith(f"A model of {original.params.layout.size:,} parameters from PyTorch: {model}\n")
    assert "takes fc1\n" in result.stderr
    images = load_data("digits").test.images
    np.testing.assert_array_equal(inkling.load_model(model).logits(images), original.logits(images))
    judged = call("evaluate", model, "--data", "digits")
    assert "what its weights learnt from is not known" in judged.stdout
    found = json.loads(call("evaluate", model, "--data", "digits", "--json").stdout)
    assert found["accuracy"] == np.mean(original.predict(images) == load_data("digits").test.labels)
    assert call("predict", model, "digits", "-o", tmp_path / "answers.csv").exit_code == 0
    assert call("export", "numpy", model, "-o", tmp_path / "digits.py").exit_code == 0


def test_an_exported_model_comes_back_without_a_recipe(call, tmp_path, weights):
    back = tmp_path / "back.safetensors"
    call("export", "torch", "tiny", "-o", tmp_path / "tiny.safetensors")
    result = call("import", tmp_path / "tiny.safetensors", "-o", back)
    assert result.exit_code == 0
    tiny = inkling.load_model("tiny")
    assert f"the model that was exported, with its temperature, {tiny.temperature:g}.\n" in result.stdout
    assert "scaled" not in result.stdout
    images = load_data("digits").test.images
    np.testing.assert_array_equal(inkling.load_model(back).predict_proba(images), tiny.predict_proba(images))
    judged = [call("evaluate", each, "--data", "digits").stdout.partition("\n")[2] for each in ("tiny", back)]
    assert "accuracy" in judged[0].lower()
    assert judged[0] == judged[1]


def test_what_is_no_longer_known_of_weights_that_changed_since_is_told(call, tmp_path):
    path = tmp_path / "tiny.safetensors"
    call("export", "torch", "tiny", "-o", path)
    with safe_open(path, framework="numpy") as file:
        told = file.metadata()
    save_file({name: array + 1 for name, array in load_file(path).items()}, path, told)
    result = call("import", path, "-o", tmp_path / "back.safetensors")
    assert result.exit_code == 0
    assert "others than those exported: its temperature is 1, and what it learnt from is not known.\nJudge it" in (
        result.stdout
    )
    assert "scaled" not in result.stdout


def test_classes_have_names_and_pixels_a_scale(call, tmp_path, weights):
    path, original = weights
    names = "a,b,c,d,e,f,g,h,i,ä"
    options = ("--classes", names, "--mean", "0.1307", "--std", "0.3081", "--quiet")
    result = call("import", path, "--recipe", "sgd-10", "-o", tmp_path / "model.safetensors", *options)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "scaled" not in result.stdout
    model = inkling.load_model(tmp_path / "model.safetensors")
    assert model.class_names == tuple(names.split(","))
    x = load_data("digits").test.images[:9, ..., np.newaxis] / np.float32(255)
    expected = original.network.logits(original.params, (x - np.float32(0.1307)) / np.float32(0.3081))
    np.testing.assert_allclose(model.logits(x), expected, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ("weights.safetensors -r sgd-11 -o m.safetensors", USAGE, "unknown recipe 'sgd-11'"),
        ("weights.safetensors -r sgd-10 -o weights.safetensors --force", USAGE, "is read by this command"),
        ("weights.safetensors -o m.safetensors", USAGE, "does not tell its layers: give --recipe"),
        ("weights.safetensors -r sgd-10 -o m.safetensors --mean 0.1", USAGE, "--mean and --std belong together"),
        ("weights.safetensors -r sgd-10 -o m.safetensors --mean 0 --std 0", USAGE, "a std above 0"),
        ("weights.safetensors -r sgd-10 -o m.safetensors --classes a,b", USAGE, "of 2 classes (a, b) ends in 2 logits"),
        (
            "weights.safetensors -r sprint -o m.safetensors",
            DATA,
            "layer 1, Conv2d(16, 5, stride=2), takes weight (16,",
        ),
        ("weights.safetensors -r sprint -o m.safetensors", DATA, "or take the recipe sgd-10, whose layers fit"),
        ("nowhere.safetensors -r sgd-10 -o m.safetensors", DATA, "nowhere.safetensors: no such file"),
    ],
)
def test_a_mistake_in_an_import_is_one_sentence(call, tmp_path, monkeypatch, weights, arguments, code, says):
    monkeypatch.chdir(tmp_path)
    result = call("import", *arguments.split())
    assert result.exit_code == code
    assert says in result.stderr
    assert result.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["weights.safetensors"]


def test_weights_that_are_no_model_yet_say_how_they_become_one(call, weights):
    result = call("evaluate", weights[0], "--data", "digits")
    assert result.exit_code == DATA
    assert "inkling import makes a model of weights" in result.stderr
