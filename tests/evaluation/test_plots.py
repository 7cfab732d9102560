"""Pictures say what the numbers say: lines, cells, captions, labels and legends."""

import io
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from inkling.errors import UsageError
from inkling.evaluation import Evaluation, plots
from inkling.evaluation.plots.pictures import _columns, mosaic


def record(epoch: int, *parts: str) -> dict[str, Any]:
    """A plausible line of a history for the given parts of the data."""
    there: dict[str, Any] = {"epoch": epoch, "learning_rate": 0.1, "seconds": 1.5 * epoch}
    for i, part in enumerate(parts):
        there |= {f"{part}_loss": (1 + i) / epoch, f"{part}_accuracy": 1 - 0.5 / (epoch + i)}
    return there


def history(epochs: int, *parts: str) -> list[dict[str, Any]]:
    return [record(epoch, *parts) for epoch in range(1, epochs + 1)]


def legend(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.get_legend().get_texts()]


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def is_drawn(figure: Figure) -> bool:
    """Whether the PNG has ink and paper."""
    pixels = imread(io.BytesIO(plots.render(figure, "png")))[..., :3]
    return bool(pixels.min() < 0.3 and pixels.max() == 1.0)


def test_curves_show_every_part_of_the_history() -> None:
    figure = plots.curves(history(4, "training", "validation", "test"))
    loss, accuracy = figure.axes
    assert (loss.get_xlabel(), loss.get_ylabel()) == ("epoch", "loss (nats)")
    assert (accuracy.get_xlabel(), accuracy.get_ylabel()) == ("epoch", "accuracy (%)")
    assert legend(loss) == ["training 0.2500", "validation 0.5000", "test 0.7500"]
    assert legend(accuracy) == ["training 87.50 %", "validation 90.00 %", "test 91.67 %"]
    np.testing.assert_allclose(loss.lines[1].get_xydata(), [(1, 2), (2, 1), (3, 2 / 3), (4, 0.5)])
    np.testing.assert_allclose(accuracy.lines[0].get_ydata(), [50, 75, 100 - 50 / 3, 87.5])
    assert is_drawn(figure)


def test_curves_take_a_part_where_it_exists() -> None:
    sparse = [record(1, "training"), record(2, "training", "test"), record(3, "training") | {"test_loss": None}]
    loss, accuracy = plots.curves(sparse).axes
    assert [line.get_label().split()[0] for line in loss.lines] == ["training", "test"]
    np.testing.assert_array_equal(loss.lines[1].get_xydata(), [(2, 1)])
    np.testing.assert_array_equal(accuracy.lines[1].get_xdata(), [2])


@pytest.mark.parametrize(("epochs", "marker", "scale"), [(1, "o", "linear"), (1000, "None", "log")])
def test_curves_of_short_and_long_runs(epochs: int, marker: str, scale: str) -> None:
    figure = plots.curves(history(epochs, "training"))
    loss = figure.axes[0]
    assert (loss.lines[0].get_marker(), loss.get_yscale()) == (marker, scale)
    assert ("logarithmic" in loss.get_ylabel()) == (scale == "log")
    ticks = loss.get_xticks()
    assert len(ticks) >= 1
    np.testing.assert_array_equal(ticks, np.round(ticks))
    assert is_drawn(figure)


def test_curves_of_a_loss_that_reaches_zero_stay_linear() -> None:
    run = [record(1, "training"), record(2, "training") | {"training_loss": 0.0}]
    assert plots.curves(run).axes[0].get_yscale() == "linear"


@pytest.mark.parametrize(
    ("harder_by", "note"),
    [
        ((), "Training is measured during an epoch; validation after it: so it can be better."),
        (
            ("dropout", "augmentation"),
            "Training is measured during an epoch, with dropout and augmentation; validation after it, without: so it "
            "can be better.",
        ),
    ],
)
def test_curves_explain_validation_that_is_better_than_training(harder_by: tuple[str, ...], note: str) -> None:
    """Regression test: with dropout, validation lies above training, and nothing said why."""
    usual = [each | {"training_loss": 0.1, "training_accuracy": 0.995} for each in history(3, "training", "validation")]
    better = [*usual, usual[-1] | {"epoch": 4, "validation_accuracy": 0.999}]
    assert plots.curves(usual, harder_by).get_supxlabel() == ""
    assert plots.curves(history(3, "training"), harder_by).get_supxlabel() == ""
    assert plots.curves(better, harder_by).get_supxlabel() == note


def test_a_long_note_below_the_curves_stays_on_the_picture() -> None:
    means = ("dropout", "augmentation", "pictures of no digit", "drawn digits")
    better = [record(1, "training") | {"validation_loss": 0.1, "validation_accuracy": 0.99}]
    figure = plots.curves(better, means)
    figure.draw_without_rendering()
    assert "augmentation, pictures of no digit and drawn digits" in figure.get_supxlabel().replace("\n", " ")
    box, page = figure._supxlabel.get_window_extent(), figure.bbox
    assert page.x0 <= box.x0
    assert box.x1 <= page.x1
    assert page.y0 <= box.y0


