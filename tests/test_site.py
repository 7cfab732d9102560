"""The documentation site: built with warnings as errors and all cells executed, and looked at as visitors would."""

import importlib
import inspect
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
import typer

import inkling
from inkling.cli.__main__ import app
from inkling.ink import normalize
from needs import ROOT, Need, needs_sphinx, needs_tools
from page.browser import needs_browser, opener, serving
from scripts import environment
from tools.browser import launched

CLAIM = "the documentation is built without a warning, and shows what it says"
needs_docs = Need("docs/conf.py is not beside the tests", lambda: (ROOT / "docs" / "conf.py").is_file())
# Building the site takes a minute, and other tests run the code of its pages.
pytestmark = [*(need(CLAIM) for need in (needs_tools, needs_docs, needs_sphinx)), pytest.mark.thorough]
PACKAGES = [path.stem for path in (ROOT / "docs" / "reference").glob("*.md") if path.stem not in ("index", "commands")]

ELSEWHERE = (inkling.Reading, inkling.fit, inkling.load, inkling.load_data, inkling.read, normalize)  # on another page


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built pages; a warning or a cell that fails ends the build, and so does what is fetched."""
    folder = tmp_path_factory.mktemp("site")
    nowhere = "http://127.0.0.1:9"  # as a proxy: nothing can be reached through it
    command = [sys.executable, "-m", "tools.site", "--out", folder]
    variables = environment(http_proxy=nowhere, https_proxy=nowhere, IPYTHONDIR=str(folder / "ipython"))
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == (folder / "html" / "index.html").as_uri()
    return folder / "html"


class Page(HTMLParser):
    """The addresses that a page names, those from which it is made, and the places in it that can be named."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.parts: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value is not None}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.add(given["href"])
        self.parts |= {given[name] for name in ("src", "href") if name in given and tag not in ("a", "use")}


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in site.rglob("*.html") if path.name != "drawing.html"}


def broken(site: Path, pages: dict[Path, Page]) -> Iterator[str]:
    for path, page in pages.items():
        for link in page.links | page.parts:
            target, _, anchor = unquote(link).partition("#")
            there = path if not target else Path(path.parent, target.partition("?")[0]).resolve()
            if "://" in target or target.startswith(("mailto:", "data:")):
                continue
            if not there.is_file():
                yield f"{path.relative_to(site)} leads to {link}"
            elif anchor and there in pages and anchor not in pages[there].anchors:
                yield f"{path.relative_to(site)} leads to {link}, and no such place is there"


def test_links_lead_somewhere(site: Path, pages: dict[Path, Page]) -> None:
    assert len(pages) > 60
    assert list(broken(site, pages)) == []


def test_a_broken_link_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text('<p id="here"><a href="#here">x</a><a href="b.html">x</a><a href="#there">x</a><img src="c.png">')
    found = sorted(broken(tmp_path, {path: Page(path)}))
    assert [line.split(" leads to ")[1].split(",")[0] for line in found] == ["#there", "b.html", "c.png"]


def test_nothing_comes_from_elsewhere(pages: dict[Path, Page]) -> None:
    assert {part for page in pages.values() for part in page.parts if "//" in part} == set()


@pytest.mark.parametrize("name", PACKAGES)
def test_the_reference_has_every_public_name(site: Path, pages: dict[Path, Page], name: str) -> None:
    package = "inkling" if name == "inkling" else f"inkling.{name}"
    module = importlib.import_module(package)
    public = getattr(module, "__all__", None) or [
        each for each, value in vars(module).items() if getattr(value, "__module__", "") == package and each[0] != "_"
    ]
    told = [each for each in public if inspect.isclass(value := getattr(module, each)) or inspect.isfunction(value)]
    here = pages[site / "reference" / f"{name}.html"].anchors
    missing = {each: getattr(module, each) for each in told if f"{package}.{each}" not in here}
    assert told
    assert [each for each, value in missing.items() if value not in ELSEWHERE] == []


def test_the_reference_derives_a_layer_and_shows_its_source(site: Path, pages: dict[Path, Page]) -> None:
    text = (site / "reference" / "nn.html").read_text(encoding="utf-8")
    assert "inkling.nn.Linear.forward" in pages[site / "reference" / "nn.html"].anchors
    assert "../_modules/inkling/nn/linear.html#Linear.forward" in pages[site / "reference" / "nn.html"].links
    assert "backward    dW = xᵀ dy             db = Σₙ dy             dx = dy Wᵀ" in text


def test_every_command_has_a_section(pages: dict[Path, Page], site: Path) -> None:
    def names(command: object, path: str) -> Iterator[str]:
        yield path
        for name, each in getattr(command, "commands", {}).items():
            yield from names(each, f"{path}-{name}")

    _, *told = names(typer.main.get_command(app), "inkling")
    assert "inkling-export-onnx" in told
    assert set(told) <= pages[site / "reference" / "commands.html"].anchors


def test_cells_are_shown_with_what_they_printed(site: Path) -> None:
    text = (site / "guides" / "photos.html").read_text(encoding="utf-8")
    assert "%%sh" not in text
    assert "<pre><span></span>27536\n  27536  " in text.replace("27536\n27536\n", "27536\n")


@pytest.fixture(scope="module")
def tabs(site):
    needs_browser.or_skip("the first page is live in a browser")
    with launched() as browser, serving(site) as address, opener(browser) as new:
        yield lambda **options: (new(**options), address)


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, {"width": 360, "height": 780}])
def test_the_first_page_reads_a_digit(tabs, viewport) -> None:
    tab, address = tabs(viewport=viewport)
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(f"{address}index.html")
    drawing = tab.frame_locator("iframe.drawing")
    drawing.locator("html[data-ready=true]").wait_for(state="attached")
    answer = drawing.locator("#answer-text")
    assert answer.inner_text() == "3"
    drawing.locator(".pad-examples button").nth(8).click()
    drawing.locator("#answer-text", has_text="8").wait_for()
    assert [url for url in asked if not url.startswith((address, "blob:", "data:"))] == []
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert tab.locator(".sd-card-title").all_inner_texts() == ["Learn", "Compete", "Build"]


def test_the_search_finds_the_gradient(tabs) -> None:
    tab, address = tabs()
    tab.goto(f"{address}search.html?q=gradient")
    tab.locator("#search-results a", has_text="The first ten minutes").wait_for()


@pytest.mark.parametrize(("formula", "code"), [("$x^2$", 0), (r"$\nosuchcommand$", 1)])
def test_formulas_become_mathml(tmp_path: Path, formula: str, code: int) -> None:
    (tmp_path / "conf.py").write_text(
        "extensions = ['myst_parser', 'tools.site.mathml']\nmyst_enable_extensions = ['dollarmath']\n"
        "html_math_renderer = 'mathml'\n"
    )
    (tmp_path / "index.md").write_text(f"# Formulas\n\n{formula}\n")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", tmp_path, tmp_path / "html"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == code, done.stderr
    if code == 0:
        assert "<msup>" in (tmp_path / "html" / "index.html").read_text(encoding="utf-8")
