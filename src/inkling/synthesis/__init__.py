"""Synthesis: pictures of 28×28 that are made for a network of digits to learn from.

Some are digits drawn by a pen, the others show what is no digit.
"""

from inkling.synthesis.foreign_digits import drawn_digits
from inkling.synthesis.mixture import KINDS, Kind, non_digits

__all__ = ["KINDS", "Kind", "drawn_digits", "non_digits"]
