"""Classes of any number and any names, and images of any size: in figures, plots and the report."""

import html
import importlib
import itertools
import json
import pkgutil
import warnings
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import inkling.evaluation
from inkling.data import Dataset
from inkling.errors import UsageError
from inkling.evaluation import Evaluation, plots, write_report
from inkling.evaluation.plots.names import plain, shortened, wrapped
from inkling.evaluation.robustness_trials import evaluate_robustness
from letters import ALPHABET, ODD_NAMES, letter_images


def imagined(data: Dataset, skill: float = 3, seed: int = 0) -> Evaluation:
    """Answers of an imaginary model to a dataset; the higher the skill, the more are correct."""
    rng = np.random.default_rng(seed)
    exponentials = np.exp(rng.normal(size=(len(data), data.n_classes)) + skill * np.eye(data.n_classes)[data.labels])
    probabilities = (exponentials / exponentials.sum(axis=1, keepdims=True)).astype(np.float32)
    return Evaluation(data.labels, probabilities, "imagined", class_names=data.class_names)


LETTERS = letter_images(260)
ODD = letter_images(60, 32, ODD_NAMES)


def test_figures_are_those_of_the_classes() -> None:
    judged = imagined(LETTERS)
    assert (judged.n_classes, judged.confusion.shape) == (26, (26, 26))
    assert [score.class_name for score in judged.per_class] == list(ALPHABET)
    assert {score.support for score in judged.per_class} == {10}
    record = json.loads(json.dumps(judged.to_dict()))
    assert record["class_names"] == list(ALPHABET)
    assert [entry["class_name"] for entry in record["per_class"]] == list(ALPHABET)
    worst, pair = judged.worst_mistakes(1)[0], judged.confused_pairs(1)[0]
    assert record["worst_mistakes"][0]["label"] == ALPHABET[worst.label]
    assert record["worst_mistakes"][0]["prediction"] == ALPHABET[worst.prediction]
    assert record["confused_pairs"][0] == {
        "label": ALPHABET[pair.label],
        "prediction": ALPHABET[pair.prediction],
        "images": pair.n_images,
    }


def test_models_of_other_classes_are_not_compared() -> None:
    one = imagined(letter_images(10, class_names=("A", "B")))
    other = Evaluation(one.labels, one.probabilities, "other", class_names=("B", "A"))
    with pytest.raises(ValueError, match="imagined and other do not have the same classes"):
        one.compare(other)


@pytest.mark.parametrize(("data", "above"), [(LETTERS, False), (ODD, True)], ids=["26 letters", "long names"])
def test_the_confusion_matrix_names_every_row_and_column(data: Dataset, above: bool) -> None:
    """Long names stand upright above the columns, where they do not run into each other."""
    figure = plots.confusion_matrix(judged := imagined(data))
    plots.render(figure, "png")  # which lays it out
    (axes,) = figure.axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted class", "true class")
    names = [plain(shortened(name)) for name in data.class_names]
    warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)
    for labels in (axes.get_xticklabels(which="both"), axes.get_yticklabels()):
        boxes = [label.get_window_extent() for label in labels if label.get_text()]
        assert [label.get_text() for label in labels] == names
        assert not any(a.overlaps(b) for a, b in itertools.pairwise(boxes))
    assert axes.xaxis.get_label_position() == ("top" if above else "bottom")
    counts = [text.get_text() for text in axes.texts if max(text.get_position()) <= data.n_classes - 1]
    assert sum(map(int, counts)) == judged.n_images


def test_a_hundred_classes_make_no_larger_picture_than_forty() -> None:
    many = letter_images(300, class_names=[f"class {i}" for i in range(100)])
    assert max(plots.confusion_matrix(imagined(many)).get_size_inches()) < 24


@pytest.mark.parametrize(("height", "width"), [(16, 16), (32, 32), (20, 12), (12, 20)])
def test_samples_and_weights_of_images_of_any_size(height: int, width: int) -> None:
    images = np.random.default_rng(0).integers(0, 256, (26, height, width), dtype=np.uint8)
    judged = imagined(Dataset(images, np.arange(26), class_names=ALPHABET))
    figure = plots.samples(images, judged, k=4)
    first = int(np.flatnonzero(judged.correct)[0])
    drawn = np.asarray(figure.axes[0].images[0].get_array())
    np.testing.assert_array_equal(drawn[:height, :width], images[first])
    weight = np.random.default_rng(0).normal(size=(height * width, 3)).astype(np.float32)
    picture = np.asarray(plots.weights(weight, (height, width)).axes[0].images[0].get_array())
    np.testing.assert_array_equal(picture[:height, :width], weight[:, 0].reshape(height, width))


def test_weights_that_make_no_image_are_refused() -> None:
    with pytest.raises(ValueError, match="each unit has 240 inputs, which are no image of 15×15 pixels"):
        plots.weights(np.zeros((240, 3), np.float32))


def test_captions_of_long_names_stay_in_their_column() -> None:
    judged = imagined(ODD, skill=1)
    figure = plots.samples(ODD.images, judged, k=16)
    warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)
    FigureCanvasAgg(figure).draw()
    for axes in figure.axes:
        column = axes.get_window_extent().width / 8
        assert max(text.get_window_extent().width for text in axes.texts) < column


def test_names_in_plots() -> None:
    assert shortened("  two\nlines ") == "two lines"
    assert shortened("x" * 30) == 19 * "x" + "…"
    assert wrapped("trousers that are far too long", 10, 2) == ["trousers", "that are…"]
    assert plain("$x$") == r"\$x\$"


def test_the_report_tells_names_as_they_are(tmp_path: Path) -> None:
    judged = imagined(ODD, skill=1)
    write_report(tmp_path / "r.html", judged, ODD.images, title="Odd", details={})
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    for name in ODD_NAMES:
        assert f'<th scope="row">{html.escape(name).replace("&quot;", "&#34;")}</th>' in page
    assert "Class by class" in page
    assert "digit" not in page.split("</style>")[1]
    assert 'width="56" height="56"' in page


def test_images_that_are_not_square_keep_their_shape_in_the_report(tmp_path: Path) -> None:
    images = np.zeros((26, 14, 28), np.uint8)
    judged = imagined(Dataset(images, np.arange(26), class_names=ALPHABET), skill=0)
    write_report(tmp_path / "r.html", judged, images, title="Wide", details={})
    assert 'width="112" height="56" alt="an image of the class' in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_robustness_of_other_sizes_is_refused_before_any_work() -> None:
    def predict(images: np.ndarray) -> np.ndarray:
        pytest.fail("nothing should be predicted")

    with pytest.raises(UsageError, match="made for images of 28×28 pixels, not of 16×16"):
        next(evaluate_robustness(predict, LETTERS.images, LETTERS.labels))


def test_no_package_has_an_attribute_in_place_of_a_module() -> None:
    """Regression: `inkling.evaluation.plots.robustness` was a function, and its module could not be imported as m."""
    for package in (inkling.evaluation, plots, importlib.import_module("inkling.evaluation.corruptions")):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            found = importlib.import_module(module.name)
            assert getattr(package, module.name.rpartition(".")[2]) is found
