"""`inkling train`: from data and a recipe to a run folder with the model, its history and its pictures."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import Quiet, complain, log, require_fraction
from inkling.cli.interrupts import exit_code
from inkling.cli.outputs import check_new_folder
from inkling.cli.training_messages import conclude, introduce
from inkling.cli.workers import Cluster, DeviceName, is_given, opened_cluster, processes
from inkling.errors import UsageError

if TYPE_CHECKING:
    from inkling.runs.run import Run
    from inkling.runs.trackers import Tracker
    from inkling.training import Executor

TRACKERS = ("tensorboard", "mlflow")
DEFAULT_RECIPE = "adam-256-128-64"  # bundled; named here since `inkling.recipes` imports NumPy
# Options that a resumed run cannot be given: what was started with them goes on as it was.
_OF_NEW_RUNS = ("recipe", "output", "epochs", "batch_size", "lr", "validation", "seed", "allow_overlap")


def train(
    context: typer.Context,
    recipe: Annotated[
        str | None,
        typer.Option(
            "--recipe",
            "-r",
            envvar="INKLING_RECIPE",
            metavar="NAME|FILE.toml",
            help=f"A name that `inkling recipes` lists, or a file.  [default: that of --from, else {DEFAULT_RECIPE}]",
        ),
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE",
            help="auto, mnist, digits, kaggle, or a path. mnist and kaggle are looked for in the folder that the "
            "variable INKLING_DATA names.  [default: that of the run named by --from, else auto: MNIST if at hand, "
            "else the embedded digits]",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FOLDER", help="Run folder.  [default: runs/TIME-RECIPE]")
    ] = None,
    epochs: Annotated[
        int | None,
        typer.Option(envvar="INKLING_EPOCHS", help="Passes over the training images.  [default: the recipe's]"),
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option(envvar="INKLING_BATCH_SIZE", help="Images per step.  [default: the recipe's]")
    ] = None,
    lr: Annotated[
        float | None, typer.Option(envvar="INKLING_LR", help="Peak learning rate.  [default: the recipe's]")
    ] = None,
    validation: Annotated[
        float | None,
        typer.Option(
            envvar="INKLING_VALIDATION",
            metavar="FRACTION",
            help="Hold out this fraction of the images, such as 0.1, in place of what the recipe's split says.",
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(envvar="INKLING_SEED", help="Seed of all randomness.  [default: the recipe's]")
    ] = None,
    test: Annotated[
        str | None,
        typer.Option(metavar="SOURCE", help="Also evaluate on these images after each epoch, only for the curves."),
    ] = None,
    teacher: Annotated[
        Path | None,
        typer.Option(
            metavar="MODEL", help="Learn this model's answer to each image in place of the label (distillation)."
        ),
    ] = None,
    start: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="MODEL", help="Start from the parameters of this model: file, run folder or name."
        ),
    ] = None,
    allow_overlap: Annotated[
        bool, typer.Option("--allow-overlap", help="Take images for --test that are among those to train on.")
    ] = False,
    resume: Annotated[
        Path | None,
        typer.Option(
            metavar="RUN",
            help="Resume an interrupted run; the result has the same bits. --data, --test, --teacher and --from then "
            "say where the same files lie now, if they were moved.",
        ),
    ] = None,
    trackers: Annotated[
        list[str] | None,
        typer.Option(
            "--log",
            metavar="TRACKER",
            help="Also write the figures of each epoch to tensorboard (into the run folder) or mlflow.",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            envvar="INKLING_WORKERS",
            metavar="N",
            min=1,
            help="Processes to train in; the result has the same bits with any number.  [default: one per core]",
        ),
    ] = None,
    cluster: Cluster = None,
    device: DeviceName = None,
    quiet: Quiet = False,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Train a network; write a folder with model, history, plots.

    On Ctrl-C the run is kept and can be resumed. To train a finished run for more epochs: inkling train --from RUN
    --epochs N
    """
    _refuse_arguments(context)
    require_fraction("--validation", validation, below=True)
    _check_trackers(trackers or [])
    if resume is not None:
        _refuse_settings(context, resume)
    processes(context, workers, device or "cpu", cluster)
    with opened_cluster(context, cluster, workers) as executor:
        if resume is not None:
            run = _resumed(resume, device, data=data, test_data=test, teacher=teacher, start=start)
        else:
            overrides = {"epochs": epochs, "batch_size": batch_size, "lr": lr, "validation": validation, "seed": seed}
            run = _new_run(recipe, data, output, (test, teacher, start), device or "cpu", allow_overlap, **overrides)
        there = processes(context, workers, run.devices[-1], cluster)
        try:
            _watch(run, executor or there, trackers or [])
        except KeyboardInterrupt as interrupt:
            complain(f"Stopped after epoch {run.state.epoch}. To go on: inkling train --resume {run.folder}")
            raise typer.Exit(exit_code(interrupt)) from None
    conclude(run, json)


