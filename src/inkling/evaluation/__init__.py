"""Evaluation: how good a model's answers are, how certain that figure is, and plots and pages that show it.

It is given arrays, not models: labels, probabilities and images.
"""

from inkling.evaluation.coverage import CoverageCurve, CoveragePoint
from inkling.evaluation.metrics import Evaluation
from inkling.evaluation.report import write_report
from inkling.evaluation.scores import ClassScore, ConfusedPair, Mistake
from inkling.evaluation.significance import McNemar, mcnemar
from inkling.evaluation.temperature import fit_temperature

__all__ = [
    "ClassScore",
    "ConfusedPair",
    "CoverageCurve",
    "CoveragePoint",
    "Evaluation",
    "McNemar",
    "Mistake",
    "fit_temperature",
    "mcnemar",
    "write_report",
]