def test_curves_need_an_epoch() -> None:
    with pytest.raises(UsageError, match="no epoch to draw"):
        plots.curves([])


def test_confusion_matrix_counts_every_image(evaluation: Evaluation) -> None:
    figure = plots.confusion_matrix(evaluation)
    (axes,) = figure.axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted digit", "true digit")
    assert axes.get_title("left") == f"{evaluation.errors} mistakes in 300 images"
    cells = {t.get_position(): t.get_text() for t in axes.texts if max(t.get_position()) <= 9}
    expected = {(p, t): str(evaluation.confusion[t, p]) for t, p in np.argwhere(evaluation.confusion)}
    assert cells == expected
    recall = [t.get_text() for t in axes.texts if t.get_position()[0] > 9.9 and 0 <= t.get_position()[1] < 10]
    assert recall == [f"{100 * score.recall:.1f}" for score in evaluation.per_class]
    shades = np.asarray(axes.images[0].get_array())
    assert (shades.diagonal() == 0).all()
    rates = evaluation.confusion / evaluation.confusion.sum(axis=1, keepdims=True) * (1 - np.eye(10))
    assert shades.argmax() == rates.argmax()
    assert is_drawn(figure)


def test_reliability_draws_each_bin(evaluation: Evaluation) -> None:
    figure = plots.reliability(evaluation)
    upper, _, lower, _ = figure.axes
    assert upper.get_ylabel() == "correct answers (%)"
    assert (lower.get_xlabel(), lower.get_ylabel()) == ("confidence (%)", "images")
    assert upper.get_title("left") == f"Calibration error {100 * evaluation.calibration_error:.2f} %"
    points = [(b.confidence, b.accuracy) for b in evaluation.reliability]
    np.testing.assert_allclose(upper.lines[1].get_xydata(), points)
    assert [bar.get_height() for bar in lower.patches] == [b.n_images for b in evaluation.reliability]
    assert [tick.get_text() for tick in lower.get_xticklabels()] == ["0", "20", "40", "60", "80", "100"]
    assert is_drawn(figure)


def test_reliability_is_magnified_where_nearly_all_answers_lie() -> None:
    """Of 1,000 answers at 99.95 % five are wrong, of 1,000 at 99.5 % none: the 15 bins see one point, these two."""
    confidences = np.repeat([0.9995, 0.995], 1000)
    probabilities = np.repeat((1 - confidences)[:, None] / 9, 10, axis=1)
    probabilities[:, 4] = confidences
    labels = np.full(2000, 4)
    labels[:5] = 9
    _, upper, _, lower = plots.reliability(Evaluation(labels, probabilities)).axes
    assert [bar.get_height() for bar in lower.patches] == [1000, 1000]
    nines = -np.log10([0.005, 0.0005])
    np.testing.assert_allclose(upper.lines[1].get_xdata(), nines)
    np.testing.assert_allclose(upper.lines[1].get_ydata(), [upper.get_ylim()[1], -np.log10(0.005)])
    ticks = dict(zip((tick.get_text() for tick in lower.get_xticklabels()), lower.get_xticks().tolist(), strict=True))
    assert ticks == pytest.approx({"0": 0, "50": np.log10(2), "90": 1, "99": 2, "99.9": 3, "99.99": 4, "100": 4.5})


def test_coverage_draws_the_curve_and_marks_99_percent(evaluation: Evaluation) -> None:
    figure = plots.coverage(evaluation)
    (axes,) = figure.axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("images answered (%)", "wrong answers (%)")
    error = 100 * evaluation.coverage_curve.at(0.99).error
    wrong = 100 * evaluation.errors / 300
    assert axes.get_title("left") == f"{wrong:.2f} % wrong of all, {error:.2f} % of the most confident 99 %"
    line, mark = axes.lines
    np.testing.assert_allclose(line.get_ydata()[[0, -1]], [100 * evaluation.coverage_curve.at(0.5).error, wrong])
    assert (np.diff(line.get_xdata()) >= 0).all()
    np.testing.assert_allclose(mark.get_xydata(), [[2, error]])
    assert is_drawn(figure)


@pytest.mark.parametrize("right", [0, 5])
def test_coverage_where_confidence_says_nothing(right: int) -> None:
    """One point only, whether all answers are wrong or all are right."""
    judged = Evaluation(np.full(5, 3), np.tile(np.eye(10)[3 if right else 7], (5, 1)))
    figure = plots.coverage(judged)
    assert figure.axes[0].lines[0].get_ydata().tolist() == [0 if right else 100]
    assert is_drawn(figure)


