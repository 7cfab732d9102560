"""The report holds every number and picture, asks the network for nothing, and trusts no name."""

import base64
import datetime
import io
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import inkling
from inkling.errors import MissingExtraError
from inkling.evaluation import Evaluation, mcnemar, plots, write_report
from inkling.evaluation.glossary import meanings

DETAILS = {"Model": "runs/one/model.safetensors", "Data": "digits & more", "Split": "test, 300 images"}
HOSTILE = "<script>alert(\"x\")</script>' onerror='y"
VOID = {"meta", "link", "img", "br"}


class Page(HTMLParser):
    """A parsed page: its elements, its text, the rows of its tables, and whether every element is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.rows: list[list[str]] = []
        self.feed(html)
        self.close()
        self.words = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data
        if self.open[-1:] in (["td"], ["th"]):
            self.rows[-1][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory, images: np.ndarray, evaluation: Evaluation) -> str:
    path = tmp_path_factory.mktemp("report") / "report.html"
    weights = plots.weights(np.eye(784, 3, dtype=np.float32))
    options = {"figures": {"First layer": weights}, "command": "inkling evaluate one --report 'a b.html'"}
    write_report(path, evaluation, images, title="A title", details=DETAILS, **options)
    assert [found.name for found in path.parent.iterdir()] == ["report.html"]
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_page_is_whole_and_accessible(page: Page) -> None:
    assert page.open == []
    assert page.all("html") == [{"lang": "en"}]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all("meta")
    assert len(page.all("h1")) == 1
    assert all(image["alt"] for image in page.all("img"))
    assert all(header.get("scope") in {"row", "col"} for header in page.all("th"))


def test_page_is_self_contained(html: str, page: Page) -> None:
    assert "http:" not in html
    assert "https:" not in html
    assert "url(" not in html
    references = [
        value for _, attributes in page.elements for key, value in attributes.items() if key in {"src", "href"}
    ]
    assert len(references) > 10
    assert all(reference and reference.startswith("data:") for reference in references)
    assert not page.all("script")


def test_page_tells_the_headline_and_every_detail(page: Page, evaluation: Evaluation) -> None:
    low, high = evaluation.interval
    assert f"{100 * evaluation.accuracy:.2f} % of 300 images read correctly" in page.words
    assert f"95 % interval {100 * low:.2f} % to {100 * high:.2f} %" in page.words
    assert f"Mistakes{evaluation.errors}" in page.words
    assert f"Cross-entropy{evaluation.cross_entropy:.4f} nats" in page.words
    assert f"Calibration error{100 * evaluation.calibration_error:.2f} %" in page.words
    assert f"Error at 99 % coverage{100 * evaluation.coverage_curve.at(0.99).error:.2f} %" in page.words
    sure = evaluation.coverage_curve.at(0.99)
    assert f"{sure.answered} images have a confidence of {100 * sure.threshold:.2f} % or more" in page.words
    assert f"and {sure.wrong} of these answers are wrong" in page.words
    assert all(f"{name}{value}" in page.words for name, value in DETAILS.items())


def test_page_says_what_the_figures_mean(page: Page) -> None:
    """Regression test: nats, calibration error, coverage, temperature and F1 were used and nowhere explained."""
    shown = {name: meaning for name, meaning in meanings(10).items() if name != "temperature"}
    assert [name for name, meaning in shown.items() if meaning not in page.words] == []
    assert "guess: 2.30 nats" in page.words
    assert meanings(10)["temperature"] not in page.words, "the details have no temperature"


def test_page_says_when_and_how_it_was_made(page: Page) -> None:
    """Regression test: a report had no date, no version and no command."""
    written = re.search(r"Written on (.+?) by Inkling (\S+) with (.+)\.$", page.words.strip())
    assert written is not None
    age = datetime.datetime.now() - datetime.datetime.strptime(written[1], "%d %B %Y, %H:%M")
    assert datetime.timedelta(0) <= age < datetime.timedelta(hours=1)
    assert written[2] == inkling.__version__
    assert written[3] == "inkling evaluate one --report 'a b.html'"


def test_temperature_is_explained_beside_it(tmp_path: Path, images: np.ndarray, evaluation: Evaluation) -> None:
    write_report(tmp_path / "r.html", evaluation, images, title="T", details={"temperature": "1.25"})
    page = Page((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert f"temperature1.25{meanings(10)['temperature']}" in page.words
    assert page.words.strip().endswith(f"by Inkling {inkling.__version__}."), "without a command"


def test_tables_hold_the_numbers(page: Page, evaluation: Evaluation) -> None:
    for label, counts in enumerate(evaluation.confusion.tolist()):
        assert [str(label), *(str(count) if count else "" for count in counts)] in page.rows
    for s in evaluation.per_class:
        shares = (f"{100 * share:.2f}\u00a0%" for share in (s.precision, s.recall, s.f1))
        assert [s.class_name, *shares, str(s.support)] in page.rows
    for pair in evaluation.confused_pairs(10):
        row = [str(pair.label), str(pair.prediction), str(pair.n_images)]
        assert row in [found[:3] for found in page.rows]


def test_worst_mistakes_are_shown_first_to_last(page: Page, evaluation: Evaluation, images: np.ndarray) -> None:
    worst = evaluation.worst_mistakes(24)
    pictures = page.all("img")[: len(worst)]
    for mistake, picture in zip(worst, pictures, strict=True):
        assert picture["alt"] == f"a handwritten {mistake.label}"
        png = base64.b64decode(str(picture["src"]).removeprefix("data:image/png;base64,"))
        np.testing.assert_array_equal(
            np.asarray(Image.open(io.BytesIO(png))), 255 - images[mistake.index], "dark ink on white"
        )
    told = [f"{m.label} read as {m.prediction} {100 * m.confidence:.1f} %#{m.row}" for m in worst]
    positions = [page.words.index(words) for words in told]
    assert positions == sorted(positions)


def test_figures_are_inside(page: Page) -> None:
    drawings = [image for image in page.all("img") if image["class"] == "drawing"]
    assert len(drawings) == 3
    texts = [base64.b64decode(str(image["src"]).split(",")[1]).decode() for image in drawings]
    assert "correct answers (%)" in texts[0]
    assert "images answered (%)" in texts[1]
    assert "3 units of the first layer" in texts[2]
    assert drawings[2]["alt"] == "First layer"


def test_comparison(tmp_path: Path, images: np.ndarray, evaluation: Evaluation) -> None:
    rival = Evaluation(evaluation.labels, np.roll(evaluation.probabilities, 1, axis=1), "rolled")
    path = tmp_path / "report.html"
    write_report(path, evaluation, images, title="Two", details={}, rival=rival)
    page = Page(path.read_text(encoding="utf-8"))
    test = mcnemar(evaluation.labels, evaluation.predictions, rival.predictions)
    assert test.sentence("imagined", "rolled") in page.words
    names = [row[0] for row in page.rows[:3]]
    assert names == ["Model", "imagined", "rolled"]
    assert page.rows[2][3] == str(rival.errors)


def test_hostile_names_stay_text(tmp_path: Path, images: np.ndarray, evaluation: Evaluation) -> None:
    named = Evaluation(evaluation.labels, evaluation.probabilities, HOSTILE)
    path = tmp_path / "report.html"
    figures = {HOSTILE: plots.reliability(evaluation)}
    options = {"figures": figures, "rival": named, "command": HOSTILE}
    write_report(path, named, images, title=HOSTILE, details={HOSTILE: HOSTILE}, **options)
    page = Page(path.read_text(encoding="utf-8"))
    assert not page.all("script")
    assert not any("onerror" in attributes for _, attributes in page.elements)
    assert (
        page.text.count(HOSTILE) == 10
    )  # <title>, h1, both of the detail, twice in the verdict, two rows, caption, command
    assert page.all("img")[-1]["alt"] == HOSTILE


def test_nothing_wrong(tmp_path: Path, images: np.ndarray, perfect: Evaluation) -> None:
    path = tmp_path / "report.html"
    write_report(path, perfect, images[:60], title="Perfect", details={})
    page = Page(path.read_text(encoding="utf-8"))
    assert "None: every image was read correctly." in page.words
    assert "Most confused" not in page.words
    assert len(page.all("img")) == 2


def test_ten_thousand_noisy_images_stay_below_a_megabyte(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    images = rng.integers(0, 256, (10_000, 28, 28), dtype=np.uint8)
    probabilities = rng.dirichlet(np.ones(10), 10_000).astype(np.float32)
    path = tmp_path / "report.html"
    write_report(path, Evaluation(rng.integers(0, 10, 10_000), probabilities), images, title="Noise", details={})
    assert path.stat().st_size < 1_000_000


def test_refuses_other_images(tmp_path: Path, images: np.ndarray, evaluation: Evaluation) -> None:
    other = Evaluation((evaluation.labels + 1) % 10, evaluation.probabilities, "other")
    with pytest.raises(ValueError, match="299 images but 300 answers"):
        write_report(tmp_path / "r.html", evaluation, images[:-1], title="", details={})
    with pytest.raises(ValueError, match="not evaluated on the same images"):
        write_report(tmp_path / "r.html", evaluation, images, title="", details={}, rival=other)
    assert list(tmp_path.iterdir()) == []


def test_missing_jinja2_is_told(
    tmp_path: Path, images: np.ndarray, evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MissingExtraError, match="needs jinja2"):
        write_report(tmp_path / "r.html", evaluation, images, title="", details={})
