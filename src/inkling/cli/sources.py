"""Data that a command works on. What loading them had to say goes to stderr, so that no verb loses a note."""

from typing import TYPE_CHECKING

from inkling.cli.console import log

if TYPE_CHECKING:
    from inkling.data import Source


def load_source(name: str, *, to_judge: bool = False) -> "Source":
    """The source of this name or path; its notes are printed. Raises what `inkling.data.load` does.

    Of the notes on the embedded digits, only the one on their writers is printed, where a model is judged.
    """
    from inkling.data import load

    source = load(name)
    of_digits = source.notes[1:] if to_judge else ()
    for note in of_digits if name == "digits" else source.notes:
        log(note)
    return source
