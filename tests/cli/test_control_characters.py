"""Nothing that a name or a file holds reaches a terminal raw."""

import io
import json
import sys

import pytest

from inkling.cli import streams
from inkling.cli.console import complain, redraw
from inkling.cli.streams import escaped, print_file, results_on_stdout
from inkling.cli.tables import print_table, tables
from inkling.errors import printable

EVIL = "a\x1b[31mred\x07\rb\x9bc\u202ed\u2066e\u2028f"
HARMLESS = r"a\x1b[31mred\x07\rb\x9bc\u202ed\u2066e\u2028f"


def test_control_characters_become_escapes():
    assert escaped(EVIL) == HARMLESS
    assert escaped("Zürich 数字 ½ · \n\t") == "Zürich 数字 ½ · \n\t"
    assert printable("two\nlines\tand\x7f") == r"two\nlines\tand\x7f"


def test_what_goes_to_stderr_is_one_harmless_line(capsys):
    complain(f"{EVIL}\nfake line")
    redraw("\r\x1b[K", EVIL)
    assert capsys.readouterr().err == f"{HARMLESS}\\nfake line\n\r\x1b[K{HARMLESS}"


def test_results_are_harmless(capsys):
    with results_on_stdout():
        print(EVIL)
        sys.stdout.writelines([EVIL, "\n"])
        print_table(["name", "count"], [[EVIL + "\nx", 1]])
    out = capsys.readouterr().out
    assert out.count(HARMLESS) == 3
    assert "\x1b" not in out
    assert out.count("\n") == 4


def test_bold_letters_stay_bold_on_a_terminal(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stdout", Terminal())
    terminal = sys.stdout
    with results_on_stdout():
        tables().print("a\x1b[2Jb\nfake row", style="bold", soft_wrap=True)
        print_file(EVIL)
    assert terminal.getvalue() == f"\x1b[1ma\\x1b[2Jb\\nfake row\x1b[0m\n{HARMLESS}"


def test_a_file_that_is_not_printed_to_a_terminal_stays_as_it_is(monkeypatch):
    content = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(content, encoding="ascii", write_through=True))
    with results_on_stdout():
        print_file(f"{EVIL}é")
    assert content.getvalue() == f"{EVIL}é".encode()


def test_json_stays_json(call, tmp_path):
    name = tmp_path / "\x1b2J\nfake"
    result = call("read", name, "--json")
    assert json.loads(result.stdout)[0]["file"] == str(name)
    assert "\x1b" not in result.stdout + result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [("evaluate",), ("predict", "tiny"), ("train", "-o", "r", "--data"), ("data", "info")]
)
def test_names_are_harmless_in_every_error(run, arguments):
    code, out, err = run(*arguments, "no\x1b[2J\nfake: row")
    assert code == 3
    assert "\x1b" not in out + err
    assert err.count("\n") == 1


def test_the_parser_of_the_command_line_prints_names_harmlessly(run):
    code, _, err = run("sheet", "make", "\x1b[2Jextra")
    assert code == 2
    assert r"\x1b[2Jextra" in err
    assert "\x1b" not in err


def test_escapes_are_no_characters_to_escape():
    assert streams.escaped(HARMLESS) == HARMLESS
