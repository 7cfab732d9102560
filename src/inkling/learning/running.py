"""The process that runs a learner's file: `python -m inkling.learning.running NUMBER FILE REPORT`.

It writes a line of JSON per event into the report, at once, since it may be ended at any time.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import types
from pathlib import Path
from typing import Any, TextIO

from inkling.learning.answer import Answer, raised
from inkling.learning.exercises import find_exercise
from inkling.learning.failure import Failure
from inkling.learning.grading import grade

MOST_PRINTED = 2000  # characters
MOST_MEMORY = 4 * 2**30  # bytes of addresses


class Printed(io.TextIOBase):
    """Standard output of the learner's code: the first characters of it go into the report."""

    def __init__(self, report: TextIO) -> None:
        self._report, self._left = report, MOST_PRINTED

    def write(self, text: str) -> int:
        if self._left > 0:
            _tell(self._report, printed=text[: self._left])
            self._left -= len(text)
        return len(text)


def main(number: int, file: Path, report: TextIO) -> None:
    """Run the file and the tests of an exercise, and write what happens into the report."""
    _limit_memory()
    _tell(report, started=True)
    sys.stdout = sys.stderr = Printed(report)
    sys.path.append(str(file.parent))  # last, so that no file of the learner's hides a module of Inkling's
    exercise = find_exercise(number)
    module = types.ModuleType(file.stem)
    module.__file__ = str(file)
    sys.modules.setdefault(file.stem, module)
    try:
        exec(compile(file.read_bytes(), str(file), "exec"), vars(module))
    except BaseException as error:
        _tell_failure(report, raised(error, "the file", str(file)))
        return
    _tell(report, began=True)
    for failure in grade(exercise, Answer(vars(module), str(file))):
        _tell_failure(report, failure)


def _tell_failure(report: TextIO, failure: Failure | None) -> None:
    parts = failure and {"sentence": failure.sentence, "details": failure.details, "hint": failure.hint}
    _tell(report, failure=parts)


def _tell(report: TextIO, **event: Any) -> None:
    print(json.dumps(event), file=report, flush=True)


def _limit_memory() -> None:
    """More than any exercise needs: an array or list that grows without end becomes a MemoryError."""
    if sys.platform != "win32":
        import resource

        with contextlib.suppress(ValueError, OSError):  # a lower limit is set already, or the system sets none
            resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


if __name__ == "__main__":
    with Path(sys.argv[3]).open("a", encoding="utf-8") as opened:
        main(int(sys.argv[1]), Path(sys.argv[2]), opened)
    os._exit(0)  # threads that the learner's code has started do not hold the process up
