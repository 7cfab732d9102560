"""What a sweep found: a table of all trials, the best recipe as a file, and a picture of settings and accuracies."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inkling.cluster.sweeps.sweep import Trial
from inkling.errors import MissingExtraError
from inkling.notation import is_number
from inkling.storage import write_atomically

TABLE, BEST, PICTURE = "trials.csv", "best.toml", "sweep.png"
_FIGURES = ("validation_accuracy", "validation_loss")


def ranked(trials: Sequence[Trial]) -> list[Trial]:
    """The trials that were trained to their end, the best first."""
    done = [trial for trial in trials if trial.trained is not None and not trial.trained.pruned]
    return sorted(done, key=lambda trial: trial.trained.summary.rank if trial.trained else (0.0, 0.0), reverse=True)


def write_results(folder: Path, trials: Sequence[Trial]) -> list[str]:
    """Write table, best recipe and picture; the names of the files that were written."""
    write_atomically(folder / TABLE, _table(trials))
    written, best = [TABLE], ranked(trials)
    if best:
        write_atomically(folder / BEST, best[0].recipe.to_toml())
        written.append(BEST)
        try:
            _draw(folder / PICTURE, best)
            written.append(PICTURE)
        except MissingExtraError:
            pass  # pictures are an extra, and the table has everything
    return written


def _table(trials: Sequence[Trial]) -> str:
    """CSV, a row per trial in the order of their numbers: without times, so that the same trials give the same text."""
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    names = list(trials[0].settings) if trials else []
    table.writerow(["trial", *names, *_FIGURES, "epochs", "state", "run"])
    for trial in trials:
        summary = None if trial.trained is None else trial.trained.summary
        figures = ["" if summary is None else summary.figures.get(name, "") for name in _FIGURES]
        epochs = "" if summary is None else summary.epochs
        row = [trial.number, *trial.settings.values(), *figures, epochs, state_of(trial), trial.folder.name]
        table.writerow(row)
    return text.getvalue()


def state_of(trial: Trial) -> str:
    if trial.trained is None:
        return f"failed: {trial.reason}"
    return "pruned" if trial.trained.pruned else "trained"


def _draw(path: Path, trials: Sequence[Trial]) -> None:
    """Parallel coordinates: an axis per setting and one for the accuracy, a line per trial, the best ones darkest."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError("matplotlib", "report") from None
    names = list(trials[0].settings)
    columns = [_scaled([trial.settings[name] for trial in trials]) for name in names]
    accuracies = [trial.trained.summary.figures["validation_accuracy"] for trial in trials if trial.trained]
    columns.append(_scaled(accuracies))
    figure = Figure(figsize=(2.2 * len(columns) + 1, 4.5), layout="constrained")
    axes = figure.add_subplot()
    places = range(len(columns))
    for line, (_, *heights) in enumerate(zip(trials, *(column[0] for column in columns), strict=True)):
        shade = 1 - line / len(trials)
        axes.plot(places, heights, color="tab:blue", alpha=0.15 + 0.85 * shade**3, linewidth=1 + 2 * (line == 0))
    for place, (_, ticks) in zip(places, columns, strict=True):
        axes.axvline(place, color="0.5", linewidth=0.8)
        for height, label in ticks:
            axes.text(place + 0.03, height, label, fontsize=8, va="center")
    axes.set_xticks(list(places), [*names, "validation accuracy %"])
    axes.set_yticks([])
    axes.set_xlim(-0.2, len(columns) - 0.5)
    for side in axes.spines.values():
        side.set_visible(False)
    figure.savefig(path, dpi=120)


def _scaled(values: Sequence[Any]) -> tuple[list[float], list[tuple[float, str]]]:
    """Heights from 0 to 1 of the values of an axis, and its ticks."""
    if all(is_number(value) for value in values):
        low, high = min(values), max(values)
        span = (high - low) or 1
        ticks = [(0.0, f"{low:.4g}"), (1.0, f"{high:.4g}")] if high > low else [(0.0, f"{low:.4g}")]
        return [(value - low) / span for value in values], ticks
    kinds = sorted({str(value) for value in values})
    places = {kind: place / max(len(kinds) - 1, 1) for place, kind in enumerate(kinds)}
    return [places[str(value)] for value in values], [(height, kind) for kind, height in places.items()]
