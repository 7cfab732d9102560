"""Hints to install something: they work for the copy at hand, and none fetches the stranger's package "inkling"."""

import json
import re
import shlex
import tomllib
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from inkling import installation
from inkling.errors import MissingExtraError
from needs import needs_source

ROOT = Path(__file__).parents[1]
EXTRAS = ("report", "parquet", "sklearn", "cluster", "tensorboard", "mlflow", "cuda")
REQUIRES = [
    "numpy>=1.26",
    'matplotlib>=3.8; extra == "report"',
    'scipy>=1.11; extra == "report"',
    "pyarrow>=15; extra == 'parquet'",
    'cupy-cuda12x[ctk]>=14; extra == "cuda"',
]
SOURCE = [
    f"{folder}/**/*.{kind}" for folder in ("src", "benchmarks", "tools") for kind in ("py", "md", "toml", "jinja")
]
PLACES = ("*.md", "*.toml", "Makefile", ".ci/*", "docs/*.md", "notebooks/*.ipynb", *SOURCE)
pytestmark = needs_source("every hint to install something works for the copy at hand")

HINTS = [
    (path.relative_to(ROOT), match[1])
    for place in PLACES
    for path in sorted(ROOT.glob(place))
    for match in re.finditer(r"pip['\", ]+install([^`\n#;&|)]*)", path.read_text(encoding="utf-8"))
]


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    """A copy that is installed outside its source: elsewhere(direct_url=…), as pip records where it came from."""
    monkeypatch.setattr(installation, "__file__", str(tmp_path / "site-packages" / "inkling" / "installation.py"))

    def install(requires=REQUIRES, direct_url=None):
        text = None if direct_url is None else json.dumps(direct_url)
        found = SimpleNamespace(requires=requires, read_text={"direct_url.json": text}.get)
        monkeypatch.setattr(metadata, "distribution", {"inkling-digits": found}.__getitem__)

    return install


def test_from_a_checkout_the_hint_names_its_folder() -> None:
    program, verb, flag, what = shlex.split(installation.install_command("report", "scipy"))
    assert (program, verb, flag, what) == ("pip", "install", "--editable", f"{ROOT}[report]")


def test_from_a_folder_that_is_still_there_the_hint_names_it(elsewhere, tmp_path) -> None:
    folder = tmp_path / "my source"
    folder.mkdir()
    elsewhere(direct_url={"url": folder.as_uri(), "dir_info": {}})
    assert installation.install_command("report", "scipy") == "pip install matplotlib scipy", "nothing to install there"
    (folder / "pyproject.toml").touch()
    assert shlex.split(installation.install_command("report", "scipy")) == ["pip", "install", f"{folder}[report]"]


@pytest.mark.parametrize("url", [None, {"url": "file:///downloads/inkling_digits.whl", "archive_info": {}}])
def test_from_a_wheel_or_an_index_the_hint_names_the_packages(elsewhere, url) -> None:
    elsewhere(direct_url=url)
    assert installation.install_command("report", "scipy") == "pip install matplotlib scipy"
    assert installation.install_command("parquet", "pyarrow") == "pip install pyarrow"
    assert installation.install_command("cuda", "cupy-cuda12x[ctk]") == "pip install 'cupy-cuda12x[ctk]'"


def test_a_copy_without_metadata_names_the_package(elsewhere, monkeypatch) -> None:
    def lost(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", lost)
    assert installation.install_command("report", "scipy") == "pip install scipy"


def test_there_are_hints_to_read() -> None:
    assert {str(path) for path, _ in HINTS} >= {"README.md", "src/inkling/installation.py"}


@pytest.mark.parametrize(("path", "arguments"), HINTS, ids=[f"{path}:{hint.strip()}" for path, hint in HINTS])
def test_no_hint_fetches_a_stranger_s_package(path: Path, arguments: str) -> None:
    """Regression test: `pip install 'inkling[report]'` would have installed somebody else's package of that name.

    A requirement is the checkout (".", with extras that exist) or a package of another name.
    """
    defined = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for word in re.findall(r"[^\s'\"]+", arguments):
        name, _, extras = word.rstrip("].,:").partition("[")
        assert name.lower() not in ("inkling", "inkling-digits"), f"{path}: {word} is fetched from an index"
        if name == ".":
            assert {*filter(None, extras.split(","))} <= defined.keys(), f"{path}: {word}"


def test_every_missing_package_is_told_with_an_extra_that_brings_it() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    raised = [
        match
        for path in (ROOT / "src").rglob("*.py")
        for match in re.findall(r'MissingExtraError\("(.+?)", "(.+?)"\)', path.read_text(encoding="utf-8"))
    ]
    assert {extra for _, extra in raised} == set(EXTRAS)
    for package, extra in raised:
        assert package in installation._packages([f'{line}; extra == "{extra}"' for line in extras[extra]], extra)


def test_extras_of_extras_are_this_project_s() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["name"] == installation.DISTRIBUTION
    named = [line for lines in project["optional-dependencies"].values() for line in lines if "inkling" in line]
    assert named
    assert all(line.startswith(f"{installation.DISTRIBUTION}[") for line in named)


def test_the_sentence_is_the_command() -> None:
    command = installation.install_command("report", "scipy")
    assert str(MissingExtraError("scipy", "report")) == f"this needs scipy, which is not installed: {command}"
