"""What pages show passes mypy in its strict mode, and a name that does not exist is an error there."""

import subprocess
import sys
from pathlib import Path

import pytest

import inkling
from needs import needs_source
from test_readme import PAGES, blocks

# Its samples define functions of plain NumPy, which take the place of formulas and have no annotations.
PLAIN_NUMPY = ("docs/convolution.md", "docs/ctc.md")
pytestmark = needs_source("what pages show passes mypy in its strict mode")


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> dict[str, str]:
    """What mypy says about each sample, by its name; one process for all, since it begins with the whole package."""
    pytest.importorskip("mypy", reason="mypy is not installed: what pages show passes mypy in its strict mode")
    folder = tmp_path_factory.mktemp("typing")
    samples = {name: "\n".join(blocks(name, "python")) for name in PAGES if name not in PLAIN_NUMPY}
    samples["unknown"] = 'import inkling\n\ninkling.reed("x")\n'
    samples["answer"] = "import inkling\n\nanswer: int = inkling.load_model().predict\n"
    samples = {name: text for name, text in samples.items() if text}
    for name, text in samples.items():
        (folder / file_of(name)).write_text(text, encoding="utf-8")
    source = Path(inkling.__file__).parents[1]
    (folder / "mypy.ini").write_text(
        f"[mypy]\nmypy_path = {source}\nstrict = True\n\n[mypy-inkling.*]\nfollow_imports = silent\n"
        "\n[mypy-sklearn.*]\nignore_missing_imports = True\n",
        encoding="utf-8",
    )
    files = [file_of(name) for name in samples]
    assert pytestconfig.cache is not None
    cache = pytestconfig.cache.mkdir("typing")  # from the second time on it takes a second
    command = [sys.executable, "-m", "mypy", "--cache-dir", cache, *files]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    lines = done.stdout.splitlines()
    assert lines[-1].startswith("Found "), done.stdout + done.stderr
    return {name: "\n".join(line for line in lines if line.startswith(f"{file_of(name)}:")) for name in samples}


def file_of(name: str) -> str:
    return f"{name.removesuffix('.md').replace('/', '_')}.py"


def test_python_of_pages_has_the_types_that_it_needs(complaints: dict[str, str]) -> None:
    pages = {name: complaint for name, complaint in complaints.items() if name in PAGES}
    assert "README.md" in pages
    assert pages == dict.fromkeys(pages, "")


def test_a_name_that_does_not_exist_is_an_error(complaints: dict[str, str]) -> None:
    assert 'Module has no attribute "reed"' in complaints["unknown"]


def test_what_comes_back_has_a_type(complaints: dict[str, str]) -> None:
    """Regression test: where everything is Any, nothing is wrong."""
    assert "Incompatible types in assignment" in complaints["answer"]