def _refuse_arguments(context: typer.Context) -> None:
    """UsageError where a recipe or data are given without the name of their option."""
    if context.args:
        name = context.args[0]
        option = "--recipe" if name.lower().endswith(".toml") else "--data"
        raise UsageError(f"train takes its recipe and data as options: did you mean {option} {name}?")


def _refuse_settings(context: typer.Context, folder: Path) -> None:
    """UsageError for flags that would change a resumed run; the environment's settings are for new runs only."""
    given = [f"--{name.replace('_', '-')}" for name in _OF_NEW_RUNS if is_given(context, name)]
    if given:
        raise UsageError(
            f"--resume goes on with the run as it was started: leave out {', '.join(given)}; to train further with "
            f"other settings, start a new run from its model: --from {folder}"
        )


def _resumed(folder: Path, device: str | None, **moved: str | Path | None) -> "Run":
    from inkling.runs.run import Run

    run = Run.resume(folder, device, **moved)
    if run.done:
        log(f"{folder} is finished: training ended after epoch {run.state.epoch}.")
        log(f"To train it for more epochs: inkling train --from {folder} --epochs N")
    else:
        log(f"Resuming {folder} after epoch {run.state.epoch} of at most {run.recipe.epochs}.")
    return run


def _new_run(
    recipe_name: str | None,
    data: str | None,
    output: Path | None,
    others: tuple[str | None, Path | None, Path | None],
    device: str,
    allow_overlap: bool,
    **overrides: int | float | None,
) -> "Run":
    """A run that has a folder; `others` are test data, teacher and the model to start from."""
    if output is not None:
        check_new_folder(output, "a run")
    from inkling.data.class_counts import notes_on_training
    from inkling.runs.continuation import data_of, recipe_of
    from inkling.runs.free_folder import create_in_a_free_folder
    from inkling.runs.run import Run

    *_, start = others
    recipe = recipe_of(recipe_name, start, DEFAULT_RECIPE).override(**overrides)
    settings = (recipe, data_of(start) if data is None else data, *others)
    create = create_in_a_free_folder if output is None else Run.create
    run = create(output or Path("runs"), *settings, device=device, allow_overlap=allow_overlap)
    for note in (*run.notes, *notes_on_training(run.parts, said=run.notes)):
        log(note)
    introduce(run, recipe)
    return run


def _check_trackers(names: list[str]) -> None:
    """UsageError for one that there is none of, before anything is loaded."""
    for name in names:
        if name not in TRACKERS:
            raise UsageError(f"--log takes {' or '.join(TRACKERS)}, not {name!r}")


def _watch(run: "Run", workers: "int | Executor | None", trackers: list[str]) -> None:
    from contextlib import ExitStack

    from inkling.cli.progress import follow

    with ExitStack() as stack:
        opened = [stack.enter_context(_tracker(name, run)) for name in dict.fromkeys(trackers)]
        for report in follow(run.train(workers), run.recipe.epochs, start=run.state.epoch):
            for tracker in opened:
                tracker(report)


def _tracker(name: str, run: "Run") -> "Tracker":
    from inkling.runs.trackers import MLflow, TensorBoard

    return TensorBoard(run.folder / name) if name == "tensorboard" else MLflow(run.folder.name, run.recipe.to_dict())
