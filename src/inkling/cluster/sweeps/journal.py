"""The journal of a sweep: Optuna's study in a file, to which all processes append that train its trials.

All that matters is in the run folders. So the journal is written anew by each call, and may be damaged or lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from inkling.errors import MissingExtraError
from inkling.storage import blaming
from inkling.training.interrupts import deferred_signals

if TYPE_CHECKING:
    import optuna

JOURNAL = "journal.log"
_STUDY = "sweep"
_SECONDS_OF_A_LOCK = 5  # after which the lock of a process that was killed is broken; it is held for milliseconds


def new_study(folder: Path) -> optuna.Study:
    """A study in a new journal, in place of an earlier one: the greater its value, the better."""
    import_optuna()
    with blaming(folder / JOURNAL):
        for former in folder.glob(f"{JOURNAL}*"):  # and the lock of a process that was killed
            former.unlink(missing_ok=True)
    return open_study(folder)


def open_study(folder: Path) -> optuna.Study:
    """The study in a journal."""
    import_optuna()
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend, JournalFileSymlinkLock

    path = str(folder / JOURNAL)
    with writing(folder):
        storage = JournalStorage(JournalFileBackend(path, JournalFileSymlinkLock(path, _SECONDS_OF_A_LOCK)))
        pruner = optuna.pruners.MedianPruner()
        return optuna.create_study(
            storage=storage, study_name=_STUDY, direction="maximize", load_if_exists=True, pruner=pruner
        )


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Have an OSError name the journal, and Ctrl-C wait, which Optuna's lock of the file is not made for."""
    with deferred_signals(), blaming(folder / JOURNAL):
        yield


def import_optuna() -> None:
    """Have Optuna tell nothing but errors; MissingExtraError where it is not installed."""
    try:
        import optuna
    except ImportError:
        raise MissingExtraError("optuna", "cluster") from None
    optuna.logging.set_verbosity(optuna.logging.ERROR)
