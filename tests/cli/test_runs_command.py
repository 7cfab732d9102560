"""The list of runs: the best first, damaged folders named, and nobody else's folder in the way."""

import json
import os
import shutil

import pytest

from inkling.errors import DataError
from inkling.runs import Run
from inkling.runs.listing import RunSummary, list_runs
from lively import LIVELY


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three runs: finished, interrupted after an epoch, and not begun; another one's folder, a file, damaged runs."""
    folder = tmp_path_factory.mktemp("runs")
    for _ in Run.create(folder / "finished", LIVELY.override(epochs=3), "digits").train(workers=1):
        pass
    next(Run.create(folder / "interrupted", LIVELY.override(seed=1), "digits", "digits").train(workers=1))
    Run.create(folder / "new", LIVELY, "digits")
    for name in ("no record", "no history"):
        shutil.copytree(folder / "finished", folder / name)
    (folder / "no record" / "run.json").write_text("{")
    (folder / "no history" / "history.jsonl").write_text('{"epoch": 1}\n')
    (folder / "somebody's").mkdir()
    (folder / "file").touch()
    return folder


def test_the_best_comes_first(folder):
    runs, problems = list_runs(folder)
    assert [run.folder.name for run in runs] == ["finished", "interrupted", "new"]
    assert [run.finished for run in runs] == [True, False, False]
    assert [(run.epochs, run.most_epochs) for run in runs] == [(3, 3), (1, 6), (0, 6)]
    assert {run.parameters for run in runs} == {LIVELY.network.layout.size}
    best = max(Run.resume(folder / "finished").state.history, key=lambda r: (r["validation_accuracy"], -r["epoch"]))
    assert runs[0].figures["validation_accuracy"] == best["validation_accuracy"]
    assert runs[0].best_epoch == best["epoch"]
    assert "test_accuracy" in runs[1].figures
    assert runs[2].figures == {}
    assert len(problems) == 2
    assert "no history/history.jsonl: damaged" in problems[0].replace("\\", "/")
    assert "no record holds no run" in problems[1]


def test_a_run_is_listed_alone_and_its_torn_line_is_left_out(folder, tmp_path):
    shutil.copytree(folder / "finished", tmp_path / "r")
    with (tmp_path / "r" / "history.jsonl").open("a") as file:
        file.write('{"epoch": 4, "trai')
    assert [run.epochs for run in list_runs(tmp_path / "r")[0]] == [3]


@pytest.mark.parametrize(
    "history",
    [
        "[]\n",
        "5\n",
        '{"seconds": "long"}\n',
        '{"seconds": 1, "a": null}\n',
        "\xff\n",
        '{"seconds": NaN}\n',
        "[" * 100_000 + "\n",
    ],
    ids=lambda history: history[:20],
)
def test_any_damage_is_a_sentence(folder, tmp_path, history):
    shutil.copytree(folder / "finished", tmp_path / "r")
    (tmp_path / "r" / "history.jsonl").write_bytes(history.encode("latin-1"))
    with pytest.raises(DataError, match=r"history\.jsonl: damaged: a record of numbers in JSON was expected"):
        RunSummary.of(tmp_path / "r")


def test_the_table_names_every_run_and_what_is_damaged(call, folder):
    result = call("runs", folder, COLUMNS="160")
    assert result.exit_code == 0
    heading, *rows = result.stdout.splitlines()
    assert heading.split()[:4] == ["run", "recipe", "data", "epochs"]
    assert [row.split()[0] for row in rows] == ["finished", "interrupted", "new"]
    assert [row.split()[-1] for row in rows] == ["finished", "unfinished", "unfinished"]
    assert [row.split()[3] for row in rows] == ["3/3", "1/6", "0/6"]
    assert result.stderr.count("\n") == 2
    assert result.stderr.count("inkling: ") == 2


def test_the_list_as_json(call, folder):
    records = json.loads(call("runs", folder, "--json").stdout)
    assert [record["recipe"] for record in records] == ["lively"] * 3
    assert records[0]["validation_accuracy"] > records[1]["validation_accuracy"]
    assert records[0]["folder"] == str(folder / "finished")


def test_folders_without_runs(call, tmp_path, monkeypatch):
    result = call("runs", tmp_path)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"{tmp_path}: no run in this folder\n"
    assert json.loads(call("runs", tmp_path, "--json").stdout) == []
    monkeypatch.chdir(tmp_path)
    assert call("runs").exit_code == 3


@pytest.mark.parametrize("content", [None, "[" * 100_000, "{}", "[]"], ids=["pipe", "deep", "empty", "list"])
def test_no_record_is_waited_for_or_fatal(call, folder, tmp_path, content):
    shutil.copytree(folder / "finished", tmp_path / "finished")
    (tmp_path / "strange").mkdir()
    if content is None:
        os.mkfifo(tmp_path / "strange" / "run.json")
    else:
        (tmp_path / "strange" / "run.json").write_text(content)
    result = call("runs", tmp_path)
    assert result.exit_code == 0
    assert "finished" in result.stdout
    assert result.stderr.count("\n") == 1
    assert "strange holds no run to resume" in result.stderr
