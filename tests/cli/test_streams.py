"""Pipes, terminals and full devices: what is at the other end of stdin, stdout and stderr."""

import errno
import os
import re
import subprocess

import pytest
import typer

from inkling.cli import progress
from inkling.cli.console import complain, report_errors
from needs import needs_dev_full


def test_a_reader_that_has_seen_enough(spawn, finished):
    """`inkling predict … | head -1` ends in silence."""
    read, write = os.pipe()
    process = spawn("predict", finished, "digits", "--quiet", stdout=write)
    os.close(write)
    os.close(read)  # nobody reads: the first write breaks
    _, err = process.communicate(timeout=60)
    assert err == ""
    assert process.returncode == 0


def test_piped_into_head(environment, tmp_path, finished):
    import sys

    command = f"{sys.executable} -m inkling predict {finished} digits --quiet --proba | head -n 2"
    piped = subprocess.run(
        command, shell=True, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert piped.stdout.startswith("ImageId,Label,p0")
    assert piped.stdout.count("\n") == 2
    assert piped.stderr == ""


@needs_dev_full("a full device is a sentence and exit code 1")
@pytest.mark.parametrize(
    ("command", "unbuffered"),  # "": what is left in the buffer must not fail again at the end
    [
        ("predict R digits -q", ""),
        ("recipes", "1"),
        *(
            pytest.param(command, unbuffered, marks=pytest.mark.thorough)
            for command, unbuffered in (
                ("predict R digits -q", "1"),
                ("recipes", ""),
                ("evaluate R -q --json", ""),
                ("evaluate R -q --json", "1"),
                ("data info digits", ""),
                ("data info digits", "1"),
            )
        ),
    ],
)
def test_a_full_device(run, finished, command, unbuffered):
    words = [finished if word == "R" else word for word in command.split()]
    with open("/dev/full", "w") as full:  # noqa: PTH123
        code, _, err = run(*words, stdout=full, env={"PYTHONUNBUFFERED": unbuffered})
    assert code == 1
    assert err == "inkling: standard output: No space left on device\n"


def test_images_from_an_empty_stdin(run, finished):
    code, out, err = run("predict", finished, "/dev/stdin", stdin=subprocess.DEVNULL)
    assert code == 3
    assert out == ""
    assert err.startswith("inkling: /dev/stdin: ")
    assert err.count("\n") == 1


def test_results_go_to_stdout_and_progress_to_stderr(run, without_plots, recipe_file):
    options = ("-r", recipe_file, "--data", "digits", "-o", "r", "--epochs", 3, "--json")
    code, out, err = run("train", *options, **without_plots)
    assert code == 0
    assert out.startswith("{")
    lines = re.findall(r"^epoch \d/3  loss \d\.\d{4}  accuracy .* %  validation .* images/s.*$", err, re.MULTILINE)
    assert len(lines) >= 2
    assert lines[-1].startswith("epoch 3/3")
    assert "\x1b" not in out + err


@pytest.mark.parametrize(("lr", "worse"), [(0.01, False), (30, True)])
def test_a_loss_worse_than_guessing_is_reported_before_the_plots_are_drawn(run, without_plots, recipe_file, lr, worse):
    options = ("-r", recipe_file, "--data", "digits", "-o", "r", "--epochs", 1, "--lr", lr)
    _, _, err = run("train", *options, **without_plots)
    warning = "The loss is worse than guessing (2.30 nats): try a lower learning rate, --lr.\n"
    assert err.endswith(f"{warning if worse else ''}Drawing the plots.\n")
    assert (warning in err) == worse


def test_a_terminal_shows_progress_live(on_a_terminal, without_plots, recipe_file):
    text = on_a_terminal("train", "-r", recipe_file, "--data", "digits", "-o", "r", **without_plots)
    assert "\x1b[" in text
    assert re.search(r"epoch.*6/6", text)
    assert "images/s" in text
    assert "Traceback" not in text


def test_no_locale_is_no_hindrance(run, finished):
    code, out, _ = run("evaluate", finished, env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"})
    assert code == 0
    assert "accuracy" in out


@pytest.mark.parametrize("readers", [0, 1], ids=["stderr broken", "both broken"])
def test_training_goes_on_where_nobody_reads_of_it(spawn, without_plots, tmp_path, recipe_file, readers):
    """`inkling train … 2>&1 | head -1` trains to the end."""
    read, write = os.pipe()
    streams = {"stderr": write} | ({"stdout": write} if readers else {})
    options = ("-r", recipe_file, "--data", "digits", "-o", "r", "--epochs", 2)
    process = spawn("train", *options, **streams, **without_plots)
    os.close(write)
    os.close(read)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert (tmp_path / "r" / "model.safetensors").exists()
    assert readers or "run folder  r" in out


def test_a_pipe_of_our_own_that_breaks_is_a_failure(run):
    program = "import sys, inkling.data, inkling.cli.__main__ as cli\n"
    program += "def load(source): raise BrokenPipeError(32, 'Broken pipe')\n"
    program += "inkling.data.load = load; sys.argv[0] = 'inkling'; cli.main()"
    code, out, err = run("reproduce", "sgd-10", program=("-c", program))
    assert (code, out) == (1, "")
    assert err == "inkling: BrokenPipeError: Broken pipe\n"


def test_a_failure_without_a_file_does_not_blame_standard_output(call, finished, monkeypatch):
    """Regression test: a process that could not be started was a failure of standard output, which then fell silent."""

    def fail(source):
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    silenced = []
    monkeypatch.setattr("inkling.data.load", fail)
    monkeypatch.setattr("inkling.cli.console.silence", silenced.append)
    result = call("predict", finished, "digits")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "inkling: BlockingIOError: Resource temporarily unavailable\n"
    assert silenced == []


def closed(*descriptors, program=("-m", "inkling")):
    """A program that runs the command with these descriptors closed, as `>&-` does."""
    closing = "; ".join(f"os.close({descriptor})" for descriptor in descriptors)
    return ("-c", f"import os, sys; {closing}; os.execv(sys.executable, [sys.executable, *{program}, *sys.argv[1:]])")


@pytest.mark.parametrize(
    "descriptors",
    [
        pytest.param((1,), marks=pytest.mark.thorough, id="stdout"),
        pytest.param((2,), marks=pytest.mark.thorough, id="stderr"),
        pytest.param((0, 1, 2), id="all"),
    ],
)
def test_closed_streams_are_no_hindrance(run, without_plots, tmp_path, recipe_file, descriptors):
    """Regression test: AttributeError without stdout; without stderr half a run folder, exit code 1 and no word."""
    options = ("-r", recipe_file, "--data", "digits", "--epochs", 1)
    code, out, err = run("train", *options, "-o", "r", program=closed(*descriptors, **without_plots))
    assert code == 0
    assert (tmp_path / "r" / "model.safetensors").exists()
    assert ("run folder  r" in out) == (1 not in descriptors)
    assert ("Drawing the plots." in err) == (2 not in descriptors)
    code, out, err = run("data", "info", "nowhere", program=closed(*descriptors))
    assert (code, out) == (3, "")
    assert err.startswith("inkling: nowhere: no such file") == (2 not in descriptors)


def test_no_file_takes_the_place_of_a_closed_stream(run, tmp_path, finished):
    """A file that is opened first would otherwise be standard output to whatever writes there."""
    code, _, _ = run("predict", finished, "digits", "-o", "p.csv", program=closed(0, 1, 2))
    assert code == 0
    assert (tmp_path / "p.csv").read_text().startswith("ImageId,Label\n1,")


def test_a_terminal_that_is_gone_is_no_hindrance(monkeypatch, capsys):
    """Regression test: where the terminal was closed, a line of progress ended the training with an OSError."""

    class Gone:
        def write(self, text):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        def flush(self):
            pass

        def fileno(self):
            return 2

    silenced = []
    monkeypatch.setattr("inkling.cli.console.silence", silenced.append)
    monkeypatch.setattr("sys.stderr", gone := Gone())
    progress._redraw("epoch 1/2")
    complain("a warning")
    assert silenced == [gone, gone]


def test_out_of_memory_says_what_to_do(capsys):
    """Regression test: "not enough memory (): try a smaller network" for a file."""
    for name, advice in (("train", "a smaller batch (--batch-size)"), ("predict", "try a smaller source")):

        def command():
            raise MemoryError

        command.__name__ = name
        with pytest.raises(typer.Exit):
            report_errors(command)()
        err = capsys.readouterr().err
        assert err.startswith("inkling: not enough memory: try ")
        assert advice in err
