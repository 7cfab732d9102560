"""Class names as plots show them: on one line, cut where they are long, and never taken for a formula."""

from __future__ import annotations

import textwrap

CUT = "…"


def shortened(name: str, n_characters: int = 20) -> str:
    """The name on one line of at most so many characters."""
    name = " ".join(name.split())
    return name if len(name) <= n_characters else name[: n_characters - 1] + CUT


def wrapped(text: str, n_characters: int, n_lines: int) -> list[str]:
    """The text on at most so many lines of at most so many characters each."""
    return textwrap.wrap(text, n_characters, max_lines=n_lines, placeholder=CUT)


def plain(text: str) -> str:
    """The text for matplotlib, which would take what stands between two dollar signs for a formula."""
    return text.replace("$", r"\$")
