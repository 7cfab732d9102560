"""What a sweep found: a table of all trials, the best recipe as a file, and a picture of settings and accuracies."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from inkling.cluster.sweeps.picture import draw
from inkling.cluster.sweeps.sweep import Sweep
from inkling.cluster.sweeps.trials import Trial
from inkling.errors import MissingExtraError
from inkling.storage import write_atomically

TABLE, BEST, PICTURE = "trials.csv", "best.toml", "sweep.png"
_FIGURES = ("validation_accuracy", "validation_loss")


def ranked(trials: Sequence[Trial]) -> list[Trial]:
    """The trials that were trained to their end, the best first."""
    done = [(trial.trained.summary.rank, trial) for trial in trials if trial.trained and not trial.trained.pruned]
    return [trial for _, trial in sorted(done, key=lambda ranked: ranked[0], reverse=True)]


def write_results(sweep: Sweep) -> list[str]:
    """Write table, best recipe and picture; the names of the files that were written.

    Where no trial is done, what an earlier call wrote stays.
    """
    trials = sweep.trials()
    if not trials:
        return []
    write_atomically(sweep.folder / TABLE, _table(trials))
    written, best = [TABLE], ranked(trials)
    if best and best[0].recipe is not None:
        write_atomically(sweep.folder / BEST, best[0].recipe.to_toml())
        written.append(BEST)
        try:
            write_atomically(sweep.folder / PICTURE, draw(sweep.space, best))
            written.append(PICTURE)
        except MissingExtraError:
            pass  # pictures are an extra, and the table has everything
    return written


def trials_in_table(folder: Path) -> int:
    """How many trials the table has that an earlier call wrote; 0 where there is none, or a damaged one."""
    try:
        with (folder / TABLE).open(encoding="utf-8", newline="") as file:
            return 1 + max((int(row["trial"]) for row in csv.DictReader(file)), default=-1)
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        return 0


def _table(trials: Sequence[Trial]) -> str:
    """CSV, a row per trial in the order of their numbers: without times, so that the same trials give the same text."""
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["trial", *trials[0].settings, *_FIGURES, "epochs", "state", "run"])
    for trial in trials:
        settings = map(str, trial.settings.values())
        figures = [trial.figures.get(name, "") for name in _FIGURES]
        epochs = "" if trial.trained is None else trial.trained.summary.epochs
        state = f"failed: {trial.reason}" if trial.trained is None else trial.state
        run = "" if trial.folder is None else trial.folder.name
        table.writerow([trial.number, *settings, *figures, epochs, state, run])
    return text.getvalue()
