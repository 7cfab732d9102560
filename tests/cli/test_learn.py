"""`inkling learn`: from the list of exercises to one that is solved."""

import json

import pytest

from inkling.learning.exercises import EXERCISES
from inkling.learning.texts import solution_text


def test_it_lists_the_exercises_with_their_pages(call):
    result = call("learn")
    assert result.exit_code == 0
    for number, exercise in EXERCISES.items():
        (line,) = (line for line in result.stdout.splitlines() if exercise.title in line)
        assert line.split()[0] == str(number)
        assert exercise.page in line
    assert "inkling learn start 1" in result.stdout


def test_from_the_start_to_the_solution(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    started = call("learn", "start", 3)
    assert started.exit_code == 0
    assert started.stdout.startswith("exercise_3.py: write linear_forward and linear_backward in it")
    file = tmp_path / "exercise_3.py"
    text = file.read_text(encoding="utf-8")
    assert "Check it: inkling learn check 3 exercise_3.py\n" in text
    assert "dW (F, O), db (O,) and dx (N, F), in this order" in text
    assert "x.T @ dy" not in text

    unwritten = call("learn", "check", 3)
    assert unwritten.exit_code == 1
    assert "FAILED   y has a row per image" in unwritten.stdout
    assert "linear_forward is not written yet" in unwritten.stdout

    file.write_text(solution_text(3).replace("x.T @ dy", "x.T @ dy / len(x)"), encoding="utf-8")
    wrong = call("learn", "check", 3, "exercise_3.py")
    assert wrong.exit_code == 1
    lines = wrong.stdout.splitlines()
    assert lines[:2] == ["passed   y has a row per image and a column per output", "passed   y of two small rows"]
    assert lines[2] == "FAILED   dW, db and dx of two small rows"
    assert "Hint: All numbers are 0.5 times what was expected, which is 1 / N for N = 2" in wrong.stdout
    assert lines[-1] == "not run  3 further tests"

    file.write_text("print('here')\n" + solution_text(3), encoding="utf-8")
    right = call("learn", "check", 3)
    assert right.exit_code == 0
    assert right.stdout.startswith("Your code printed:\n  here\npassed   ")
    assert right.stdout.endswith("Exercise 3 is solved.\n")


def test_check_tells_machines_the_same(call, tmp_path):
    (tmp_path / "mine.py").write_text(solution_text(1).replace("/ 255", "/ 256"), encoding="utf-8")
    result = call("learn", "check", 1, tmp_path / "mine.py", "--json")
    assert result.exit_code == 1
    record = json.loads(result.stdout)
    assert record["failed"] == "two small images of 2×3"
    assert len(record["passed"]) == 1
    assert "not by 256" in record["hint"]


def test_the_solution_is_printed_when_asked_for(call):
    refused = call("learn", "solution", 3)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--show prints the solution" in refused.stderr
    shown = call("learn", "solution", 3, "--show")
    assert (shown.exit_code, shown.stdout) == (0, solution_text(3))


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ("start 0", 2, "there is no exercise 0; `inkling learn` lists those from 1 to 10"),
        ("check 11", 2, "there is no exercise 11"),
        ("solution -- -1", 2, "there is no exercise -1"),
        ("start three", 2, "three"),
        ("check 3", 2, "exercise_3.py: no such file; `inkling learn start 3` writes one to fill in"),
        ("check 3 .", 3, ". is no file: give the name of the file"),
        ("start 3 -o nowhere", 2, "there is no folder nowhere"),
        ("start 1", 2, "exercise_1.py exists already: give another name, or --force to replace it"),
        ("begin 1", 2, "begin"),
    ],
)
def test_a_mistake_is_one_sentence(call, tmp_path, monkeypatch, arguments, code, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exercise_1.py").write_text("mine", encoding="utf-8")
    result = call("learn", *arguments.split())
    assert result.exit_code == code
    assert sentence in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["exercise_1.py"]
    assert (tmp_path / "exercise_1.py").read_text(encoding="utf-8") == "mine"


def test_force_replaces_the_file(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exercise_1.py").write_text("mine", encoding="utf-8")
    assert call("learn", "start", 1, "--force").exit_code == 0
    assert "def to_rows" in (tmp_path / "exercise_1.py").read_text(encoding="utf-8")


def test_control_characters_in_what_code_prints_are_escaped(call, tmp_path):
    (tmp_path / "a.py").write_text("print('\\x1b[31mred')\n" + solution_text(1), encoding="utf-8")
    result = call("learn", "check", 1, tmp_path / "a.py")
    assert "\x1b" not in result.stdout
    assert "  \\x1b[31mred" in result.stdout
