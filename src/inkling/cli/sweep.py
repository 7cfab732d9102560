"""`inkling sweep`: many trainings of one recipe with other settings, here or on a cluster; the same command goes on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inkling.cli.console import Quiet, complain, log, print_json
from inkling.cli.outputs import check_new_folder
from inkling.cli.tables import print_table
from inkling.cli.workers import Cluster, Processes, going_on
from inkling.errors import DataError, UsageError, printable

if TYPE_CHECKING:
    from inkling.cluster.sweeps.trials import Trial

_SHOWN = 10  # trials in the table that is printed


def sweep(
    recipe: Annotated[str, typer.Argument(metavar="RECIPE", help="Recipe of all trials: a name or a FILE.toml.")],
    settings: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="NAME=VALUES",
            help="Values of a setting: lr=0.05:0.4:log, batch_size=32,64,128, 'network.0.out_channels=16:64'. May be "
            "given several times.",
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Folder to write to, or to go on with.")
    ],
    data: Annotated[
        str, typer.Option("--data", metavar="SOURCE", help="Data to train on: any source that train takes.")
    ] = "auto",
    trials: Annotated[int, typer.Option("--trials", metavar="N", min=1, help="Trainings in all.")] = 20,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Seed of the choice of settings.")] = 0,
    parallel: Annotated[
        int,
        typer.Option(
            "--parallel",
            metavar="N",
            min=1,
            help="The most trials at a time: settings are chosen from the results of all but the last N trials.",
        ),
    ] = 8,
    prune: Annotated[
        bool,
        typer.Option(
            "--prune", help="End trials that are worse than half of the others; results then depend on timing."
        ),
    ] = False,
    cluster: Cluster = None,
    workers: Processes = None,
    quiet: Quiet = False,
    json: Annotated[bool, typer.Option("--json", help="Print the trials as JSON.")] = False,
) -> None:
    """Search the best settings of a recipe by many trainings.

    Every trial is a run on one core. The best recipe becomes a file. What was interrupted goes on when the same
    command is given again; more --trials add to those that are there.
    """
    check_new_folder(output, "a sweep")
    from inkling.cluster.sweeps.results import ranked, trials_in_table, write_results
    from inkling.cluster.sweeps.space import most_trials, setting_of
    from inkling.cluster.sweeps.sweep import Sweep
    from inkling.cluster.workers import open_workers
    from inkling.recipes import load_recipe

    space = dict(map(setting_of, settings))
    if len(space) < len(settings):
        raise UsageError("--set names a setting twice: give all its values at once, with commas between them")
    asked = (output.resolve(), load_recipe(recipe), data, space)
    with going_on(), Sweep.open(*asked, seed=seed, parallel=parallel, prune=prune) as found:
        most = int(min(max(trials, trials_in_table(found.folder)), most_trials(space)))
        log(f"{most} trials of {found.recipe.name} on {found.fits.source.name}, at most {parallel} at a time.")
        try:
            with open_workers(cluster, workers) as there:
                for done, trial in enumerate(found.run(there, most), 1):
                    log(f"{done}/{most}  {_described(trial)}")
        finally:
            files = write_results(found)
    best = ranked(found.trials())
    if json:
        print_json([_record(trial) for trial in found.trials()])
    elif best:
        _print(best[:_SHOWN], output, files)
    if not best:
        complain("inkling: no trial was trained to its end")
        raise typer.Exit(DataError.exit_code)


def _described(trial: "Trial") -> str:
    chosen = "  ".join(f"{name}={value}" for name, value in trial.settings.items())
    if trial.trained is None:
        return f"{chosen}  failed: {trial.reason}"
    return f"{chosen}  validation accuracy {_percent(trial)} %{'  pruned' if trial.trained.pruned else ''}"


def _percent(trial: "Trial") -> str:
    return f"{100 * trial.figures['validation_accuracy']:.2f}"


def _print(best: "list[Trial]", output: Path, files: list[str]) -> None:
    names = list(best[0].settings)
    rows = []
    for trial in best:
        run = "" if trial.folder is None else trial.folder.name
        chosen = [str(trial.settings[name]) for name in names]
        rows.append((run, *chosen, _percent(trial), f"{trial.figures['validation_loss']:.4f}"))
    print_table(("run", *names, "validation %", "loss"), rows)
    print(f"  {', '.join(files)} and trials/ in {printable(output)}")
    if "best.toml" in files:
        print(f"Next: inkling train --recipe {printable(output / 'best.toml')}")


def _record(trial: "Trial") -> dict[str, Any]:
    return {
        "trial": trial.number,
        "settings": dict(trial.settings),
        "state": trial.state,
        "reason": trial.reason or None,
        "run": None if trial.folder is None else str(trial.folder),
        **trial.figures,
    }
