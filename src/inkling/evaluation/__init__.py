"""The examiner: how good a model is, how sure that is, and pictures and pages that show it.

It is given arrays, not models: labels, probabilities and images.
"""

from inkling.evaluation.compare import McNemar, mcnemar
from inkling.evaluation.coverage import CoverageCurve, CoveragePoint
from inkling.evaluation.metrics import Evaluation
from inkling.evaluation.report import write_report
from inkling.evaluation.scores import ConfusedPair, DigitScore, Mistake
from inkling.evaluation.temperature import fit_temperature

__all__ = [
    "ConfusedPair",
    "CoverageCurve",
    "CoveragePoint",
    "DigitScore",
    "Evaluation",
    "McNemar",
    "Mistake",
    "fit_temperature",
    "mcnemar",
    "write_report",
]
