"""`inkling predict`: for digits the competition's file exactly, for other classes a table of their names."""

import csv
import io

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
