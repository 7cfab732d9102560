"""`inkling predict`: for digits the competition's file exactly, for other classes a table of their names."""

import csv
import io
import re

import numpy as np
import pytest

from inkling.data import load
from inkling.model import load as load_model
from letters import ODD_NAMES
from needs import needs_kaggle


@pytest.mark.parametrize("options", [(), ("--tta",)])
def test_predict_writes_a_submission(call, either, tmp_path, options):
    result = call("predict", either, "digits", *options, "-o", tmp_path / "submission.csv")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert ("with test-time augmentation" in result.stderr) == bool(options)
    test = load("digits").test
    expected = load_model(either).predict(test.images, tta=bool(options))
    assert (expected == test.labels).mean() > 0.7
    lines = (tmp_path / "submission.csv").read_bytes().decode("ascii").split("\n")
    assert lines[0] == "ImageId,Label"
    assert lines[1:-1] == [f"{i},{label}" for i, label in enumerate(expected, 1)]
    assert lines[-1] == ""
    assert call("predict", either, "digits", *options).stdout == "\n".join(lines)


def test_quiet_predictions_are_the_file_alone(call, finished, tmp_path):
    assert call("predict", finished, "digits", "-o", tmp_path / "loud.csv").stderr != ""
    quiet = call("predict", finished, "digits", "-o", tmp_path / "quiet.csv", "--quiet")
    assert (quiet.exit_code, quiet.stdout, quiet.stderr) == (0, "", "")
    assert (tmp_path / "quiet.csv").read_bytes() == (tmp_path / "loud.csv").read_bytes()


def test_predict_with_probabilities(call, finished, tmp_path):
    result = call("predict", finished, "digits", "--proba", "-o", tmp_path / "p.csv")
    assert result.exit_code == 0
    header, *rows = (tmp_path / "p.csv").read_text().splitlines()
    assert header == "ImageId,Label,p0,p1,p2,p3,p4,p5,p6,p7,p8,p9"
    numbers = np.array([[float(cell) for cell in row.split(",")] for row in rows])
    np.testing.assert_allclose(numbers[:, 2:].sum(axis=1), 1, atol=6e-6)
    np.testing.assert_array_equal(numbers[:, 2:].argmax(axis=1), numbers[:, 1])
    np.testing.assert_array_equal(numbers[:, 0], np.arange(1, len(rows) + 1))


@needs_kaggle("`inkling predict` writes a complete submission for the competition")
def test_predict_the_competition(call, finished, tmp_path):
    result = call("predict", finished, "kaggle", "-o", tmp_path / "submission.csv")
    assert result.exit_code == 0
    header, *rows = (tmp_path / "submission.csv").read_text().splitlines()
    assert header == "ImageId,Label"
    assert len(rows) == 28_000
    assert [row.split(",")[0] for row in rows] == [str(i) for i in range(1, 28_001)]
    assert {row.split(",")[1] for row in rows} == set("0123456789")
    assert "28,000 predictions" in result.stderr


@pytest.mark.parametrize(
    "torn", ["", "ImageId,Label\n1,3\n2,", "ImageId,Label\n1,3\n2,12\n", "ImageId,Label\n2,1\n1,1\n"]
)
def test_a_submission_that_does_not_read_back_is_noticed(tmp_path, torn):
    from inkling.cli.predict import validate
    from inkling.errors import InklingError

    (tmp_path / "s.csv").write_text(torn)
    with pytest.raises(InklingError, match="does not read back as 2 predictions"):
        validate(tmp_path / "s.csv", 2)
    (tmp_path / "s.csv").write_text("ImageId,Label\n1,3\n2,0\n")
    validate(tmp_path / "s.csv", 2)


def test_names_of_classes_are_quoted_where_csv_asks_for_it(tmp_path):
    from inkling.cli.predict import submission, validate

    text = submission(np.eye(6, dtype=np.float32), proba=True, class_names=ODD_NAMES)
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert header == ["ImageId", "Label", *(f"p{name}" for name in ODD_NAMES)]
    assert [row[1] for row in rows] == list(ODD_NAMES)
    np.testing.assert_array_equal(np.array([row[2:] for row in rows], float), np.eye(6))
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")
    validate(tmp_path / "p.csv", 6, ODD_NAMES)


