"""The examiner: how good a model is, how sure that is, and pictures and pages that show it.

It is given arrays, not models: labels, probabilities and images.
"""

from inkling.evaluation.compare import McNemar, mcnemar
from inkling.evaluation.metrics import ConfusedPair, DigitScore, Evaluation, Mistake
from inkling.evaluation.report import write_report

__all__ = ["ConfusedPair", "DigitScore", "Evaluation", "McNemar", "Mistake", "mcnemar", "write_report"]
