"""The journal of a sweep: Optuna's study in a file, to which every process appends."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inkling.errors import MissingExtraError

if TYPE_CHECKING:
    import optuna

JOURNAL = "journal.log"
_STUDY = "sweep"
_SECONDS_OF_A_LOCK = 5  # after which the lock of a process that was killed is broken; it is held for milliseconds


def open_study(folder: Path) -> optuna.Study:
    """The study of a sweep, begun where there is none: the greater its value, the better."""
    try:
        import optuna
        from optuna.storages import JournalStorage
        from optuna.storages.journal import JournalFileBackend, JournalFileSymlinkLock
    except ImportError:
        raise MissingExtraError("optuna", "cluster") from None
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    path = str(folder / JOURNAL)
    storage = JournalStorage(JournalFileBackend(path, JournalFileSymlinkLock(path, _SECONDS_OF_A_LOCK)))
    pruner = optuna.pruners.MedianPruner()
    return optuna.create_study(
        storage=storage, study_name=_STUDY, direction="maximize", load_if_exists=True, pruner=pruner
    )
