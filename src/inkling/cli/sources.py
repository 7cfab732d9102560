"""Data that a command works on. What loading them had to say goes to stderr, so that no verb loses a note."""

from typing import TYPE_CHECKING

from inkling.cli.console import log

if TYPE_CHECKING:
    from inkling.data import Source


def load_source(name: str) -> "Source":
    """The source of this name or path; its notes are printed. Raises what `inkling.data.load` does.

    Of the embedded digits the first note is left out, since it only describes what was asked for.
    """
    from inkling.data import load

    source = load(name)
    for note in source.notes[1:] if name == "digits" else source.notes:
        log(note)
    return source
