"""Benchmarks answer a user's mistake with one line on stderr and its exit code, not with a traceback."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="compares with PyTorch")


def complaint(data: Path, script: str, *arguments: str) -> tuple[int, str]:
    """Exit code and stderr of a script."""
    environment = os.environ | {"INKLING_DATA": str(data)}
    call = [sys.executable, BENCHMARKS / script, *arguments]
    done = subprocess.run(call, capture_output=True, text=True, env=environment, timeout=120, check=False)
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_an_unknown_recipe(tmp_path: Path) -> None:
    code, said = complaint(tmp_path, "step_profile.py", "gd-64-23")
    assert code == 2
    assert said.startswith("step_profile.py: ")
    assert "gd-64-23" in said
    assert said.count("\n") == 1


def test_data_that_are_not_there(tmp_path: Path) -> None:
    zipped = tmp_path / "kaggle" / "digit-recognizer.zip"
    message = (
        f"startup_and_io.py: {zipped} is not there: put the competition's zip, as Kaggle gives it, in that place\n"
    )
    assert complaint(tmp_path, "startup_and_io.py") == (3, message)


@needs_torch
def test_no_mnist(tmp_path: Path) -> None:
    code, said = complaint(tmp_path, "time_to_accuracy.py", "--sides", "inkling")
    assert code == 3
    assert said.startswith("time_to_accuracy.py: ")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("script", "option", "count"),
    [
        ("convolution.py", "--rounds", "0"),
        ("step_profile.py", "--repeats", "-1"),
        ("records.py", "--seeds", "0"),
        pytest.param("time_to_accuracy.py", "--seeds", "0", marks=needs_torch),
    ],
)
def test_nothing_to_do_is_refused(tmp_path: Path, script: str, option: str, count: str) -> None:
    code, said = complaint(tmp_path, script, option, count)
    assert code == 2
    assert said.endswith(f"argument {option}: expected a whole number, at least 1, not {count!r}\n")


def test_more_rows_than_images_are_refused(tmp_path: Path) -> None:
    said = "step_profile.py: expected at most 20,480 --rows, as many as there are images, not 20,481\n"
    assert complaint(tmp_path, "step_profile.py", "--rows", "20481") == (2, said)
