"""Plots of a training run and of a model's answers: functions that return a matplotlib Figure.

    figure = plots.curves(history)
    plots.save(figure, folder / "curves")     # curves.png and curves.svg

Nothing here uses pyplot or changes matplotlib's global settings. matplotlib is imported when a plot is asked for.
"""

from inkling.evaluation.plots.confidence import coverage, reliability
from inkling.evaluation.plots.confusion import confusion_matrix
from inkling.evaluation.plots.history import curves
from inkling.evaluation.plots.look import render, save
from inkling.evaluation.plots.pictures import samples, weights
from inkling.evaluation.plots.trials import robustness

__all__ = [
    "confusion_matrix",
    "coverage",
    "curves",
    "reliability",
    "render",
    "robustness",
    "samples",
    "save",
    "weights",
]
