"""benchmarks/reading/drawn.py: its shares are those counted by hand, and a mistake ends in one line."""

import importlib

import numpy as np
import pytest

from inkling.reading import Digit, Reading
from needs import needs_benchmarks
from scripts import run_script

pytestmark = needs_benchmarks("the benchmark of drawn numbers counts what is right, silently wrong and refused")


@pytest.fixture(scope="module")
def drawn():
    return importlib.import_module("benchmarks.reading.drawn")


def reading(text: str, *warnings: str) -> Reading:
    """Of digits, and question marks for those that are refused."""
    digits = []
    for each in text:
        digit = 0 if each == "?" else int(each)
        probabilities = np.eye(10, dtype=np.float32)[digit]
        digits.append(Digit(digit, (0, 0, 1, 1), probabilities, 0.0, each != "?", np.zeros((28, 28), np.uint8)))
    return Reading("x.png", (tuple(digits),) if digits else (), (9, 9), warnings)


def test_shares(drawn):
    readings = [reading("123"), reading("17"), reading("4?6")]
    assert drawn.shares(readings, ["123", "77", "456"]) == {
        "exactly_right": 1 / 3,
        "silently_wrong": 1 / 3,
        "refused": 1 / 3,
        "digit_error_rate": 2 / 8,
    }


@pytest.mark.parametrize(
    ("found", "silent", "refused"),
    [
        (reading("12", "left out: a line"), 0, 0),  # A warning is a sign, right or wrong.
        (reading("", "nothing drawn"), 0, 1),
        (reading(""), 0, 1),
        (reading("12"), 1, 0),
    ],
)
def test_what_is_wrong_without_a_sign(drawn, found, silent, refused):
    shares = drawn.shares([found], ["13"])
    assert (shares["exactly_right"], shares["silently_wrong"], shares["refused"]) == (0, silent, refused)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["boxes", "circles"], "low resolution, broken lines, touching, foreign styles, plain paper"),
        (["--seed", "-1"], "argument --seed: expected a whole number, at least 0, not '-1'"),
        (["--seed", "one"], "argument --seed: expected a whole number, at least 0, not 'one'"),
        (["--count", "0"], "argument --count: expected a whole number, at least 1, not '0'"),
        (["--quick", "--count", "5"], "argument --count: not allowed with argument --quick"),
    ],
)
def test_a_mistake_ends_in_one_line(arguments, sentence):
    done = run_script("benchmarks.reading.drawn", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
