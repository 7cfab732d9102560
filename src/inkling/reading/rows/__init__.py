"""Rows read as a whole: what the answers of a network at each column of a row say about its text."""

from inkling.reading.rows.decoding import Text, beam_search

__all__ = ["Text", "beam_search"]
