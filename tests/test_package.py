"""The wheel: built, installed away from the source, looked into and used as a user would."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from needs import ROOT, needs_hatchling, needs_source

PLAIN = {name: value for name, value in os.environ.items() if not name.startswith(("INKLING_", "PYTHON"))}
SOURCE = ("src", "docs", "pyproject.toml", "README.md", "LICENSE")

pytestmark = needs_source("the wheel holds the package, and works where nothing else is installed")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel built from a copy of the source, so that nothing of the checkout can slip in or be left behind."""
    needs_hatchling.or_skip("the wheel holds the package, and works where nothing else is installed")
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in SOURCE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).is_file():
            shutil.copy(ROOT / name, source / name)
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", out, cwd=source)
    (built,) = out.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Where the wheel is installed: a folder of its own; what it depends on is this environment's."""
    target = tmp_path_factory.mktemp("installed")
    options = ["--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", "--no-compile"]
    pip = (sys.executable, "-m", "pip", "install", *options)
    run(*pip, "--target", target, wheel, cwd=target)
    return target


@pytest.fixture(scope="module")
def empty(wheel, tmp_path_factory):
    """The programs of an environment that holds the wheel and its core dependencies, and nothing else."""
    place = tmp_path_factory.mktemp("empty")
    programs = place / ("Scripts" if os.name == "nt" else "bin")
    run(sys.executable, "-m", "venv", "--without-pip", place, cwd=place, env=PLAIN)
    pip = (sys.executable, "-m", "pip", "--python", place, "--quiet", "--disable-pip-version-check", "--retries=1")
    probe = complete(*pip, "download", "--no-deps", "--dest", place, "platformdirs", cwd=place, env=PLAIN)
    if probe.returncode:
        pytest.skip("pip reaches no package index: the core install is enough to train, evaluate and predict")
    run(*pip, "install", "--no-compile", wheel, cwd=place, env=PLAIN)
    return programs


def run(*command, cwd, env=None):
    done = complete(*command, cwd=cwd, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout


def complete(*command, cwd, env=None):
    return subprocess.run(
        list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", timeout=120
    )


@pytest.fixture
def inkling(installed, tmp_path):
    """The installed command, run in an empty folder, with warnings as errors."""
    env = PLAIN | {"PYTHONPATH": str(installed), "PYTHONWARNINGS": "error"}
    return lambda *arguments: run(installed / "bin" / "inkling", *arguments, cwd=tmp_path, env=env)


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    expected = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src").rglob("*")
        if path.is_file() and path.suffix not in (".pyc", ".so")
    }
    packaged = {name for name in names if ".dist-info/" not in name}
    assert packaged == expected | {"inkling/recipes/recipes.md"}
    for name in (
        "py.typed",
        "data/digits.npz",
        "data/mnist_test.hashes",
        "weights/reader.safetensors",
        "evaluation/report.html.jinja",
        "export/c/fragments/int8/conv2d.h",
    ):
        assert f"inkling/{name}" in packaged
    assert any(name.startswith("inkling/recipes/bundled/") for name in packaged)
    assert {Path(name).suffix for name in packaged} <= {
        *(".py", ".npz", ".hashes", ".jinja", ".toml", ".md", ".typed", ".safetensors"),
        *(".js", ".css", ".html", ".svg", ".h"),
    }
    assert wheel.stat().st_size < 3_000_000


def test_the_wheel_says_what_it_is(wheel):
    archive = zipfile.ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
    metadata = archive.read(name).decode()
    facts = ("Name: inkling-digits", "License-Expression: MIT", "Requires-Python: >=3.11", "Requires-Dist: numpy>=1.26")
    assert {*facts} <= {*metadata.splitlines()}
    heavy = [line for line in metadata.splitlines() if line.startswith("Requires-Dist") and "extra ==" not in line]
    assert not [line for line in heavy if any(word in line for word in ("torch", "scikit", "matplotlib", "pyarrow"))]


def test_the_installed_command_trains_evaluates_and_predicts(inkling, installed, tmp_path):
    result = json.loads(inkling("train", "--data", "digits", "--epochs", "1", "-o", "r", "--json"))
    assert result["epoch"] == 1
    assert (tmp_path / "r" / "model.safetensors").is_file()
    inkling("evaluate", "r", "--report", "report.html")
    assert (tmp_path / "report.html").stat().st_size > 10_000
    inkling("predict", "r", "digits", "-o", "submission.csv")
    assert len((tmp_path / "submission.csv").read_text().splitlines()) == 361
    assert "sgd-10" in inkling("recipes")
    assert inkling("recipes", "--explain") == (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    assert not list(tmp_path.glob("**/*.py"))


def test_what_is_used_is_what_was_installed(installed, tmp_path):
    env = {**os.environ, "PYTHONPATH": str(installed)}
    place = run(sys.executable, "-c", "import inkling; print(inkling.__file__)", cwd=tmp_path, env=env)
    assert Path(place.strip()).is_relative_to(installed)


@pytest.mark.parametrize("package", ["matplotlib", "jinja2", "sklearn", "pyarrow", "scipy", "pytest"])
def test_the_empty_environment_lacks(empty, tmp_path, package):
    command = f"import importlib.util; print(importlib.util.find_spec({package!r}))"
    assert run(empty / "python", "-c", command, cwd=tmp_path, env=PLAIN).strip() == "None"


def test_the_core_install_is_enough_to_train_evaluate_and_predict(wheel, empty, tmp_path):
    command, where = empty / "inkling", {"cwd": tmp_path, "env": PLAIN | {"PYTHONWARNINGS": "error"}}
    version = run(command, "--version", **where).split()[-1]
    assert wheel.name.startswith(f"inkling_digits-{version}-")
    trained = run(command, "train", "--data", "digits", "--epochs", "1", "-o", "r", **where)
    assert "none: this needs matplotlib, which is not installed: pip install jinja2 matplotlib scipy\n" in trained
    assert not list((tmp_path / "r").glob("*.png"))
    assert json.loads(run(command, "evaluate", "r", "--json", **where))["images"] == 360
    assert json.loads(run(command, "evaluate", "reader", "--data", "digits", "--json", **where))["accuracy"] > 0.9
    run(command, "predict", "r", "digits", "-o", "submission.csv", **where)
    assert len((tmp_path / "submission.csv").read_text().splitlines()) == 361
