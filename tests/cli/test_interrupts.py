"""Real signals and real limits: whatever ends a run, resuming it ends in the same bits as never having been ended."""

import json
import os
import random
import signal
import threading
import time

import pytest
import typer

from inkling.cli.console import report_errors
from lively import LIVELY, RECIPES

# Checkpoints after every epoch, so that seconds suffice; and no pictures, which are not in question here.
DRIVER = """
import resource, sys
sys.modules["matplotlib"] = None
if limit := int(sys.argv.pop(1)):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
from inkling.runs import run
run.CHECKPOINT_SECONDS = float(sys.argv.pop(1))
from inkling.cli.__main__ import main
main()
"""


@pytest.fixture
def start(spawn):
    def start_training(*args, limit=0, checkpoint_seconds=0):
        return spawn(limit, checkpoint_seconds, "train", *args, program=("-c", DRIVER))

    return start_training


@pytest.fixture(scope="module")
def slow_recipe(tmp_path_factory, request):
    """Some seconds of training, checkpoints included: of a perceptron unless the test asks for another recipe."""
    name, epochs = getattr(request, "param", ("lively", 110))
    path = tmp_path_factory.mktemp("recipes") / f"slow-{name}.toml"
    path.write_text(RECIPES[name].override(epochs=epochs).to_toml())
    return path


@pytest.fixture(scope="module")
def cache():
    return {}


@pytest.fixture
def uninterrupted(start, slow_recipe, tmp_path, cache):
    """Model and history of a run that nothing happened to; made once for each recipe."""
    if slow_recipe.name not in cache:
        ended(start("--recipe", slow_recipe, "--data", "digits", "-o", "whole"))
        cache[slow_recipe.name] = end_of(tmp_path / "whole")
    return cache[slow_recipe.name]


def ended(process, code=0):
    out, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert "Traceback" not in err
    return out, err


def end_of(folder):
    records = [json.loads(line) for line in (folder / "history.jsonl").read_text().splitlines()]
    timeless = [{k: v for k, v in r.items() if k not in ("seconds", "images_per_second")} for r in records]
    return (folder / "model.safetensors").read_bytes(), timeless


def wait_for(path, process):
    deadline = time.monotonic() + 30
    while not path.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.parametrize(
    ("slow_recipe", "seed"),
    [(("lively", 110), 1), pytest.param(("seeing", 20), 2, marks=pytest.mark.thorough)],
    indirect=["slow_recipe"],
    ids=RECIPES,
)
def test_any_signals_at_any_moments_change_no_bit(start, slow_recipe, tmp_path, uninterrupted, seed):
    moments = random.Random(seed)
    folder = tmp_path / "r"
    process = start("--recipe", slow_recipe, "--data", "digits", "-o", folder)
    wait_for(folder / "run.json", process)
    for number in (signal.SIGKILL, signal.SIGINT, signal.SIGKILL):
        if number == signal.SIGINT:
            assert process.stderr.readline().startswith(f"Resuming {folder} after epoch ")
            time.sleep(moments.uniform(0.05, 0.3))
            os.killpg(process.pid, number)  # as a terminal does
            _, err = ended(process, 130)
            assert f"To go on: inkling train --resume {folder}" in err
        else:
            time.sleep(moments.uniform(0.0, 0.4))
            process.kill()
            process.communicate(timeout=10)  # hangs where a worker lives on
        process = start("--resume", folder)
    ended(process)
    assert end_of(folder) == uninterrupted
    assert not list(folder.glob(".*"))


def test_a_finished_run_says_so_and_changes_nothing(call, finished):
    before = {path.name: path.read_bytes() for path in finished.iterdir()}
    done = call("train", "--resume", finished)
    assert done.exit_code == 0
    assert done.stderr == (
        f"{finished} is finished: training ended after epoch {LIVELY.epochs}.\n"
        f"To train it for more epochs: inkling train --from {finished} --epochs N\nDrawing the plots.\n"
    )
    assert f"model       {finished / 'model.safetensors'}" in done.stdout
    assert {path.name: path.read_bytes() for path in finished.iterdir()} == before


