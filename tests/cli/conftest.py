import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from typer.testing import CliRunner

import inkling
from inkling.cli.__main__ import app
from lively import LIVELY, SEEING


@pytest.fixture(scope="session")
def without_plots():
    """Options of `spawn`, `run` and `on_a_terminal`: as if matplotlib were not installed, since plots take seconds."""
    program = "import sys; sys.modules['matplotlib'] = None; from inkling.cli.__main__ import main; main()"
    return {"program": ("-c", program)}


@pytest.fixture(scope="session")
def environment():
    """The environment of a user without settings of Inkling's, who has this very package on the path."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("INKLING_")}
    return plain | {"PYTHONPATH": str(Path(inkling.__file__).parents[1]), "COLUMNS": "100"}


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in [name for name in os.environ if name.startswith("INKLING_") and name != "INKLING_DATA"]:
        monkeypatch.delenv(name)


@pytest.fixture
def spawn(environment, tmp_path):
    """Start the command in a process of its own, in `tmp_path`: spawn("train", …, env={…}) → Popen."""

    def start(*args, env=None, program=("-m", "inkling"), **options):
        command = [sys.executable, *program, *map(str, args)]
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": tmp_path} | options
        return subprocess.Popen(command, env=environment | (env or {}), start_new_session=True, **options)

    return start


@pytest.fixture
def run(spawn):
    """Run the command in a process of its own to its end: (exit code, stdout, stderr)."""

    def to_the_end(*args, **options):
        process = spawn(*args, **options)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    return to_the_end


@pytest.fixture
def call():
    """Run the command in this process, which is faster: call("evaluate", …) → result with exit_code, stdout, stderr."""
    return lambda *args, **env: CliRunner().invoke(app, list(map(str, args)), env=env, catch_exceptions=False)


@pytest.fixture
def no_pictures(monkeypatch):
    """Leave out the pictures of a run, which take seconds, where they are not in question."""
    monkeypatch.setattr("inkling.runs.pictures.draw", lambda run: ["nothing"])


@pytest.fixture(scope="session")
def recipe_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("recipes") / "lively.toml"
    path.write_text(LIVELY.to_toml())
    return path


def finish(recipe_file, folder):
    options = ("--recipe", recipe_file, "--data", "digits", "-o", folder)
    result = CliRunner().invoke(app, ["train", *map(str, options)], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return folder


@pytest.fixture(scope="session")
def finished(tmp_path_factory, recipe_file):
    """The folder of a finished run on the embedded digits, pictures and all."""
    return finish(recipe_file, tmp_path_factory.mktemp("runs") / "finished")


@pytest.fixture(scope="session")
def convolved(tmp_path_factory):
    """The folder of a finished run of a convolutional network, its parameters averaged."""
    folder = tmp_path_factory.mktemp("convolved")
    (folder / "seeing.toml").write_text(SEEING.override(epochs=12).to_toml())
    return finish(folder / "seeing.toml", folder / "run")


@pytest.fixture(params=["finished", "convolved"])
def either(request):
    """The folder of a finished run, whatever its network."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def on_a_terminal(spawn):
    """What the command shows on a terminal of this size, as stderr: on_a_terminal("train", …, rows=24, columns=80)."""

    def show(*args, rows=0, columns=0, code=0, **options):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        process = spawn(*args, stderr=theirs, env={"TERM": "xterm"}, **options)
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 4096):
                shown += piece
        except OSError:  # Linux: the other end is closed
            pass
        os.close(ours)
        process.communicate(timeout=60)
        assert process.returncode == code
        return shown.decode()

    return show


@pytest.fixture(scope="session")
def small_recipe(tmp_path_factory):
    file = tmp_path_factory.mktemp("recipes") / "small.toml"
    file.write_text(
        'network = ["Flatten()", "Linear(8)", "ReLU()", "Linear(10)"]\noptimizer = "Adam()"\n'
        'schedule = "ConstantLR(0.01)"\nepochs = 2\nsplit = "Split(validation=0.2)"\n'
    )
    return file
