"""Inspection of data before they are trained on: copies, contradictions, doubtful labels and damaged images."""

from inkling.inspection.checks import inspect
from inkling.inspection.finding import KINDS, Finding, Inspection
from inkling.inspection.page import write_page

__all__ = ["KINDS", "Finding", "Inspection", "inspect", "write_page"]
