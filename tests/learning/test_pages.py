"""The course: all of its code runs, without warnings, and each page has its exercise."""

import re

import pytest

from inkling.learning.exercises import EXERCISES
from learning.pages import FOLDER, PAGES, cells, executed
from needs import needs_source

pytestmark = needs_source("the pages of the course run")
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


@pytest.fixture(scope="module", autouse=True)
def own_jupyter(tmp_path_factory):
    """Neither kernels nor start-up files of whoever runs the tests, and nothing written into their home."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
            patch.setenv(name, str(tmp_path_factory.mktemp(name)))
        patch.delenv("INKLING_DATA", raising=False)
        patch.setenv("PYTHONWARNINGS", "error")
        yield


@each_page
def test_its_code_runs_and_shows_something(page):
    """Every cell succeeds and says nothing on stderr: a reader sees neither errors nor warnings."""
    outputs = executed()[page.stem]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    assert len(outputs) >= 2
    assert "assert" in "".join(cells(page)), "what the page says is checked on the page"


@each_page
def test_it_has_an_exercise_and_says_what_its_source_is(page):
    text = page.read_text(encoding="utf-8")
    number = int(page.stem.split("-")[0])
    assert re.match(r"---\n(  ?.*\n|\w.*\n)+---\n\n# ", text), "the front matter that Jupytext and MyST-NB read"
    assert re.search(rf"^# {number} ", text, re.MULTILINE)
    assert EXERCISES[number].page == page.name
    assert f"inkling learn start {number}\n" in text
    assert f"inkling learn check {number}\n" in text
    assert "](../../src/inkling/" in text
    assert max(map(len, text.splitlines())) <= 120


def test_every_exercise_has_a_page_which_the_index_names():
    assert [page.name for page in PAGES] == [exercise.page for exercise in EXERCISES.values()]
    toctree = re.search(r"\{toctree\}\n(.*?)```", (FOLDER / "index.md").read_text(encoding="utf-8"), re.DOTALL)
    assert [line for line in toctree[1].split() if not line.startswith(":")][-len(PAGES) :] == [p.stem for p in PAGES]
