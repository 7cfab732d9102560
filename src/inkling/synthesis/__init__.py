"""Synthesis: pictures that are made for a network to learn from: digits drawn by a pen, and what is no digit."""

from inkling.synthesis.foreign_digits import drawn_digits
from inkling.synthesis.mixture import KINDS, Kind, non_digits

__all__ = ["KINDS", "Kind", "drawn_digits", "non_digits"]
