"""The models that come along: what made them is told, and they read what they are said to read."""

import numpy as np
import pytest

import inkling
from inkling.classes import ROW_SYMBOLS
from inkling.data import PREPROCESSING_VERSION, load
from inkling.model import BUNDLED, WEIGHTS
from inkling.reading.rows.decoding import beam_search
from inkling.reading.rows.model import ROWS_FILES, row_models
from inkling.recipes import load_recipe
from inkling.synthesis.rows.hand import Hands
from inkling.synthesis.rows.strips import written_strips
from needs import needs_mnist

MNIST_TRAIN = "d18cfd466eb143ac1097fde604dba9eec4116885869d04cc648b510949f9e88c"  # its images and labels
LEAST = {
    "reader": {"digits": 0.965, "mnist": 0.995},
    "tiny": {"digits": 0.82, "mnist": 0.955},
}  # accuracy; the embedded digits are by other writers, and coarse
LEAST_ROWS = (0.66, 0.7)  # share of written rows of the embedded digits, of which every symbol is right, by network


def test_there_are_no_others():
    assert sorted(BUNDLED) == sorted(LEAST)
    assert sorted(path.stem for path in WEIGHTS.iterdir()) == sorted([*BUNDLED, "rows-a", "rows-b"])


@pytest.mark.parametrize("name", BUNDLED)
def test_a_model_says_what_made_it(name):
    metadata = inkling.load(name).metadata
    assert metadata["recipe"] == load_recipe(name).to_dict()
    assert metadata["recipe"]["seed"] == 0
    assert metadata["data"]["source"] == "mnist"
    assert metadata["data"]["images"] == 55_000
    assert metadata["data"]["sha256"] == MNIST_TRAIN
    assert set(metadata["versions"]) == {"inkling", "numpy", "python"}
    assert metadata["metrics"]["epoch"] == metadata["recipe"]["epochs"]
    assert metadata["preprocessing"] == PREPROCESSING_VERSION


@pytest.mark.parametrize("name", BUNDLED)
def test_a_model_is_small(name):
    assert (WEIGHTS / f"{name}.safetensors").stat().st_size <= 700_000


@pytest.mark.parametrize("name", BUNDLED)
@pytest.mark.parametrize("source", ["digits", "mnist"])
def test_a_model_reads_digits(name, source):
    if source == "mnist":
        needs_mnist.or_skip("the bundled models have the accuracy on MNIST that is claimed")
    test = load(source).test
    assert (inkling.load(name).predict(test.images) == test.labels).mean() >= LEAST[name][source]


def test_the_first_comes_without_asking():
    assert inkling.load().metadata == inkling.load("reader").metadata


def test_a_users_own_file_of_that_name_comes_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    inkling.load("tiny").save("reader")
    assert inkling.load("reader").metadata["recipe"]["name"] == "tiny"
    assert inkling.load().metadata["recipe"]["name"] == "reader"


@pytest.mark.parametrize("number", [0, 1])
def test_a_row_network_says_what_made_it(number):
    metadata = row_models()[number].metadata
    assert metadata["data"] == {"source": "mnist", "rows": (160_000, 240_000)[number]}
    assert metadata["recipe"]["loss"] == "CTCLoss()"
    assert metadata["metrics"]["validation_accuracy"] > 0.76
    assert ROWS_FILES[number].stat().st_size <= 410_000


@pytest.mark.parametrize(("number", "least"), list(enumerate(LEAST_ROWS)))
def test_a_row_network_reads_rows_of_other_writers(number, least):
    digits = load("digits")
    strips, labels = written_strips(Hands(digits.train), 150, 192, np.random.default_rng(2))
    texts = ["".join(ROW_SYMBOLS[each] for each in label if each >= 0) for label in labels]
    found = row_models()[number].log_probabilities(strips[..., 0])
    read = [beam_search(each, beam=4, symbols=ROW_SYMBOLS)[0].text for each in found]
    right = np.mean([a == b for a, b in zip(read, texts, strict=True)])
    assert right >= least


def test_the_models_that_come_along_are_small():
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) <= 1_500_000
