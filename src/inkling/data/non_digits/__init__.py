"""Pictures of what is no digit, made for a network to learn to say so."""

from inkling.data.non_digits.mixture import KINDS, NOT_A_DIGIT, Kind, non_digits

__all__ = ["KINDS", "NOT_A_DIGIT", "Kind", "non_digits"]
