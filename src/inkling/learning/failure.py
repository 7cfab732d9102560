"""A failure: why an answer does not pass a test."""

from __future__ import annotations

from collections.abc import Sequence


class Failure(Exception):
    """One sentence, the numbers behind it, and what may be wrong."""

    def __init__(self, sentence: str, details: Sequence[str] = (), hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.details, self.hint = sentence, tuple(details), hint
