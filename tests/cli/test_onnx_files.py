"""`inkling export onnx`, and the commands that take what it wrote: the same examiner judges a model and its file."""

import json
from importlib.util import find_spec

import numpy as np
import pytest

import inkling
from inkling.data import load as load_data
from inkling.export import onnx as export
from inkling.model import Model
from inkling.nn import Flatten, Linear, Network


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Files of the bundled models in float32, by name, and of the reader in int8; and what stdout and stderr told."""
    from typer.testing import CliRunner

    from inkling.cli.__main__ import app

    folder, told = tmp_path_factory.mktemp("onnx"), {}
    for name, model, *options in (
        ("tiny", "tiny"),
        ("reader", "reader"),
        ("int8", "reader", "--int8", "--data", "digits"),
    ):
        path = folder / f"{name}.onnx"
        done = CliRunner().invoke(app, ["export", "onnx", model, "-o", str(path), *options], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        told[name] = done
    return folder, told


def test_a_file_is_judged_as_its_model_is(call, files):
    figures = {}
    for model in ("tiny", files[0] / "tiny.onnx", "reader", files[0] / "reader.onnx"):
        found = json.loads(call("evaluate", model, "--data", "digits", "--json").stdout)
        found.pop("model")
        figures[str(model)] = found
    for name in ("tiny", "reader"):
        ours, theirs = figures[name], figures[str(files[0] / f"{name}.onnx")]
        assert ours.keys() == theirs.keys()
        for key, each in ours.items():
            if isinstance(each, float):
                assert theirs[key] == pytest.approx(each, abs=1e-5)
        assert (ours["accuracy"], ours["part"]) == (theirs["accuracy"], theirs["part"])


def test_a_file_is_as_robust_as_its_model(call, files, tmp_path):
    part = load_data("digits").test[:20]
    np.savez(tmp_path / "few.npz", images=part.images, labels=part.labels)
    model, file = (
        json.loads(call("evaluate", each, "--data", tmp_path / "few.npz", "--robustness", "--json").stdout)
        for each in ("tiny", files[0] / "tiny.onnx")
    )
    assert file["robustness"]["corruptions"] == pytest.approx(model["robustness"]["corruptions"])


def test_a_file_and_its_model_are_compared(call, files):
    found = call("evaluate", files[0] / "tiny.onnx", "reader", "--data", "digits", "--json")
    images = load_data("digits").test
    right = [inkling.load_model(name).predict(images.images) == images.labels for name in ("tiny", "reader")]
    test = json.loads(found.stdout)["mcnemar"]
    assert test["only_first_right"] == int(np.sum(right[0] & ~right[1]))
    assert test["only_second_right"] == int(np.sum(right[1] & ~right[0]))


def test_a_file_predicts_what_its_model_predicts(call, files):
    tables = [
        [line.split(",") for line in call("predict", model, "digits", "--proba").stdout.splitlines()]
        for model in ("reader", files[0] / "reader.onnx")
    ]
    assert tables[0][0] == tables[1][0]
    numbers = [np.array(table[1:], float) for table in tables]
    np.testing.assert_array_equal(numbers[0][:, :2], numbers[1][:, :2])
    np.testing.assert_allclose(*numbers, rtol=0, atol=1e-5)


def test_int8_tells_what_it_costs_and_gains(files):
    done = files[1]["int8"]
    assert "calibrated on 1,000 images of digits, from its training part" in done.stderr
    assert "of 360 answers differ" in done.stdout
    assert "× that of float32" in done.stdout
    images = load_data("digits").test
    accuracy = np.mean(inkling.load_model().predict(images.images) == images.labels)
    lost = float(done.stdout.partition("test part: ")[2].partition(" points")[0])
    assert lost <= 1, f"of {100 * accuracy:.2f} %, int8 loses {lost} points"
    sizes = [(files[0] / f"{name}.onnx").stat().st_size for name in ("reader", "int8")]
    assert sizes[0] > 3 * sizes[1]


def test_what_a_model_was_trained_on_calibrates_it_or_else_the_embedded_digits(call, tmp_path, monkeypatch):
    """Its metadata name a folder, which no model file may have opened."""
    network = Network(Flatten(), Linear(10))
    metadata = {"data": {"source": "/somewhere/else"}}
    Model(network, network.init(np.random.default_rng(0)), metadata).save(tmp_path / "own.safetensors")
    done = call("export", "onnx", tmp_path / "own.safetensors", "-o", tmp_path / "own.onnx", "--int8")
    assert done.exit_code == 0
    assert "the embedded digits are taken instead" in done.stderr
    assert (tmp_path / "own.onnx").is_file()


def test_a_model_of_other_classes_needs_data_to_calibrate_on(call, tmp_path):
    network = Network(Flatten(), Linear(2))
    model = Model(network, network.init(np.random.default_rng(0)), {"data": {"source": "/x"}}, class_names=("a", "b"))
    model.save(tmp_path / "letters.safetensors")
    done = call("export", "onnx", tmp_path / "letters.safetensors", "-o", tmp_path / "letters.onnx", "--int8")
    assert done.exit_code == 2
    assert done.stderr.rstrip().endswith("say with --data what to calibrate on")
    assert not (tmp_path / "letters.onnx").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["export", "onnx", "tiny", "-o", "model.txt"], 2, "ends in .onnx"),
        (["export", "onnx", "tiny", "-o", "{tiny}"], 2, "--force"),
        (["export", "onnx", "tiny", "-o", "x.onnx", "--data", "digits"], 2, "give --int8 as well"),
        (["evaluate", "missing.onnx", "--data", "digits"], 3, "missing.onnx: cannot be read"),
        (["evaluate", "{reader}", "--data", "digits", "--tta"], 2, "leave out --tta"),
        (["read", "--model", "{reader}", "x.png"], 3, "this is an ONNX file"),
    ],
)
def test_a_mistake_is_one_sentence(call, files, tmp_path, monkeypatch, arguments, code, sentence):
    monkeypatch.chdir(tmp_path)
    paths = {name: files[0] / f"{name}.onnx" for name in ("tiny", "reader")}
    done = call(*(each.format(**paths) for each in arguments))
    assert done.exit_code == code, done.output
    *notes, last = done.stderr.splitlines()
    assert sentence in last
    assert last.startswith("inkling: ")
    assert all("test images are by other writers" in note for note in notes)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("missing", "arguments"),
    [
        ("onnx", ["export", "onnx", "tiny", "-o", "x.onnx"]),
        ("onnxruntime", ["export", "onnx", "tiny", "-o", "x.onnx", "--int8"]),
        ("onnxruntime", ["evaluate", "{tiny}", "--data", "digits"]),
    ],
)
def test_a_missing_library_is_told_with_the_command_that_installs_it(
    call, files, tmp_path, monkeypatch, missing, arguments
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(export, "find_spec", lambda name: None if name == missing else find_spec(name))
    done = call(*(each.format(tiny=files[0] / "tiny.onnx") for each in arguments))
    assert done.exit_code == 1
    assert f"this needs {missing}, which is not installed: pip install" in done.stderr
    assert "onnx" in done.stderr.partition("pip install")[2]


def test_reading_a_model_file_loads_no_library_of_an_extra(run):
    code = "import sys; from inkling.cli.__main__ import app; import inkling.cli.models; print('onnx' in sys.modules)"
    assert run(program=("-c", code))[1] == "False\n"
