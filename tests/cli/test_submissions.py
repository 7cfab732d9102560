"""`inkling predict`: the competition's file exactly."""

import numpy as np
import pytest

from inkling.data import load
from inkling.model import load as load_model
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
