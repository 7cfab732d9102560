"""Pipes, terminals and full devices: what is at the other end of stdin, stdout and stderr."""

import errno
import os
import re
import subprocess

import pytest

from needs import needs_dev_full


def test_a_reader_that_has_seen_enough(spawn, finished):
    """`inkling predict … | head -1` ends in silence."""
    read, write = os.pipe()
    process = spawn("predict", finished, "digits", stdout=write)
    os.close(write)
    os.close(read)  # nobody reads: the first write breaks
    _, err = process.communicate(timeout=60)
    assert err == ""
    assert process.returncode == 0


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_has_seen_enough_where_pipes_cannot_be_polled(spawn, finished, unbuffered):
    """As on Windows, where `select` has no `poll`."""
    program = (
        "import select, sys; del select.poll; import inkling.cli.__main__ as cli; sys.argv[0] = 'inkling'; cli.main()"
    )
    read, write = os.pipe()
    process = spawn("predict", finished, "digits", stdout=write, program=("-c", program))
    os.close(write)
    os.close(read)
    _, err = process.communicate(timeout=60)
    assert err == ""
    assert process.returncode == 0


def test_piped_into_head(environment, tmp_path, finished):
    import sys

    command = f"{sys.executable} -m inkling predict {finished} digits --proba | head -n 2"
    piped = subprocess.run(
        command, shell=True, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert piped.stdout.startswith("ImageId,Label,p0")
    assert piped.stdout.count("\n") == 2
    assert piped.stderr == ""


@needs_dev_full("a full device is a sentence and exit code 1")
@pytest.mark.parametrize("command", ["predict R digits", "recipes", "evaluate R --json", "data info digits"])
@pytest.mark.parametrize("unbuffered", ["", "1"])  # "": what is left in the buffer must not fail again at the end
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
    warning = "The loss is worse than guessing (2.30): try a lower learning rate, --lr.\n"
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
    monkeypatch.setattr("inkling.cli.console._silence", silenced.append)
    result = call("predict", finished, "digits")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "inkling: BlockingIOError: Resource temporarily unavailable\n"
    assert silenced == []
