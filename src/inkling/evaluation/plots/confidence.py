"""A model's confidence at a glance: whether it can be trusted, and what answering only when sure is worth."""

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

EVENLY = np.linspace(0, 1, 6)
NINES = np.array([0, 0.5, 0.9, 0.99, 0.999, 0.9999, 1])
BEYOND_NINES = 4.5  # where 100 % stands on these axes: as far behind 99.99 % as the other bins are wide
ANSWERED = np.array([0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9998, 0.9999])
BEYOND_ANSWERED = 0.5  # where 100 % stands: so far behind all images but one
MARKED = 0.99  # coverage


@look()
def reliability(evaluation: Evaluation) -> Figure:
    """Share of right answers against confidence, with 95 % intervals, over the number of answers.

    On the left the 15 equally wide bins of the calibration error, the last of which holds nearly all answers of a good
    network. On the right the same answers in finer bins and on logarithmic axes: 99 % is as far from 99.9 % as 90 %
    from 99 %.
    """
    figure = new_figure(10, 5.6)
    panels = figure.subplots(2, 2, sharex="col", height_ratios=[4, 1])
    sure = reliability_bins(evaluation.confidences, evaluation.right, SURE_BINS)
    _reliability(panels[:, 0], evaluation.reliability, EVENLY, lambda share: share)
    _reliability(panels[:, 1], sure, NINES, _nines)
    left, right = panels[0]
    left.set(title=f"Calibration error {100 * evaluation.calibration_error:.2f} %", ylabel="right answers (%)")
    left.text(0.04, 0.96, "too modest", color=GREY, va="top")
    left.text(0.96, 0.04, "too sure", color=GREY, ha="right")
    right.set(title="The same, magnified where it is sure")
    panels[1, 0].set(ylabel="images")
    return figure


def _reliability(
    panels: Sequence[Axes], bins: Sequence[ReliabilityBin], ticks: np.ndarray, scale: Callable[[np.ndarray], np.ndarray]
) -> None:
    """The points of the bins above, their sizes below; `scale` places shares from 0 to 1 along an axis."""
    upper, lower = panels
    most = scale(np.ones(1))[0]
    marks = scale(ticks), [f"{100 * tick:g}" for tick in ticks]
    ends = scale(np.array([wilson_interval(b.right, b.images) for b in bins]))
    confidence = scale(np.array([b.confidence for b in bins]))
    upper.plot([0, most], [0, most], color=GREY, lw=1, ls="--")
    upper.vlines(confidence, ends[:, 0], ends[:, 1], color=BLUE, lw=1.5, clip_on=False)
    upper.plot(confidence, scale(np.array([b.accuracy for b in bins])), "o", color=BLUE, ms=6, clip_on=False)
    upper.set(xlim=(0, most), ylim=(0, most))
    upper.set_yticks(*marks)
    edges = scale(np.array([(b.lower, b.upper) for b in bins]))
    widths = edges[:, 1] - edges[:, 0]
    lower.bar(edges.mean(axis=1), [b.images for b in bins], 0.9 * widths, color=BLUE, log=True)
    lower.set(xlabel="confidence (%)", ylim=(0.7, None))
    lower.set_xticks(*marks)


def _nines(shares: np.ndarray, most: float = BEYOND_NINES) -> np.ndarray:
    """How many nines a share has, 0.9 one and 0.99 two, but `most` at most, so that 1 has a place too."""
    return -np.log10(np.maximum(1 - shares, 10**-most))


@look()
def coverage(evaluation: Evaluation) -> Figure:
    """Share of wrong answers against the share of images answered, the surest first, from half of them on.

    The axis of coverage is logarithmic in the share that is not answered, down to one image; 99 % is marked.
    """
    curve, marked = evaluation.coverage_curve, evaluation.coverage_curve.at(MARKED)
    shown = curve.coverage >= ANSWERED[0]
    end = float(np.log10(evaluation.images)) + BEYOND_ANSWERED
    figure = new_figure(7, 4)
    axes = figure.subplots()
    axes.plot(_nines(curve.coverage[shown], end), 100 * curve.error[shown], color=BLUE)
    place = _nines(np.array([marked.coverage]), end)
    axes.plot(place, 100 * marked.error, "o", color=VERMILION, ms=7, clip_on=False)
    title = f"{100 * (1 - evaluation.accuracy):.2f} % wrong of all, {100 * marked.error:.2f} % of the surest 99 %"
    axes.set(title=title, xlabel="images answered (%)", ylabel="wrong answers (%)")
    shares = [*ANSWERED[ANSWERED * evaluation.images <= evaluation.images - 1], 1]
    axes.set_xticks(_nines(np.array(shares), end), [f"{100 * share:g}" for share in shares])
    axes.set(xlim=(_nines(ANSWERED[:1])[0], end), ylim=(0, None))
    return figure
