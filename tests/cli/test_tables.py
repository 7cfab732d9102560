"""Tables stay readable on terminals of any width."""

import json

import pytest

from inkling.cli.tables import print_table

HEADINGS = ("run", "recipe", "accuracy %", "cross-entropy after")
ROWS = [("the-first-of-some-trainings", "of-three-layers", "98.25", "0.0712"), ("short", "sgd", "97.5", "")]


def figures(text):
    return [word for word in text.split() if word.replace(".", "").isdigit()]


@pytest.mark.parametrize("width", [1, 20, 40, 60, 80, 200])
def test_no_figure_is_lost(capsys, monkeypatch, width):
    """Regression test: at 20 and 40 columns tables vanished."""
    monkeypatch.setenv("COLUMNS", str(width))
    print_table(HEADINGS, ROWS, n_words=2)
    out = capsys.readouterr().out
    assert sorted(figures(out)) == ["0.0712", "97.5", "98.25"]
    assert "…" not in out
    if width >= 60:
        assert max(map(len, out.splitlines())) <= width
    letters = out.replace("\n", "").replace(" ", "")
    assert "sgd" in letters


def test_a_wide_terminal_gets_one_line_per_row(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    print_table(HEADINGS, ROWS, n_words=2)
    heading, first, second = capsys.readouterr().out.splitlines()
    assert heading.split() == ["run", "recipe", "accuracy", "%", "cross-entropy", "after"]
    assert first.split() == list(ROWS[0])
    assert second.split() == ["short", "sgd", "97.5"]


def test_a_narrow_terminal_gets_one_line_per_cell(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    print_table(HEADINGS, ROWS, n_words=2)
    assert capsys.readouterr().out == (
        "the-first-of-some-trainings\n  recipe: of-three-layers\n  accuracy %: 98.25\n  cross-entropy after: 0.0712\n"
        "short\n  recipe: sgd\n  accuracy %: 97.5\n"
    )


@pytest.mark.parametrize("columns", ["20", "40"])
def test_an_evaluation_tells_all_its_figures(call, finished, columns):
    record = json.loads(call("evaluate", finished, "--json").stdout)
    out = call("evaluate", finished, COLUMNS=columns).stdout
    assert f"{100 * record['accuracy']:.2f} %" in out
    for score in record["per_class"]:
        for share in (score["precision"], score["recall"], score["f1"]):
            assert f"{100 * share:.2f}" in out