def test_samples_show_right_and_wrong(images: np.ndarray, evaluation: Evaluation) -> None:
    figure = plots.samples(images, evaluation, 20)
    right, wrong = figure.axes
    assert right.get_title("left") == f"10 of {300 - evaluation.errors} correct answers, with confidence"
    assert wrong.get_title("left") == f"10 of {evaluation.errors} mistakes, with confidence"
    first, last = np.flatnonzero(~evaluation.correct)[[0, -1]]
    captions = [text.get_text() for text in wrong.texts]
    assert len(captions) == 10
    for caption, row in ((captions[0], first), (captions[-1], last)):
        label, read = evaluation.labels[row], evaluation.predictions[row]
        assert caption == f"{label} read as {read}\n{100 * evaluation.confidences[row]:.0f} %"
    drawn = np.asarray(wrong.images[0].get_array())
    assert (drawn[:28, :28] == images[first, 0, 0]).all()
    assert is_drawn(figure)


def test_samples_without_a_mistake(images: np.ndarray, perfect: Evaluation) -> None:
    (only,) = plots.samples(images[:60], perfect, 20).axes
    assert only.get_title("left") == "20 of 60 correct answers, with confidence"
    assert len(only.texts) == 20
    assert is_drawn(plots.confusion_matrix(perfect))
    assert is_drawn(plots.reliability(perfect))
    assert is_drawn(plots.coverage(perfect))


def test_samples_say_of_which_images(images: np.ndarray, evaluation: Evaluation) -> None:
    right, wrong = plots.samples(images, evaluation, 20, of="validation images").axes
    count = 300 - evaluation.errors
    assert right.get_title("left") == f"10 of {count} correct answers on validation images, with confidence"
    assert wrong.get_title("left") == f"10 of {evaluation.errors} mistakes on validation images, with confidence"


def test_samples_of_few_images(images: np.ndarray, evaluation: Evaluation) -> None:
    row = np.flatnonzero(~evaluation.correct)[:1]
    one = Evaluation(evaluation.labels[row], evaluation.probabilities[row])
    (only,) = plots.samples(images[row], one).axes
    assert only.get_title("left") == "1 of 1 mistakes, with confidence"


@pytest.mark.parametrize(("units", "shown", "which"), [(3, 3, "3"), (100, 64, "The first 64 of 100")])
def test_weights_on_one_scale_around_zero(units: int, shown: int, which: str) -> None:
    weight = np.random.default_rng(2).normal(size=(784, units)).astype(np.float32)
    figure = plots.weights(weight)
    axes, bar = figure.axes
    (picture,) = axes.images
    assert axes.get_title("left") == f"{which} units of the first layer"
    low, high = picture.get_clim()
    assert low == -high
    assert 2.5 < high < 3.2  # 99.5 % of a normal distribution's absolute values lie below 2.81
    drawn = np.ma.filled(picture.get_array(), np.nan)
    np.testing.assert_array_equal(drawn[:28, 31:59], weight[:, 1].reshape(28, 28))
    assert np.isfinite(drawn).sum() == 784 * shown
    assert bar.get_ylabel() == "weight"
    assert is_drawn(figure)


def test_weights_of_a_convolution_are_small_pictures() -> None:
    kernels = np.arange(50, dtype=np.float32).reshape(5, 5, 1, 2)
    axes = plots.weights(kernels).axes[0]
    (picture,) = axes.images
    np.testing.assert_array_equal(picture.get_array()[:5, :5], kernels[:, :, 0, 0])
    np.testing.assert_array_equal(picture.get_array()[:5, 8:], kernels[:, :, 0, 1])
    assert axes.get_title("left") == "2 kernels of 5×5 of the first layer"


def test_the_title_counts_the_kernels_that_are_drawn() -> None:
    (title,) = (axes.get_title("left") for axes in plots.weights(np.ones((3, 3, 1, 80), np.float32)).axes[:1])
    assert title == "The first 64 of 80 kernels of 3×3 of the first layer"
    assert plots.weights(np.ones((9, 1), np.float32)).axes[0].get_title("left") == "1 unit of the first layer"


def test_weights_that_are_all_zero() -> None:
    assert plots.weights(np.zeros((784, 2), np.float32)).axes[0].images[0].get_clim() == (-1, 1)


def test_mosaic_by_hand() -> None:
    pictures = np.arange(1, 4)[:, None, None] * np.ones((1, 1, 2))
    nan = np.nan
    expected = [[1, 1, nan, 2, 2], [nan] * 5, [3, 3, nan, nan, nan]]
    np.testing.assert_array_equal(mosaic(pictures, 2, (1, 1)), expected)
    np.testing.assert_array_equal(mosaic(pictures[:2], 2, (0, 0)), [[1, 1, 2, 2]])


def test_grids_are_filled_where_they_can_be() -> None:
    assert {n: _columns(n) for n in (1, 2, 10, 13, 20, 32, 64)} == {1: 1, 2: 2, 10: 5, 13: 7, 20: 5, 32: 8, 64: 8}
