"""Robustness: which changes a model is tried under, its accuracies, and how plots and reports show them."""

import dataclasses
import json
import sys

import numpy as np
import pytest

from inkling.data import load
from inkling.errors import MissingExtraError
from inkling.evaluation import Evaluation, plots, write_report
from inkling.evaluation.corruptions import CORRUPTIONS, corrupt, geometry
from inkling.evaluation.robustness import AFFINE, Robustness, Trial
from inkling.evaluation.robustness_trials import TRIALS, evaluate_robustness
from inkling.evaluation.sweeps import SWEEPS

DIGITS = load("digits").train
FIVE_EACH = np.concatenate([np.flatnonzero(DIGITS.labels == digit)[:5] for digit in range(10)])
IMAGES, LABELS = DIGITS.images[FIVE_EACH], DIGITS.labels[FIVE_EACH]
ONE_HOT = np.eye(10, dtype=np.float32)


def tried(predict, name="model"):
    return Robustness(tuple(evaluate_robustness(predict, IMAGES, LABELS)), name)


@pytest.fixture(scope="module")
def careful():
    """A reader that is right where an image is as it was, and says 0 where it was changed."""
    return tried(lambda images: ONE_HOT[np.where((images == IMAGES).all(axis=(1, 2)), LABELS, 0)], "careful")


def invented(**accuracies):
    """Trials with these accuracies, by change; corruptions that are not given have 0.5, sweeps climb."""
    blank = np.zeros((28, 28), np.uint8)
    trials = [Trial(name, accuracies.get(name.split()[0], 0.5), blank) for name in ("clean", *CORRUPTIONS)]
    for sweep in SWEEPS:
        trials += [Trial(sweep.name, i / 10, blank, s, sweep.unit) for i, s in enumerate(sweep.strengths)]
    return Robustness(tuple(trials), "invented")


def test_a_perfect_reader_and_a_constant_one():
    perfect, constant = (tried(lambda _, answers=answers: ONE_HOT[answers]) for answers in (LABELS, 0 * LABELS))
    assert {trial.accuracy for trial in perfect.trials} == {1.0}
    assert perfect.mean == perfect.mean_without_affine == perfect.clean == 1
    assert {trial.accuracy for trial in constant.trials} == {0.1}
    assert constant.mean == pytest.approx(0.1)


def test_the_reader_is_shown_every_change_in_order():
    shown = []

    def predict(images):
        shown.append(images.copy())
        return ONE_HOT[LABELS]

    trials = list(evaluate_robustness(predict, IMAGES, LABELS))
    expected = [IMAGES, *(corrupt(IMAGES, name) for name in CORRUPTIONS)]
    expected += [sweep.change(IMAGES, strength) for sweep in SWEEPS for strength in sweep.strengths]
    np.testing.assert_array_equal(shown, expected)
    np.testing.assert_array_equal([trial.example for trial in trials], [images[0] for images in shown])
    assert len(trials) == TRIALS


def test_only_what_changes_nothing_is_read_correctly(careful):
    correct = [(trial.change, trial.strength) for trial in careful.trials if trial.accuracy == 1]
    assert correct == [("clean", None), ("shift", 0), ("thickness", 0), ("contrast", 1), ("inversion", 0)]
    assert careful.clean == 1
    assert careful.mean == pytest.approx(0.1)


def test_means_by_hand():
    robustness = invented(fog=0.2, shear=0.9, clean=1.0)
    assert robustness.clean == 1
    assert robustness.mean == pytest.approx((13 * 0.5 + 0.2 + 0.9) / 15)
    assert robustness.mean_without_affine == pytest.approx((10 * 0.5 + 0.2) / 11)


def test_the_affine_ones_are_those_of_geometry():
    assert set(AFFINE) == {
        name for name, corruption in CORRUPTIONS.items() if corruption.__module__ == geometry.__name__
    }
    assert len(AFFINE) == 4


def test_json(careful):
    record = json.loads(json.dumps(careful.to_dict()))
    assert list(record["corruptions"]) == list(CORRUPTIONS)
    assert record["corruptions"]["fog"] == careful.corruptions["fog"].accuracy
    assert record["mean"] == careful.mean
    for sweep in SWEEPS:
        entry = record["sweeps"][sweep.name]
        assert entry["unit"] == sweep.unit
        assert entry["strengths"] == list(sweep.strengths)
        assert entry["accuracies"] == [trial.accuracy for trial in careful.sweeps[sweep.name]]


def test_missing_scipy_is_told_before_any_work(monkeypatch):
    for module in ("scipy", "scipy.ndimage"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=r"scipy, which is not installed: pip install "):
        next(evaluate_robustness(lambda images: pytest.fail("nothing should be read"), IMAGES, LABELS))


def test_the_picture_shows_every_corruption_and_sweep(careful):
    figure = plots.robustness([careful])
    bars, *curves = figure.axes
    assert [label.get_text() for label in bars.get_yticklabels()] == ["clean", *CORRUPTIONS]
    assert [bar.get_width() for bar in bars.patches] == [100 * trial.accuracy for trial in careful.trials[:16]]
    assert bars.get_title(loc="left") == f"15 corruptions: mean {100 * careful.mean:.1f} %"
    examples = [artist.offsetbox.get_data() for artist in bars.artists]
    np.testing.assert_array_equal(examples, [trial.example for trial in careful.trials[:16]])
    for axes, sweep in zip(curves, SWEEPS, strict=True):
        (line,) = axes.lines
        np.testing.assert_array_equal(line.get_xdata(), sweep.strengths)
        accuracies = [100 * trial.accuracy for trial in careful.sweeps[sweep.name]]
        np.testing.assert_array_equal(line.get_ydata(), accuracies)
        assert axes.get_title(loc="left").lower() == sweep.name
    assert b"share of the ink" in plots.render(figure, "svg")


def test_the_picture_of_two_has_bars_and_lines_for_both(careful):
    other = invented(clean=0.7)
    figure = plots.robustness([careful, other])
    bars, *curves = figure.axes
    assert [bar.get_width() for bar in bars.patches[16:]] == pytest.approx([70] + 15 * [50])
    assert [len(axes.lines) for axes in curves] == [2, 2, 2, 2]
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["careful", "invented"]


def test_long_names_overlap_nothing(careful):
    """Regression: beside each other, two paths of run folders ran into the sweeps."""
    figure = plots.robustness([careful, dataclasses.replace(careful, name="runs/20261121-093045-" + 60 * "x")])
    plots.render(figure, "png")  # which lays it out
    below = figure.legends[0].get_window_extent().y0
    for axes in figure.axes:
        assert axes.get_tightbbox().y1 <= below


def test_the_report_has_a_section_where_it_was_measured(tmp_path, careful):
    evaluation = Evaluation(LABELS, ONE_HOT[LABELS])
    for name, trials in (("without", []), ("with", [careful, invented(fog=0.123)])):
        write_report(tmp_path / name, evaluation, IMAGES, title="", details={}, rival=evaluation, robustness=trials)
    without, with_section = ((tmp_path / name).read_text(encoding="utf-8") for name in ("without", "with"))
    assert "How robust is it?" not in without
    row = with_section.split('<th scope="row">Fog</th>')[1].split("</tr>")[0]
    assert "<td>12.30\u00a0%</td>" in row
    assert row.count("<td>") == 2
    assert with_section.count('class="drawing paper"') == without.count('class="drawing paper"') + 1
