"""`inkling data check`: findings as a table, as JSON, as a page and as a picture; exit codes; and what it refuses."""

import json

import numpy as np
import pytest
from PIL import Image

from inkling.data import load


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """`own.npz`: embedded digits, of which row 7 is a copy of row 2 with another label, and row 9 is blank."""
    folder = tmp_path_factory.mktemp("check")
    part = load("digits").part("test")[:60]
    images, labels = part.images.copy(), part.labels.copy()
    images[7], labels[7], images[9] = images[2], (labels[2] + 1) % 10, 0
    np.savez(folder / "own.npz", images=images, labels=labels)
    return folder


def test_the_table_tells_every_kind(call, folder):
    result = call("data", "check", folder / "own.npz", "--model", "tiny")
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0].endswith("own.npz: 60 images")
    kinds = {line.split()[0]: line.split()[1] for line in lines if line[0] != " " and not line.endswith("60 images")}
    assert kinds.items() >= {"duplicates": "1", "conflicts": "1", "blank": "1", "inverted": "0"}.items()
    assert any("row 7, labelled" in line and "equals row 2" in line for line in lines)
    assert "labels are judged by the model" in result.stdout
    assert "looking for copies" in result.stderr
    assert call("data", "check", folder / "own.npz", "--model", "tiny", "-q").stderr == ""


def test_json_page_and_sheet(call, folder, tmp_path):
    page, sheet = tmp_path / "check.html", tmp_path / "doubtful.png"
    asked = ("data", "check", folder / "own.npz", "--model", "tiny", "--json", "--report", page, "--sheet", sheet)
    result = call(*asked)
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["counts"]["duplicates"] == 1
    assert {"kind", "part", "row", "label", "says", "score", "other"} == set(told["findings"][0])
    doubtful = [each["row"] for each in told["findings"] if each["kind"] == "labels"]
    assert 7 in doubtful, "the label of the copy was changed"
    with Image.open(sheet) as picture:
        assert picture.size == (2 + 10 * 86, 2 + 86 * -(-len(doubtful) // 10)) or len(doubtful) < 10
    html = page.read_text(encoding="utf-8")
    assert html.count("<img") >= 4, "the copies with their originals, and the blank image"
    assert "http" not in html.replace("http-equiv", "")
    assert "row 7, labelled" in html
    again = call(*asked)
    assert again.exit_code == 2
    assert "exists already" in again.stderr
    assert call(*asked, "--force").exit_code == 0


def test_a_gate_for_pipelines(call, folder):
    def code(kinds):
        result = call("data", "check", folder / "own.npz", "--model", "tiny", "--fail-on", kinds)
        return result.exit_code, result.stderr.splitlines()[-1]

    assert code("inverted,off-centre")[0] == 0
    assert code("blank, inverted") == (4, "inkling: found blank")
    assert code("all")[0] == 4
    status, sentence = code("blank,copies")
    assert status == 2
    assert "--fail-on takes kinds of duplicates, " in sentence
    assert "not 'copies'" in sentence


def test_what_is_refused(call, folder, tmp_path):
    own = folder / "own.npz"
    for arguments, sentence in (
        ((own, "--model", "tiny", "-r", "sprint"), "leave it out, or --model"),
        ((own, "--report", tmp_path / "x.txt"), "the name of a report ends in .html"),
        ((own, "--folds", "1"), "--folds"),
        ((tmp_path / "missing.csv",), "missing.csv"),
        ((own, own), "is given twice"),
        ((own, "--model", folder / "own.npz"), "own.npz"),
    ):
        result = call("data", "check", *arguments)
        assert result.exit_code in (1, 2, 3), arguments
        assert sentence in result.stderr, arguments
        assert "Traceback" not in result.stderr


def test_without_labels_copies_are_found_and_labels_not_judged(call, tmp_path):
    images = load("digits").part("test").images[:20]
    np.savez(tmp_path / "plain.npz", images=np.concatenate([images, images[:1]]))
    result = call("data", "check", tmp_path / "plain.npz")
    assert result.exit_code == 0, result.stderr
    assert "duplicates            1" in result.stdout
    assert "training a model" not in result.stderr
