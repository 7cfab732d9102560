"""Whoever shows pictures to a model made for another normalisation is told so, once, and others are told nothing."""

import dataclasses
import re
import warnings

import numpy as np
import pytest
from typer.testing import CliRunner

import inkling
from inkling.cli.__main__ import app
from inkling.cli.console import report_errors
from inkling.data import PREPROCESSING_VERSION, load
from inkling.errors import InklingWarning
from on_paper import written

NOW, OLD = PREPROCESSING_VERSION, PREPROCESSING_VERSION - 1
SENTENCE = f"learnt from digits normalised by version {OLD}, but pictures are normalised by version {NOW}"


def tiny(version):
    model = inkling.load("tiny")
    return dataclasses.replace(model, metadata={**model.metadata, "preprocessing": version})


@pytest.fixture
def heard():
    """The warnings of a test, none of which is swallowed for having been shown before."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        yield heard


def test_reading_with_an_old_model_warns_once(heard):
    model = tiny(OLD)
    for _ in range(3):
        assert inkling.read(written("27"), model=model).text == "27"
    (warning,) = heard
    assert warning.category is InklingWarning
    assert str(warning.message).startswith(f"this model {SENTENCE}")
    assert warning.filename == __file__, "the line that read"
    inkling.read(written("27"), model=tiny(OLD))
    assert len(heard) == 2, "that is another model"


def test_a_model_of_a_later_version_is_as_strange():
    with pytest.warns(InklingWarning, match=f"normalised by version {NOW + 1}, but"):
        inkling.read(written("27"), model=tiny(NOW + 1))


def test_the_members_of_an_ensemble_are_asked():
    with pytest.warns(InklingWarning, match=f"version {OLD - 1} and {OLD}, but"):
        inkling.read(written("27"), model=inkling.ensemble([tiny(OLD), tiny(NOW), tiny(OLD - 1)]))


def test_no_warning_without_a_reason(heard):
    """The same version; nothing known; and digits that are MNIST's already."""
    plain = inkling.Model(*(getattr(inkling.load("tiny"), part) for part in ("network", "params")))
    for model in (None, inkling.load("tiny"), plain):
        inkling.read(written("27"), model=model)
    tiny(OLD).predict(np.zeros((1, 784), np.uint8))
    assert heard == []


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An old model, pictures of digits in folders, and digits in a table."""
    monkeypatch.chdir(tmp_path)
    tiny(OLD).save("old.safetensors")
    written("27").save("x.png")
    written("85").save("y.png")
    for digit in range(10):
        (tmp_path / "own" / str(digit)).mkdir(parents=True)
        written(str(digit)).save(tmp_path / "own" / str(digit) / "a.png")
    digits = load("digits").test[:200]
    header = ",".join(["label", *(f"pixel{i}" for i in range(784))])
    rows = [
        ",".join(map(str, [label, *image.ravel()])) for image, label in zip(digits.images, digits.labels, strict=True)
    ]
    (tmp_path / "x.csv").write_text("\n".join([header, *rows]))


@pytest.mark.parametrize(
    "arguments",
    [
        "read x.png y.png --model old.safetensors",
        "predict old.safetensors own",
        "evaluate old.safetensors --data own",
        "evaluate reader old.safetensors --data own",
        "evaluate old.safetensors --data digits",
    ],
)
def test_the_command_line_says_so_in_one_line(folder, arguments):
    result = CliRunner().invoke(app, arguments.split(), catch_exceptions=False)
    assert result.exit_code == 0
    who = "this model" if arguments.startswith("read") else r"old\.safetensors"
    told = [line for line in result.stderr.splitlines() if "version" in line]
    assert len(told) == 1
    assert re.match(f"inkling: {who} {SENTENCE}", told[0])


@pytest.mark.parametrize("arguments", ["predict old.safetensors x.csv", "evaluate old.safetensors --data x.csv"])
def test_the_command_line_says_nothing_where_nothing_is_normalised(folder, arguments):
    result = CliRunner().invoke(app, arguments.split(), catch_exceptions=False)
    assert (result.exit_code, result.stderr) == (0, "")


def test_other_warnings_go_where_they_always_go(heard):
    report_errors(lambda: warnings.warn("something else", stacklevel=1))()
    assert [str(warning.message) for warning in heard] == ["something else"]
