"""The pages are true: their Python runs, commands and scripts exist, links lead somewhere."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from inkling.cli.__main__ import app
from needs import needs_sklearn

ROOT = Path(__file__).parents[1]
PAGES = {
    str(path.relative_to(ROOT)): path
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])
}
CHEAP = (["recipes"], ["--version"], ["--help"], ["data", "info", "digits"])  # run in earnest, not only parsed

every_page = pytest.mark.parametrize("page", PAGES)


def blocks(page: str, *languages: str) -> list[str]:
    """The fenced blocks of a page in one of the languages."""
    fenced = re.findall(r"^```([^\n]*)\n(.*?)^```", PAGES[page].read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [text for language, text in fenced if language in languages]


def commands(page: str, program: str) -> list[list[str]]:
    """The arguments of each call of a program in the shell blocks of a page."""
    text = "".join(blocks(page, "sh", "bash", "console")).replace("\\\n", " ")
    calls = re.findall(rf"^(?:\$ )?(?:\w+=\S* )*(?:\S*/)?{program}(?: ([^|&;>\n]*))?", text, re.MULTILINE)
    return [shlex.split(call, comments=True) for call in calls]


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "docs/convolution.md",
        "docs/ctc.md",
        pytest.param("docs/sklearn.md", marks=needs_sklearn("the samples for scikit-learn run")),
    ],
)
def test_python_of_a_page_runs(page: str, tmp_path: Path) -> None:
    """All blocks one after the other, as a reader would paste them, in an empty folder."""
    python = blocks(page, "python")
    assert python, f"{page} shows no Python"
    script = tmp_path / "page.py"
    script.write_text("\n".join(python), encoding="utf-8")
    subprocess.run([sys.executable, "-W", "error", script], cwd=tmp_path, check=True, timeout=300)


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
