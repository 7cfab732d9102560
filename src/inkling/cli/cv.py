"""`inkling cv`: cross-validation of a recipe, here or on a cluster; the same command goes on."""

import statistics
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import Quiet, log, print_json
from inkling.cli.outputs import check_new_folder
from inkling.cli.tables import print_table
from inkling.cli.workers import Cluster, Processes, going_on
from inkling.errors import printable

if TYPE_CHECKING:
    from inkling.cluster.folds import Fold

PREDICTIONS = "predictions.csv"
_FIGURES = ("validation_accuracy", "validation_loss")


def cv(
    recipe: Annotated[str, typer.Argument(metavar="RECIPE", help="Recipe to judge: a name or a FILE.toml.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Folder of the runs, to write to or to go on with.")
    ],
    data: Annotated[
        str, typer.Option("--data", metavar="SOURCE", help="Data to train on: any source that train takes.")
    ] = "auto",
    folds: Annotated[
        int, typer.Option("--folds", metavar="K", min=2, help="Parts, each of which is validated on once.")
    ] = 5,
    cluster: Cluster = None,
    workers: Processes = None,
    quiet: Quiet = False,
    json: Annotated[bool, typer.Option("--json", help="Print the folds as JSON.")] = False,
) -> None:
    """Cross-validate a recipe: its accuracy on rows not learnt from.

    The rows are divided into K parts, stratified by class. K trainings, each on one core, are each validated on another
    part. predictions.csv has for each row what the training predicts that did not learn it. What was interrupted goes
    on when the same command is given again.
    """
    check_new_folder(output, "a cross-validation")
    from inkling.cluster.folds import CrossValidation
    from inkling.cluster.workers import open_workers
    from inkling.recipes import load_recipe
    from inkling.storage import write_atomically

    found: list[Fold] = []
    with going_on(), CrossValidation.open(output.resolve(), load_recipe(recipe), data, folds) as work:
        log(f"{folds} folds of {work.fits.source.name}, on which {work.recipes[0].name} is trained.")
        with open_workers(cluster, workers) as there:
            for fold in work.train(there):
                found.append(fold)
                accuracy = 100 * fold.run.figures["validation_accuracy"]
                log(f"{len(found)}/{folds}  fold {fold.number}: validation accuracy {accuracy:.2f} %")
        found.sort(key=lambda fold: fold.number)
        write_atomically(output / PREDICTIONS, work.out_of_fold().to_csv())
    _print(found, output, json)


def _print(found: "list[Fold]", output: Path, json: bool) -> None:
    figures = {name: [fold.run.figures[name] for fold in found] for name in _FIGURES}
    moments = {name: (statistics.mean(values), statistics.stdev(values)) for name, values in figures.items()}
    if json:
        folds = [{"fold": fold.number, "run": str(fold.run.folder), **fold.run.figures} for fold in found]
        totals = {name: {"mean": mean, "sd": deviation} for name, (mean, deviation) in moments.items()}
        print_json({"folds": folds, **totals})
        return
    rows = [
        (fold.run.folder.name, str(fold.number), f"{100 * accuracy:.2f}", f"{loss:.4f}")
        for fold, accuracy, loss in zip(found, *figures.values(), strict=True)
    ]
    print_table(("run", "fold", "validation %", "loss"), rows)
    (accuracy, spread), (loss, spread_of_loss) = moments.values()
    print(
        f"Mean ± standard deviation over {len(found)} folds: accuracy {100 * accuracy:.2f} ± {100 * spread:.2f} %, "
        f"loss {loss:.4f} ± {spread_of_loss:.4f}.\n"
        f"  {PREDICTIONS} and folds/ in {printable(output)}"
    )
