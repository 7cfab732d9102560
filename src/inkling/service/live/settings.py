"""The data and folders that trainings started from the page may use.

They are set when the server is started; no request can change them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LiveSettings:
    """The data and folders of trainings that the page starts, or the run of another process that it watches.

    Attributes
    ----------
    data : the source to train on, as `inkling train --data` takes it.
    runs : the folder that new runs are made in; None for a temporary one, which the server removes when it ends.
    run : the folder of a run that is watched in place of starting one; None where the page may start one.
    """

    data: str = "digits"
    runs: Path | None = None
    run: Path | None = None


def without_folders(sentence: str, paths: Iterable[Path | None]) -> str:
    """The sentence with folder names removed.

    Each path in `paths` is reduced to its last part, and files inside such a folder to their path within it.
    """
    for path in paths:
        if path is None or not path.name or path == Path(path.name):
            continue
        for known in {str(path.absolute()), str(path)}:
            sentence = sentence.replace(f"{known}{os.sep}", "").replace(known, path.name)
    return sentence
