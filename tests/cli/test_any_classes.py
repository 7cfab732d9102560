"""Letters with names of their own, of 16×16 pixels: evaluated, predicted, and refused where model and data disagree."""

import csv
import dataclasses
import json

import numpy as np
import pytest

import inkling
from inkling.data import Dataset, Source, Split
from inkling.nn import Flatten, Linear, Network
from inkling.optim import Adam, ConstantLR
from inkling.recipes import Recipe
from letters import ODD_NAMES, letter_images

SETTINGS = {"epochs": 60, "batch_size": 32, "split": Split(validation=0.25)}
RECIPE = Recipe(Network(Flatten(), Linear(10)), Adam(), ConstantLR(0.01), **SETTINGS)
LETTERS = letter_images(520)
ODD = letter_images(240, 16, ODD_NAMES)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Model files: 26 letters, and a few with odd names."""
    folder = tmp_path_factory.mktemp("models")
    for name, data in (("letters", LETTERS), ("odd", ODD)):
        inkling.fit(RECIPE, data).save(folder / f"{name}.safetensors")
    return folder


@pytest.fixture
def data(monkeypatch):
    """Let `load` give a dataset, whatever its name; as one to predict where it has no labels."""

    def use(dataset):
        source = Source.of_one("letters", dataset)
        monkeypatch.setattr("inkling.data.load", lambda name: source)
        return dataset

    return use


def test_letters_are_evaluated_on_rows_held_out(call, files, data, tmp_path):
    data(LETTERS)
    model, report = files / "letters.safetensors", tmp_path / "r.html"
    record = json.loads(call("evaluate", model, "--data", "letters", "--json", "--report", report).stdout)
    assert record["part"] == "the validation rows held out of training"
    assert record["images"] == 131  # Copies of four letters stay on one side.
    assert record["accuracy"] > 0.8  # Over seeds of the split it is 0.84 to 0.91.
    assert record["class_names"] == list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert '<th scope="row">Z</th>' in report.read_text(encoding="utf-8")


def test_a_matrix_that_is_too_wide_is_not_printed(call, files, data):
    data(LETTERS)
    narrow, wide = (
        call("evaluate", files / "letters.safetensors", "--data", "letters", COLUMNS=columns).stdout
        for columns in ("80", "150")
    )
    sentence = "The confusion matrix of 26 classes is too wide: see --report or --json."
    assert sentence in narrow
    assert "true \\ read" not in narrow
    assert sentence not in wide
    assert "true \\ read  A  B  C" in wide
    assert len(narrow.split("most confused   ")[1].splitlines()[0].split(", ")) <= 10


def test_names_of_any_script_and_length_are_printed(call, files, data):
    data(ODD)
    out = call("evaluate", files / "odd.safetensors", "--data", "letters", COLUMNS="200").stdout
    for name in ODD_NAMES:
        assert out.count(name) >= 2


def test_predictions_have_the_names_of_classes(call, files, data, tmp_path):
    images = data(dataclasses.replace(ODD, labels=None)).images
    path = tmp_path / "p.csv"
    assert call("predict", files / "odd.safetensors", "letters", "--proba", "-o", path).exit_code == 0
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    model = inkling.load(files / "odd.safetensors")
    assert header == ["ImageId", "Label", *(f"p{name}" for name in ODD_NAMES)]
    assert [row[1] for row in rows] == [ODD_NAMES[label] for label in model.predict(images)]
    np.testing.assert_allclose(np.array([row[2:] for row in rows], float), model.predict_proba(images), atol=1e-6)


def test_standard_output_has_the_bytes_of_the_file(run, files, tmp_path):
    np.savez(tmp_path / "images.npz", images=np.zeros((2, 28, 28), np.uint8))
    network = Network(Flatten(), Linear(2))
    inkling.Model(network, network.init(np.random.default_rng(0)), class_names=("あ", "い")).save(tmp_path / "kana")
    out = tmp_path / "p.csv"
    assert run("predict", tmp_path / "kana", tmp_path / "images.npz", "-o", out)[0] == 0
    code, printed, err = run(
        "predict", tmp_path / "kana", tmp_path / "images.npz", env={"PYTHONIOENCODING": "ascii"}, encoding="utf-8"
    )
    assert (code, printed) == (0, out.read_text(encoding="utf-8")), err
    assert set(printed.splitlines()[1][2:]) < set("あい")


def test_classes_are_found_by_name_in_any_order_and_fewer(call, files, data):
    """The labels of the data count the classes otherwise than the model does."""
    rows = np.flatnonzero(np.isin(LETTERS.labels, (0, 3, 25)))
    labels = np.select([LETTERS.labels[rows] == k for k in (25, 0, 3)], [0, 1, 2])
    data(Dataset(LETTERS.images[rows], labels, "few", class_names=("Z", "A", "D")))
    record = json.loads(call("evaluate", files / "letters.safetensors", "--data", "letters", "--json").stdout)
    assert record["accuracy"] > 0.9
    assert len(record["class_names"]) == 26
    assert record["part"].endswith(" (3 of the model's 26 classes)")
    assert {entry["class_name"] for entry in record["per_class"] if entry["support"]} == {"A", "D", "Z"}


@pytest.mark.parametrize("command", [("evaluate",), ("predict", "--proba"), ("predict",)])
def test_other_classes_are_refused_in_a_sentence(call, files, data, command):
    data(letter_images(20, class_names=("A", "Å", "Æ")))
    name, *options = command
    source = ("letters",) if name == "predict" else ("--data", "letters")
    model = files / "letters.safetensors"
    result = call(name, model, *source, *options)
    assert result.exit_code == 3
    assert result.stderr == (
        f"inkling: {model} knows 26 classes (A, B, C, D, E, …), but letters has 3 classes (A, Å, Æ), of which it does "
        f"not know Å, Æ: take data of the model's classes, or train a model on these\n"
    )


def test_labels_of_one_part_say_the_classes_of_the_other(call, files, monkeypatch):
    """The part to predict has no labels, but the part to train on has."""
    digits = Dataset(np.zeros((20, 16, 16), np.uint8), np.arange(20) % 10)
    source = Source.of("zip", digits, dataclasses.replace(digits, labels=None))
    monkeypatch.setattr("inkling.data.load", lambda name: source)
    result = call("predict", files / "letters.safetensors", "zip")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "knows 26 classes (A, B, C, D, E, …), but zip test has 10 classes (0, 1, 2, 3, 4, …)" in result.stderr


def test_named_classes_without_labels_are_refused_too(call, files, data):
    data(dataclasses.replace(ODD, labels=None))
    result = call("predict", files / "letters.safetensors", "letters")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "knows 26 classes (A, B, C, D, E, …), but letters has 6 classes" in result.stderr


def test_images_of_unknown_classes_are_predicted(call, files, data):
    data(Dataset(LETTERS.images))
    result = call("predict", files / "letters.safetensors", "letters")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 1 + len(LETTERS)


def test_a_submission_to_kaggle_is_of_digits(call, files):
    model = files / "letters.safetensors"
    result = call("predict", model, "kaggle")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"inkling: {model}: a submission to Kaggle takes a model of the digits 0 to 9, not of 26 classes "
        f"(A, B, C, D, E, …)\n"
    )


@pytest.mark.parametrize("command", ["evaluate", "predict"])
def test_images_of_another_size_are_refused_in_a_sentence(call, files, data, command):
    data(letter_images(30, 20))
    source = ("letters",) if command == "predict" else ("--data", "letters")
    model = files / "letters.safetensors"
    result = call(command, model, *source)
    assert result.exit_code == 3
    assert result.stderr == (
        f"inkling: {model} takes images of 16×16 pixels, but those of letters have 20×20: take data of that size, or "
        f"train a model on images of this one\n"
    )


def test_models_of_other_classes_are_not_compared(call, files, data):
    data(LETTERS)
    result = call("evaluate", files / "letters.safetensors", files / "odd.safetensors", "--data", "letters")
    assert result.exit_code == 2
    assert result.stderr.startswith(
        "inkling: a comparison takes two models of the same classes, not of 26 classes (A, B"
    )


def test_robustness_of_small_images_is_refused(call, files, data):
    data(LETTERS)
    result = call("evaluate", files / "letters.safetensors", "--data", "letters", "--robustness")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "corruptions of MNIST-C, which are made for images of 28×28 pixels, not of 16×16" in result.stderr