@pytest.mark.parametrize(
    ("limit", "checkpoint_seconds", "file"),
    [
        (100_000, 0, "checkpoint.next.safetensors"),
        pytest.param(6_000, 1e9, "history.jsonl", marks=pytest.mark.thorough),
    ],
)
def test_a_file_that_cannot_be_written(start, slow_recipe, tmp_path, uninterrupted, limit, checkpoint_seconds, file):
    folder = tmp_path / "r"
    process = start("--recipe", slow_recipe, "--data", "digits", "-o", folder)
    wait_for(folder / "checkpoint.previous.safetensors", process)
    process.kill()
    process.communicate(timeout=10)
    _, err = ended(start("--resume", folder, limit=limit, checkpoint_seconds=checkpoint_seconds), 1)
    assert err.splitlines()[-1] == (
        f"inkling: {folder / file}: File too large; the last good checkpoint is kept; to go on: "
        f"inkling train --resume {folder}"
    )
    assert not list(folder.glob(".*"))
    ended(start("--resume", folder))
    assert end_of(folder) == uninterrupted


def test_damaged_checkpoints_end_in_a_sentence(start, slow_recipe, tmp_path):
    folder = tmp_path / "r"
    process = start("--recipe", slow_recipe, "--data", "digits", "-o", folder)
    wait_for(folder / "checkpoint.previous.safetensors", process)
    process.kill()
    process.communicate(timeout=10)
    for path in folder.glob("checkpoint*"):
        path.write_bytes(b"torn")
    _, err = ended(start("--resume", folder), 3)
    assert err.startswith("inkling: no checkpoint to go on from: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), pytest.param("SIGHUP", 129, marks=pytest.mark.thorough)])
def test_being_told_to_end_is_like_ctrl_c(start, slow_recipe, tmp_path, uninterrupted, name, code):
    """Regression test: a training died without a word, and lost what it had trained since the last checkpoint."""
    folder = tmp_path / "r"
    process = start("--recipe", slow_recipe, "--data", "digits", "-o", folder, checkpoint_seconds=1e9)
    wait_for(folder / "history.jsonl", process)
    while not (folder / "history.jsonl").read_text():
        assert process.poll() is None
    number = getattr(signal, name)
    os.killpg(process.pid, number) if name == "SIGHUP" else os.kill(
        process.pid, number
    )  # as a closing terminal, as kill
    _, err = ended(process, code)  # hangs where a worker lives on
    last = err.splitlines()[-1]
    assert last.startswith("Stopped after epoch ")
    assert last.endswith(f". To go on: inkling train --resume {folder}")
    assert (folder / "checkpoint.safetensors").exists()
    ended(start("--resume", folder))
    assert end_of(folder) == uninterrupted


def test_nohup_keeps_a_training_alive(spawn, recipe_file, tmp_path):
    program = ("-c", f"import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n{DRIVER}")
    process = spawn(0, 0, "train", "-r", recipe_file, "--data", "digits", "-o", "r", program=program)
    wait_for(tmp_path / "r" / "run.json", process)
    os.kill(process.pid, signal.SIGHUP)
    ended(process)
    assert (tmp_path / "r" / "model.safetensors").exists()


@pytest.mark.parametrize(
    ("name", "code", "sentence"),
    [("SIGINT", 130, "interrupted"), ("SIGTERM", 143, "ended by SIGTERM"), ("SIGHUP", 129, "ended by SIGHUP")],
)
def test_every_command_ends_in_one_sentence(capsys, name, code, sentence):
    number = getattr(signal, name)
    usual = signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL
    before = signal.signal(number, usual)

    def command():
        signal.raise_signal(number)

    try:
        with pytest.raises(typer.Exit) as caught:
            report_errors(command)()
        assert signal.getsignal(number) is usual
    finally:
        signal.signal(number, before)
    assert caught.value.exit_code == code
    assert capsys.readouterr().err == f"inkling: {sentence}\n"


def test_commands_run_in_any_thread(capsys):
    """Only the main thread may set handlers of signals."""
    thread = threading.Thread(target=report_errors(lambda: print("done")))
    thread.start()
    thread.join()
    assert capsys.readouterr().out == "done\n"
