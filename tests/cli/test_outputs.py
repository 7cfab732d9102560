"""What the command line never replaces, not even with --force, and what it finds out before it begins to work."""

import os
import shutil

import pytest

from inkling.cli.outputs import MODEL, PICTURE, PREDICTIONS, REPORT, check_output
from inkling.data import load
from inkling.errors import UsageError

READ = "is read by this command, and not replaced even with --force: give another name"


@pytest.fixture
def table(tmp_path):
    """Ten embedded digits as a table without labels."""
    path = tmp_path / "t.csv"
    images = load("digits").test.images[:10].reshape(10, -1)
    path.write_text("\n".join([",".join(f"pixel{i}" for i in range(784)), *(",".join(map(str, i)) for i in images)]))
    return path


def refused(call, *arguments, sentence):
    result = call(*arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_report_never_replaces_a_model(call, finished):
    """Regression test: `evaluate RUN --report RUN/model.safetensors --force` did."""
    before = {path: path.read_bytes() for path in finished.iterdir()}
    for name in ("model.safetensors", "checkpoint.safetensors", "curves.png", "run.json"):
        refused(call, "evaluate", finished, "--report", finished / name, "--force", sentence="report ends in .html")
    assert {path: path.read_bytes() for path in finished.iterdir()} == before


@pytest.mark.parametrize("link", [None, os.symlink, os.link], ids=["itself", "symbolic link", "hard link"])
def test_predictions_never_replace_the_table_that_they_are_for(call, finished, table, link):
    """Regression test: `predict RUN t.csv -o t.csv --force` did."""
    output, before = table, table.read_bytes()
    if link is not None:
        output = table.with_name("other.csv")
        link(table, output)
    refused(call, "predict", finished, table, "-o", output, "--force", sentence=READ)
    refused(call, "predict", finished, output, "-o", table, "--force", sentence=READ)
    assert output.read_bytes() == table.read_bytes() == before


def test_predictions_are_replaced_beside_their_table(call, finished, table):
    """A folder of data may hold the predictions for it, but nothing else in it is replaced."""
    shutil.copy(table, table.with_name("train.csv"))
    for _ in range(2):
        assert call("predict", finished, table, "-o", table.with_name("mine.csv"), "--force").exit_code == 0
    folder = table.parent
    check_output(folder / "mine.csv", PREDICTIONS, True, sources=[folder])
    for name, kind in (("train.csv", PREDICTIONS), ("3.png", PICTURE)):
        (folder / name).touch()
        with pytest.raises(UsageError, match="is read by this command"):
            check_output(folder / name, kind, True, sources=[folder])


def test_the_folder_of_named_data_is_read_too(tmp_path, monkeypatch):
    (tmp_path / "test.csv").write_text("pixel0")
    monkeypatch.setenv("INKLING_DATA", str(tmp_path))
    with pytest.raises(UsageError, match="is read by this command"):
        check_output(tmp_path / "test.csv", PREDICTIONS, True, sources=["kaggle"])
    check_output(tmp_path / "test.csv", PREDICTIONS, True, sources=["digits"])


@pytest.mark.parametrize("verb", [("ensemble", "a.safetensors"), ("adapt", "nowhere", "--model")], ids=" ".join)
def test_models_that_are_read_are_not_replaced(call, tmp_path, finished, verb):
    model = tmp_path / "a.safetensors"
    shutil.copy(finished / "model.safetensors", model)
    before = model.read_bytes()
    words = [str(model) if word == "a.safetensors" else word for word in verb]
    refused(call, *words, model, "-o", model, "--force", sentence=READ)
    (tmp_path / "folder").mkdir()
    shutil.copy(model, tmp_path / "folder" / "model.safetensors")
    output = tmp_path / "folder" / "model.safetensors"
    refused(call, *words, tmp_path / "folder", "-o", output, "--force", sentence=READ)
    assert model.read_bytes() == output.read_bytes() == before


def test_the_files_of_a_run_belong_to_it(tmp_path, finished):
    """Also those that are not there yet: a model in the folder of an unfinished run would end it."""
    (tmp_path / "run.json").touch()
    (tmp_path / "link").symlink_to(tmp_path)
    for name, kind in (("model.safetensors", MODEL), ("checkpoint.safetensors", MODEL), ("curves.png", PICTURE)):
        for folder in (tmp_path, tmp_path / "link"):
            with pytest.raises(UsageError, match="is a file of the run in"):
                check_output(folder / name, kind, True)
    for name, kind in (("adapted.safetensors", MODEL), ("report.html", REPORT), ("predictions.csv", PREDICTIONS)):
        (tmp_path / name).touch()
        check_output(tmp_path / name, kind, True)


@pytest.mark.parametrize("output", ["/proc/mine.safetensors", f"{'long' * 60}.safetensors"], ids=["folder", "name"])
def test_adapt_finds_out_before_it_trains_that_it_cannot_write(call, tmp_path, monkeypatch, output):
    """Regression test: `adapt` trained to its end first. The second name is too long while the file is written."""

    def not_reached(*arguments):
        raise AssertionError("the handwriting was read")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("inkling.adaptation.read_handwriting", not_reached)
    result = call("adapt", "handwriting", "-o", output)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"inkling: {output}: ")
    assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_dash_stands_for_standard_output(call, finished, table, monkeypatch):
    """Regression test: `predict … -o -` made a file called "-"."""
    monkeypatch.chdir(table.parent)
    dash, plain = (call("predict", finished, table, *options) for options in (("-o", "-"), ()))
    assert dash.exit_code == plain.exit_code == 0
    assert dash.stdout == plain.stdout
    assert dash.stdout.startswith("ImageId,Label\n1,")
    assert [path.name for path in table.parent.iterdir()] == ["t.csv"]


@pytest.mark.parametrize(
    "verb", [("train",), ("sweep", "sgd-10", "--set", "lr=0.1:0.2"), ("cv", "sgd-10")], ids=lambda verb: verb[0]
)
def test_an_address_is_no_folder(call, tmp_path, monkeypatch, verb):
    """Regression test: "-o s3://bucket/runs" made a folder "s3:" here."""
    monkeypatch.chdir(tmp_path)
    told = call(*verb, "-o", "s3://bucket/runs", "--data", "digits")
    assert told.exit_code == 2
    assert "is written into a folder of this file system, not to an address" in told.stderr
    assert list(tmp_path.iterdir()) == []
