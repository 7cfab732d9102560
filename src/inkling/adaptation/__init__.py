"""Adaptation: a model learns the handwriting of one writer and reads other writers as well as before."""

from inkling.adaptation.adaptation import Adaptation
from inkling.adaptation.blending import blend, largest_safe_share
from inkling.adaptation.rehearsal import Rehearsal
from inkling.adaptation.result import Adapted, Comparison, Fold
from inkling.adaptation.writer import read_handwriting

__all__ = [
    "Adaptation", "Adapted", "Comparison", "Fold", "Rehearsal", "blend", "largest_safe_share", "read_handwriting",
]  # fmt: skip
