"""Benchmarks start, and answer a user's mistake with one line on stderr and its exit code, not with a traceback."""

import json
import sys
from pathlib import Path

import pytest

from cupy_double import Ledger
from inkling.data import load
from needs import ROOT, needs_benchmarks, needs_torch
from scripts import run_python, run_script

pytestmark = needs_benchmarks("benchmarks start, and refuse mistakes in one line")
BENCHMARKS = ROOT / "benchmarks"
SUBJECTS = ("speed", "accuracy", "reading", "training", "files", "service", "scale")
SCRIPTS = sorted(
    f"{path.parent.name}.{path.stem}"
    for subject in SUBJECTS
    for path in BENCHMARKS.glob(f"{subject}/*.py")
    if "__main__" in path.read_text(encoding="utf-8")
)
OF_PYTORCH = (
    "accuracy.robustness", "accuracy.time_to_accuracy",
    "speed.cnn_training", "speed.inference", "speed.mlp_training"
)  # fmt: skip
torch = needs_torch("benchmarks beside PyTorch start")
# Each script as `python -m` runs it, one after another in one process, which imports the libraries once.
STARTER = """
import contextlib, io, json, os, runpy, sys
for pin in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):  # with these, a script starts itself anew
    os.environ.pop(pin, None)
for script in sys.argv[1:]:
    out, err = io.StringIO(), io.StringIO()
    sys.argv = [script, "--help"]
    sys.modules.pop(f"benchmarks.{script}", None)  # another script imported it
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            runpy.run_module(f"benchmarks.{script}", run_name="__main__")
            code = 0
        except SystemExit as ended:
            code = ended.code
    print(json.dumps([script, code, out.getvalue(), err.getvalue()]))
"""


def complaint(data: Path, script: str, *arguments: str) -> tuple[int, str]:
    """Exit code and stderr of a script."""
    done = run_script(f"benchmarks.{script}", *arguments, INKLING_DATA=str(data))
    assert done.stdout == ""
    return done.returncode, done.stderr


@pytest.fixture(scope="module")
def started() -> dict[str, tuple[int, str, str]]:
    """Of each script that can start here, exit code, stdout and stderr of its help."""
    scripts = [script for script in SCRIPTS if needs_torch.is_met() or script not in OF_PYTORCH]
    done = run_python("-c", STARTER, *scripts)
    assert (done.returncode, done.stderr) == (0, "")
    return {script: (code, out, err) for script, code, out, err in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("script", [pytest.param(s, marks=torch) if s in OF_PYTORCH else s for s in SCRIPTS])
def test_every_script_starts(script: str, started: dict[str, tuple[int, str, str]]) -> None:
    code, out, err = started[script]
    assert (code, err) == (0, "")
    assert f"python -m benchmarks.{script}" in out, "the docstring shows the call"


def test_every_script_has_its_line_and_its_section_in_the_readme() -> None:
    page = (BENCHMARKS / "README.md").read_text(encoding="utf-8")
    for script in SCRIPTS:
        name = f"{script.partition('.')[2]}.py"
        assert f"| `{name}` |" in page
        assert f"\n## {name}\n" in page
        assert f"    python -m benchmarks.{script}" in page


def test_benchmarks_know_no_command_line() -> None:
    """What they need of the library, its packages have. Only the proof of resuming ends the command itself."""
    found = [path.name for path in BENCHMARKS.rglob("*.py") if "inkling.cli" in path.read_text(encoding="utf-8")]
    assert found == ["interrupts.py"]


def test_an_unknown_recipe(tmp_path: Path) -> None:
    code, said = complaint(tmp_path, "speed.step_profile", "gd-64-23")
    assert code == 2
    assert said.startswith("step_profile.py: ")
    assert "gd-64-23" in said
    assert said.count("\n") == 1


def test_data_that_are_not_there(tmp_path: Path) -> None:
    zipped = tmp_path / "kaggle" / "digit-recognizer.zip"
    message = (
        f"startup_and_io.py: {zipped} is not there: put the competition's zip, as Kaggle gives it, in that place\n"
    )
    assert complaint(tmp_path, "speed.startup_and_io") == (3, message)


def test_trainings_on_a_gpu_are_compared_as_soon_as_there_is_one(
    cupy: Ledger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the double of CuPy: the script is ready. Without CuPy it ends with one sentence."""
    from benchmarks.speed.device import main, measured

    on_cpu, on_gpu = measured("sgd-10", load("digits"), quick=True)
    assert cupy.to_device, "the double was at work"
    assert (on_cpu["work"], on_gpu["work"]) == ("sgd-10 on cpu", "sgd-10 on cuda")
    assert on_gpu["accuracy"]["mean"] == pytest.approx(on_cpu["accuracy"]["mean"], abs=0.01)
    monkeypatch.setitem(sys.modules, "cupy", None)
    monkeypatch.setattr("sys.argv", ["device.py", "sgd-10"])
    monkeypatch.setattr("benchmarks.speed.device.unpin_blas", lambda: None)  # it would start pytest anew
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().err.startswith(
        "device.py: this needs cupy-cuda12x[ctk], which is not installed: pip install "
    )


@torch
def test_no_mnist(tmp_path: Path) -> None:
    code, said = complaint(tmp_path, "accuracy.time_to_accuracy", "--sides", "inkling")
    assert code == 3
    assert said.startswith("time_to_accuracy.py: ")
    assert said.count("\n") == 1


def test_a_missing_library_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from benchmarks.harness.script import report_errors

    @report_errors
    def main() -> None:
        raise ModuleNotFoundError("No module named 'onnxruntime'", name="onnxruntime")

    monkeypatch.setattr("sys.argv", ["somewhere/inference.py"])
    with pytest.raises(SystemExit, match="1"):
        main()
    sentence = "inference.py: this needs onnxruntime, which is not installed: pip install '.[compare]'\n"
    assert capsys.readouterr().err == sentence


@pytest.mark.parametrize(
    ("script", "option", "count"),
    [
        ("speed.convolution", "--rounds", "0"),
        ("speed.step_profile", "--repeats", "-1"),
        ("accuracy.records", "--seeds", "0"),
        pytest.param("accuracy.time_to_accuracy", "--seeds", "0", marks=(torch, pytest.mark.thorough)),
    ],
)
def test_nothing_to_do_is_refused(tmp_path: Path, script: str, option: str, count: str) -> None:
    code, said = complaint(tmp_path, script, option, count)
    assert code == 2
    assert said.endswith(f"argument {option}: expected a whole number, at least 1, not {count!r}\n")


def test_more_rows_than_images_are_refused(tmp_path: Path) -> None:
    said = "step_profile.py: expected at most 20,480 --rows, as many as there are images, not 20,481\n"
    assert complaint(tmp_path, "speed.step_profile", "--rows", "20481") == (2, said)


@pytest.mark.parametrize(
    "call", [("speed.convolution", "--rounds", "1"), ("speed.step_profile", "--rows", "64", "--repeats", "2")]
)
def test_a_quick_measurement_is_a_table_and_a_file(tmp_path: Path, call: tuple[str, ...]) -> None:
    script, *arguments = call
    done = run_script(f"benchmarks.{script}", *arguments, "--json", tmp_path / "found.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert "µs per image" in done.stdout
    assert '"rows": [' in (tmp_path / "found.json").read_text(encoding="utf-8")
