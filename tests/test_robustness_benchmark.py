"""benchmarks/accuracy/robustness.py: what it takes from an earlier result, and the digit that its picture shows."""

import importlib
import json

import numpy as np
import pytest

from inkling.data import load
from inkling.errors import DataError
from inkling.evaluation.robustness import Robustness
from inkling.evaluation.robustness_trials import evaluate_robustness
from needs import needs_benchmarks, needs_torch

DIGITS = load("digits").test[20:40]

CLAIM = "the benchmark of robustness takes PyTorch's example from an earlier result"
pytestmark = [needs_benchmarks(CLAIM), needs_torch(CLAIM)]


@pytest.fixture(scope="module")
def script():
    return importlib.import_module("benchmarks.accuracy.robustness")


def tried(answer):
    """The robustness of a model that gives the same answer to every image."""
    return Robustness(
        tuple(evaluate_robustness(lambda images: np.eye(10)[[answer] * len(images)], DIGITS.images, DIGITS.labels))
    )


def test_a_recalled_example_has_its_figures_and_the_trials_of_others(script):
    was, like = tried(3), tried(7)
    found = script.recalled(json.loads(json.dumps(was.to_dict())), like)
    assert found.to_dict() == was.to_dict() != like.to_dict()
    assert all(mine.example is its.example for mine, its in zip(found.trials, like.trials, strict=True))


def test_its_row_is_found_in_what_the_script_wrote(script, tmp_path):
    file = tmp_path / "earlier.json"
    rows = [{"work": "reader"}, {"work": script.EXAMPLE, "clean": 0.9}]
    file.write_text(json.dumps({"example_epochs": 14, "rows": rows}))
    assert script.earlier(file) == (14, rows[1])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"example_epochs": 1, "rows": []}', '{"example_epochs": 1}'])
def test_another_file_is_a_sentence(script, tmp_path, text):
    (tmp_path / "other.json").write_text(text)
    with pytest.raises(DataError, match="has no row of PyTorch's example: expected what this script wrote"):
        script.earlier(tmp_path / "other.json")


def test_the_picture_shows_a_digit_of_ours(script):
    """MNIST's are not ours to show."""
    found = script.with_our_digit(was := tried(3))
    assert found.to_dict() == was.to_dict()
    np.testing.assert_array_equal(found.trials[0].example, load("digits").labelled_test.images[0])
    assert not np.array_equal(found.trials[1].example, was.trials[1].example)
