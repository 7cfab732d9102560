"""`inkling runs`: the runs of a folder side by side, the best first."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import complain, log, print_json
from inkling.cli.tables import print_table

if TYPE_CHECKING:
    from inkling.runs.listing import RunSummary

_FIGURES = {
    "validation %": "validation_accuracy",
    "loss": "validation_loss",
    "test %": "test_accuracy",
    "test loss": "test_loss",
}


def runs(
    folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help="Folder of run folders, or one run.")] = Path(
        "runs"
    ),
    json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """List the runs of a folder, the best first.

    Runs are compared by their accuracy on validation images. The validation images of two runs are the same only where
    data, split and seed are the same.
    """
    from inkling.runs.listing import list_runs

    found, problems = list_runs(folder)
    if json:
        print_json([run.to_dict() for run in found])
    elif found:
        _print(found)
    else:
        log(f"{folder}: no run in this folder")
    for problem in problems:
        complain(f"inkling: {problem}")


def _print(found: "list[RunSummary]") -> None:
    """One row per run; figures that no run has are left out, and so is the state where all are finished."""
    shown = {heading: name for heading, name in _FIGURES.items() if any(name in run.figures for run in found)}
    state = () if all(run.finished for run in found) else ("state",)
    headings = ("run", "recipe", "data", "epochs", *shown, "parameters", "time", *state)
    print_table(headings, [_row(run, list(shown.values()))[: len(headings)] for run in found], n_words=3)


def _row(run: "RunSummary", figures: list[str]) -> tuple[str, ...]:
    return (
        run.folder.resolve().name,
        run.recipe,
        Path(run.data).name,
        f"{run.epochs}/{run.most_epochs}",
        *(_figure(name, run.figures.get(name)) for name in figures),
        f"{run.parameters:,}",
        _time(run.seconds),
        "finished" if run.finished else "unfinished",
    )


def _time(seconds: float) -> str:
    """A time in the largest unit that leaves at least 2 of it."""
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def _figure(name: str, value: float | None) -> str:
    if value is None:
        return ""
    return f"{100 * value:.2f}" if name.endswith("_accuracy") else f"{value:.4f}"
