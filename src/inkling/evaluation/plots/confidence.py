"""A model's confidence: whether it agrees with accuracy, and how errors fall where only confident answers are given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from inkling.evaluation.calibration import SURE_BINS, ReliabilityBin, reliability_bins
from inkling.evaluation.intervals import wilson_interval
from inkling.evaluation.metrics import Evaluation
from inkling.evaluation.plots.look import look, new_figure
from inkling.palette import BLUE, GREY, VERMILION

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Tick marks of the two reliability diagrams: on the linear axes and on the logarithmic ones.
LINEAR_TICKS = np.linspace(0, 1, 6)
NINES_TICKS = np.array([0, 0.5, 0.9, 0.99, 0.999, 0.9999, 1])
# A logarithmic axis counts nines: 0.9 lies at 1, 0.99 at 2. Where 100 % lies, which would be infinitely far away.
NINES_OF_ONE = 4.5
# Tick marks of the coverage curve.
COVERAGE_TICKS = np.array([0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9998, 0.9999])
# Distance, in nines, from the coverage of all images but one to that of all images.
LAST_IMAGE_NINES = 0.5
# The coverage that is marked.
MARKED_COVERAGE = 0.99


@look()
def reliability(evaluation: Evaluation) -> Figure:
    """Accuracy against confidence, with 95 % intervals, and below it the number of answers per bin.

    The left diagram has the 15 equally wide bins of the calibration error; the last of them holds nearly all answers of
    a good network. The right diagram shows the same answers in finer bins on logarithmic axes, where 99 % is as far
    from 99.9 % as 90 % is from 99 %.
    """
    figure = new_figure(10, 5.6)
    panels = figure.subplots(2, 2, sharex="col", height_ratios=[4, 1])
    sure = reliability_bins(evaluation.confidences, evaluation.correct, SURE_BINS)
    _reliability(panels[:, 0], evaluation.reliability, LINEAR_TICKS, lambda share: share)
    _reliability(panels[:, 1], sure, NINES_TICKS, _nines)
    left, right = panels[0]
    left.set(title=f"Calibration error {100 * evaluation.calibration_error:.2f} %", ylabel="correct answers (%)")
    left.text(0.04, 0.96, "underconfident", color=GREY, va="top")
    left.text(0.96, 0.04, "overconfident", color=GREY, ha="right")
    right.set(title="The same, magnified towards 100 %")
    panels[1, 0].set(ylabel="images")
    return figure


def _reliability(
    panels: Sequence[Axes], bins: Sequence[ReliabilityBin], ticks: np.ndarray, scale: Callable[[np.ndarray], np.ndarray]
) -> None:
    """Accuracy of the bins in the upper panel, their sizes in the lower; `scale` places shares 0-1 along an axis."""
    upper, lower = panels
    most = scale(np.ones(1))[0]
    marks = scale(ticks), [f"{100 * tick:g}" for tick in ticks]
    ends = scale(np.array([wilson_interval(b.n_correct, b.n_images) for b in bins]))
    confidence = scale(np.array([b.confidence for b in bins]))
    upper.plot([0, most], [0, most], color=GREY, lw=1, ls="--")
    upper.vlines(confidence, ends[:, 0], ends[:, 1], color=BLUE, lw=1.5, clip_on=False)
    upper.plot(confidence, scale(np.array([b.accuracy for b in bins])), "o", color=BLUE, ms=6, clip_on=False)
    upper.set(xlim=(0, most), ylim=(0, most))
    upper.set_yticks(*marks)
    edges = scale(np.array([(b.lower, b.upper) for b in bins]))
    widths = edges[:, 1] - edges[:, 0]
    lower.bar(edges.mean(axis=1), [b.n_images for b in bins], 0.9 * widths, color=BLUE, log=True)
    lower.set(xlabel="confidence (%)", ylim=(0.7, None))
    lower.set_xticks(*marks)


def _nines(shares: np.ndarray, most: float = NINES_OF_ONE) -> np.ndarray:
    """Number of nines of each share: 1 for 0.9, 2 for 0.99, and at most `most`, which is the place of 1."""
    return -np.log10(np.maximum(1 - shares, 10**-most))


@look()
def coverage(evaluation: Evaluation) -> Figure:
    """Share of wrong answers against coverage, from half of the images on.

    The axis of coverage is logarithmic in the share that is not answered, down to one image. Coverage 99 % is marked.
    """
    curve, marked = evaluation.coverage_curve, evaluation.coverage_curve.at(MARKED_COVERAGE)
    shown = curve.coverage >= COVERAGE_TICKS[0]
    end = float(np.log10(evaluation.n_images)) + LAST_IMAGE_NINES
    figure = new_figure(7, 4)
    axes = figure.subplots()
    axes.plot(_nines(curve.coverage[shown], end), 100 * curve.error[shown], color=BLUE)
    place = _nines(np.array([marked.coverage]), end)
    axes.plot(place, 100 * marked.error, "o", color=VERMILION, ms=7, clip_on=False)
    title = (
        f"{100 * (1 - evaluation.accuracy):.2f} % wrong of all, {100 * marked.error:.2f} % of the most confident 99 %"
    )
    axes.set(title=title, xlabel="images answered (%)", ylabel="wrong answers (%)")
    shares = [*COVERAGE_TICKS[COVERAGE_TICKS * evaluation.n_images <= evaluation.n_images - 1], 1]
    axes.set_xticks(_nines(np.array(shares), end), [f"{100 * share:g}" for share in shares])
    axes.set(xlim=(_nines(COVERAGE_TICKS[:1])[0], end), ylim=(0, None))
    return figure