def test_digits_are_written_byte_for_byte_as_kaggle_wants_them():
    from inkling.cli.predict import submission

    probabilities = np.eye(10, dtype=np.float32)[[7, 0]]
    assert submission(probabilities) == "ImageId,Label\n1,7\n2,0\n"
    ones = [",".join("1.000000" if i == digit else "0.000000" for i in range(10)) for digit in (7, 0)]
    table = submission(probabilities, np.array([0.25, 0.5]), proba=True)
    header = f"ImageId,Label,{','.join(f'p{i}' for i in range(10))},not_a_digit"
    assert table == f"{header}\n1,7,{ones[0]},0.250000\n2,0,{ones[1]},0.500000\n"


LABELS = [digit % 10 for digit in range(28_000)]


def written(path, rows, header="ImageId,Label"):
    path.write_text("\n".join([header, *rows, ""]))
    return path


def submission_of(path, **changed):
    rows = [f"{i},{label}" for i, label in enumerate(LABELS, 1)]
    for place, row in changed.items():
        rows[int(place[1:])] = row
    return written(path, rows)


@pytest.fixture
def own_kaggle(tmp_path, monkeypatch):
    """A command called kaggle, which tells what it was given, and its exit code."""

    def install(code):
        (tmp_path / "bin").mkdir(exist_ok=True)
        program = tmp_path / "bin" / "kaggle"
        program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > {tmp_path}/sent.txt\nexit {code}\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")

    monkeypatch.setenv("PATH", str(tmp_path))  # where there is no such command
    return install


def test_a_submission_is_handed_to_kaggle(call, own_kaggle, tmp_path):
    file = submission_of(tmp_path / "s.csv")
    missing = call("submit", file)
    assert missing.exit_code == 1
    assert "s.csv is fine, but the command kaggle" in missing.stderr
    assert call("submit", file, "--check").exit_code == 0
    own_kaggle(0)
    result = call("submit", file, "-m", "two words")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "28,000 labels in order; 0: 2,800, 1: 2,800" in result.stderr
    assert (tmp_path / "sent.txt").read_text() == f"competitions|submit|digit-recognizer|-f|{file}|-m|two words|"
    own_kaggle(7)
    failed = call("submit", file)
    assert failed.exit_code == 1
    assert "kaggle ended with exit code 7" in failed.stderr


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ({"_4": "6,4"}, "line 6: 5 and a digit from 0 to 9 were expected, not '6,4'"),
        ({"_4": "5,10"}, "line 6: .* not '5,10'"),
        ({"_4": "5,"}, "line 6: .* not '5,'"),
        ({"_4": "5,4,0.9"}, "line 6: .* not '5,4,0.9'"),
        ({"_27999": "28000,7\n28001,1"}, "a label for each of the 28,000 images was expected, and it has 28,001"),
        ({"_4": ""}, "line 6"),
    ],
)
def test_a_damaged_submission_is_not_sent(call, own_kaggle, tmp_path, rows, sentence):
    own_kaggle(0)
    result = call("submit", submission_of(tmp_path / "s.csv", **rows))
    assert result.exit_code == 3
    assert re.search(sentence, result.stderr), result.stderr
    assert not (tmp_path / "sent.txt").exists()


def test_what_is_no_submission_at_all(call, tmp_path):
    (tmp_path / "picture.csv").write_bytes(bytes(range(256)))
    (tmp_path / "empty.csv").touch()
    written(tmp_path / "other.csv", ["1,2"], header="id,digit")
    written(tmp_path / "short.csv", ["1,2"])
    for name, sentence in (
        ("picture.csv", "no table of text"),
        ("empty.csv", "line 1: .* and not nothing"),
        ("other.csv", "line 1: .* and not 'id,digit'"),
        ("short.csv", "it has 1"),
        ("missing.csv", "cannot be read"),
        ("", "cannot be read"),
    ):
        result = call("submit", tmp_path / name, "--check")
        assert result.exit_code == 3, name
        assert re.search(sentence, result.stderr), result.stderr
