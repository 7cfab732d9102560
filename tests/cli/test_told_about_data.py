"""What the commands say about data that are read, but not as one would wish."""

import json

import numpy as np
import pytest

from inkling.data import load
from inkling.data.digits import read_digits
from needs import needs_mnist


@pytest.fixture(scope="module")
def digits():
    return load("digits").test[:200]


@pytest.fixture
def npz(tmp_path):
    def of(images, labels):
        np.savez(tmp_path / "x.npz", images=images, labels=labels)
        return tmp_path / "x.npz"

    return of


def test_data_info_and_evaluate_tell_of_transposed_images(call, npz, digits):
    path = npz(digits.images.swapaxes(1, 2), digits.labels)
    sentence = "the images are not as MNIST's, upright and bright on dark"
    assert sentence in call("data", "info", path).stdout
    assert sentence in json.loads(call("data", "info", path, "--json").stdout)["notes"][-1]
    result = call("evaluate", "tiny", "--data", path)
    assert result.exit_code == 0
    assert f"inkling: {path}: {sentence}" in result.stderr
    assert "once they are transposed" in result.stderr


def test_nothing_is_said_of_right_data(call, npz, digits):
    path = npz(digits.images, digits.labels)
    assert "not as MNIST's" not in call("data", "info", path).stdout
    assert "not as MNIST's" not in call("evaluate", "tiny", "--data", path).stderr


def test_predict_brings_a_table_without_labels_to_28_by_28(call, tmp_path, digits):
    images, labels = read_digits()
    np.savetxt(tmp_path / "t.csv", images[-200:].reshape(200, -1), "%d", ",")
    result = call("predict", "tiny", tmp_path / "t.csv")
    assert result.exit_code == 0
    assert "images of 8×8 pixels brought to 28×28" in result.stderr
    predicted = [int(line.split(",")[1]) for line in result.stdout.splitlines()[1:]]
    assert np.mean(predicted == labels[-200:]) > 0.8


@pytest.mark.usefixtures("no_pictures")
def test_train_tells_of_copies_and_of_digits_without_images(call, npz, digits, recipe_file, tmp_path):
    some = digits[digits.labels < 8]
    path = npz(np.tile(some.images, (3, 1, 1)), np.tile(some.labels, 3))
    result = call("train", "-r", recipe_file, "--data", path, "-o", tmp_path / "run", "--epochs", 1)
    assert result.exit_code == 0
    assert (
        f"{2 * len(some)} of the {3 * len(some)} images are copies of earlier ones: all copies of an" in result.stderr
    )
    assert result.stderr.count("no images of the digits 8, 9") == 1
    judged = call("evaluate", tmp_path / "run")
    assert judged.exit_code == 0


@pytest.mark.usefixtures("no_pictures")
def test_train_says_that_the_embedded_test_digits_are_by_other_writers(call, recipe_file, tmp_path):
    result = call("train", "-r", recipe_file, "--data", "digits", "-o", tmp_path / "run", "--epochs", 1)
    assert "the 360 test images are by other writers than the rest" in result.stderr


def test_evaluate_says_it_too(call):
    assert (
        "the 360 test images are by other writers than the rest" in call("evaluate", "tiny", "--data", "digits").stderr
    )


@needs_mnist("nothing is said of MNIST")
def test_nothing_is_said_of_mnist(call):
    notes = json.loads(call("data", "info", "mnist", "--json").stdout)["notes"]
    assert len(notes) == 1
    assert notes[0].startswith("found in ")
