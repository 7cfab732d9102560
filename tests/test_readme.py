"""The pages are true: their Python runs, commands and scripts exist, links lead somewhere."""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

import drawn
from form_pages import page_of
from inkling.cli.__main__ import app
from needs import needs_distributed, needs_onnx, needs_sklearn, needs_tritonclient
from page.browser import inkling_serve

ROOT = Path(__file__).parents[1]
PAGES = {
    str(path.relative_to(ROOT)): path
    for place in ("*.md", "docs/*.md", "docs/guides/*.md", "docs/learn/*.md", "docs/reference/*.md", "benchmarks/*.md")
    for path in sorted(ROOT.glob(place))
}
CHEAP = (["recipes"], ["--version"], ["--help"], ["data", "info", "digits"])  # run in earnest, not only parsed

every_page = pytest.mark.parametrize("page", PAGES)


def blocks(page: str, *languages: str) -> list[str]:
    """The fenced blocks of a page in one of the languages."""
    fenced = re.findall(r"^```([^\n]*)\n(.*?)^```$", PAGES[page].read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [text for language, text in fenced if language in languages]


def commands(page: str, program: str) -> list[list[str]]:
    """The arguments of each call of a program in the shell blocks of a page."""
    text = "".join(blocks(page, "sh", "bash", "console")).replace("\\\n", " ")
    calls = re.findall(rf"^(?:\$ )?(?:\w+=\S* )*(?:\S*/)?{program}(?: ([^|&;>\n]*))?", text, re.MULTILINE)
    return [shlex.split(call, comments=True) for call in calls]


def numbers(folder: Path) -> None:
    """The pictures that docs/reading.md reads."""
    for name, rows in (("note.jpg", (2, 7, 5, 3)), ("meter.jpg", (0, 0, 4, 2, 1))):
        ink, _ = drawn.side_by_side([drawn.glyph(row) for row in rows], [12] * (len(rows) - 1))
        Image.fromarray(np.uint8(drawn.levels(ink))).save(folder / name)


def forms(folder: Path) -> None:
    """The scan and the template of docs/forms.md."""
    (folder / "scans").mkdir()
    page = page_of({"meter": (0, 4, 2, 1, 7)}, [(150, 290)], (1000, 1000))
    Image.fromarray(page.levels).save(folder / "scans" / "1.jpg")
    (folder / "form.toml").write_text("[fields.meter]\nbox = [0.12, 0.30, 0.45, 0.08]\n")


def run_python(page: str, folder: Path, prepare: Callable[[Path], None] | None = None, address: str = "") -> None:
    """All Python blocks of a page one after the other, as a reader would paste them; the service is at `address`."""
    python = "\n".join(blocks(page, "python"))
    assert python, f"{page} shows no Python"
    python = python.replace("127.0.0.1:8000", address)
    if prepare is not None:
        prepare(folder)
    script = folder / "page.py"
    script.write_text(python, encoding="utf-8")
    subprocess.run([sys.executable, "-W", "error", script], cwd=folder, check=True, timeout=300)


@pytest.mark.parametrize(
    ("page", "prepare"),
    [
        ("README.md", None),
        ("docs/convolution.md", None),
        ("docs/ctc.md", None),
        ("docs/reading.md", numbers),
        ("docs/forms.md", forms),
        pytest.param("docs/cluster.md", None, marks=needs_distributed("the sample for a training on a cluster runs")),
        pytest.param("docs/export.md", None, marks=needs_onnx("the samples for exports run")),
        pytest.param("docs/sklearn.md", None, marks=needs_sklearn("the samples for scikit-learn run")),
    ],
)
def test_python_of_a_page_runs(page: str, prepare: Callable[[Path], None] | None, tmp_path: Path) -> None:
    run_python(page, tmp_path, prepare)


@needs_tritonclient("the sample for the Open Inference Protocol runs")
def test_python_of_the_service_runs(tmp_path: Path) -> None:
    with inkling_serve() as address:
        run_python("docs/serve.md", tmp_path, address=address.removeprefix("http://").rstrip("/"))


def test_every_python_block_is_run() -> None:
    with_python = {page for page in PAGES if blocks(page, "python")}
    (run,) = [mark for mark in test_python_of_a_page_runs.pytestmark if mark.name == "parametrize"]
    cases = [getattr(case, "values", case) for case in run.args[1]]
    assert with_python == {"docs/serve.md", *(page for page, _ in cases)}


@every_page
def test_commands_exist(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with `--help` behind it, which wants verb and options to be known and does nothing."""
    monkeypatch.chdir(tmp_path)
    for arguments in commands(page, "inkling"):
        wanted = arguments if arguments in CHEAP else [*arguments, "--help"]
        result = CliRunner().invoke(app, wanted)
        assert result.exit_code == 0, f"{page}: inkling {shlex.join(arguments)}: {result.output}"


@every_page
def test_make_targets_exist(page: str) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {word for words in commands(page, "make") for word in words if "=" not in word} <= set(targets)


@every_page
def test_scripts_exist(page: str) -> None:
    """Those that are called by `python -m`, and those that are named with their folder."""
    text = PAGES[page].read_text(encoding="utf-8")
    modules = re.findall(r"python -m ((?:benchmarks|tools)[\w.]*\w)", text)
    called = {f"{module.replace('.', '/')}.py" for module in modules}
    named = set(re.findall(r"(?:benchmarks|tools)/[\w/]+\.py", text))
    missing = [file for file in called | named if not ((ROOT / file).is_file() or (ROOT / file[:-3]).is_dir())]
    assert missing == [], f"{page} names scripts that are not there"


@every_page
def test_links_lead_somewhere(page: str) -> None:
    text = PAGES[page].read_text(encoding="utf-8")
    found = re.findall(r"\]\(<?([^)>\s]+)", text) + re.findall(r"(?:src|href)=\"([^\"]+)\"", text)
    files = [link.split("#")[0] for link in found if not re.match(r"[a-z]+:|#", link)]
    missing = [file for file in files if not (PAGES[page].parent / file).exists()]
    assert missing == [], f"{page} links to what is not there"
