"""`inkling train`: from data and a recipe to a run folder with the model, its history and its pictures."""

import datetime
import itertools
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inkling.cli.console import INTERRUPTED, Quiet, complain, log, print_json
from inkling.errors import DataError, MissingExtraError, UsageError

if TYPE_CHECKING:
    from inkling.model import Model
    from inkling.recipes import Recipe
    from inkling.runs.run import Run

DEFAULT_RECIPE = "adam-256-128-64"  # bundled; named here since `inkling.recipes` imports NumPy


def train(
    context: typer.Context,
    recipe: Annotated[
        str | None,
        typer.Option(
            "--recipe",
            "-r",
            envvar="INKLING_RECIPE",
            metavar="NAME|FILE.toml",
            help=f"A name that `inkling recipes` lists, or a file.  [default: {DEFAULT_RECIPE}]",
        ),
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE",
            help="auto, mnist, digits, kaggle, or a path. mnist and kaggle are looked for in the folder that the "
            "variable INKLING_DATA names.  [default: auto, MNIST if at hand, else the embedded digits]",
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
    seed: Annotated[
        int | None, typer.Option(envvar="INKLING_SEED", help="Seed of all randomness.  [default: the recipe's]")
    ] = None,
    test: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE", help="Also measure these images after each epoch, for the curves; they decide nothing."
        ),
    ] = None,
    teacher: Annotated[
        Path | None,
        typer.Option(
            metavar="MODEL", help="Learn this model's answer to each image in place of the label (distillation)."
        ),
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(metavar="RUN", help="Resume an interrupted run; the result has the same bits.")
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
    quiet: Quiet = False,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Train a network; write a folder with model, history, plots.

    On Ctrl-C the run is kept and can be resumed.
    """
    from inkling.runs.run import Run

    if resume is not None:
        _refuse_settings(context)
        run = Run.resume(resume)
        if run.done:
            log(f"{resume} is finished: training ended after epoch {run.state.epoch}.")
        else:
            log(f"Resuming {resume} after epoch {run.state.epoch} of at most {run.recipe.epochs}.")
    else:
        overrides = {"epochs": epochs, "batch_size": batch_size, "lr": lr, "seed": seed}
        run = _new_run(recipe, data, output, test, teacher, **overrides)
    try:
        _watch(run, workers)
    except KeyboardInterrupt:
        complain(f"\nStopped after epoch {run.state.epoch}. To go on: inkling train --resume {run.folder}")
        raise typer.Exit(INTERRUPTED) from None
    _conclude(run, json)


def _refuse_settings(context: typer.Context) -> None:
    """UsageError for flags that would change a resumed run; the environment's settings are for new runs only."""
    settings = ("recipe", "data", "output", "epochs", "batch_size", "lr", "seed", "test", "teacher")
    sources = {name: context.get_parameter_source(name) for name in settings}
    given = [f"--{name.replace('_', '-')}" for name, place in sources.items() if place and place.name == "COMMANDLINE"]
    if given:
        raise UsageError(f"--resume goes on with the run as it was started: leave out {', '.join(given)}")


def _new_run(
    recipe_name: str | None,
    data: str | None,
    output: Path | None,
    test: str | None,
    teacher: Path | None,
    **overrides: int | float | None,
) -> "Run":
    from inkling.data.class_counts import notes_on_training
    from inkling.recipes import load_recipe
    from inkling.runs.run import Run

    recipe = load_recipe(recipe_name or DEFAULT_RECIPE).override(**overrides)
    settings = (recipe, "auto" if data is None else data, test, teacher)
    run = _create_in_a_free_folder(*settings) if output is None else Run.create(output, *settings)
    for note in (*run.source.notes, *notes_on_training(run.parts, said=run.source.notes)):
        log(note)
    _introduce(run, recipe)
    return run


def _create_in_a_free_folder(recipe: "Recipe", *settings: Any) -> "Run":
    """A run in runs/TIME-RECIPE, or in the first of runs/TIME-RECIPE-2, -3, … that is free."""
    from inkling.runs.run import Run

    for folder in _numbered(Path("runs") / f"{datetime.datetime.now():%Y%m%d-%H%M%S}-{recipe.name}"):
        if folder.exists():
            continue
        try:
            return Run.create(folder, recipe, *settings)
        except UsageError:
            if not folder.exists():  # otherwise another run took this folder a moment ago: try the next one
                raise
    raise AssertionError("there are infinitely many names")


def _numbered(folder: Path) -> Iterator[Path]:
    """FOLDER, FOLDER-2, FOLDER-3, …"""
    yield folder
    yield from (folder.with_name(f"{folder.name}-{n}") for n in itertools.count(2))


def _introduce(run: "Run", recipe: "Recipe") -> None:
    """Say what is trained on what, and where the network differs from the recipe's."""
    held_out = f", {len(run.parts.validation):,} to validate on" if run.parts.validation is not None else ""
    log(f"Training {recipe.name} on {run.source.name}: {len(run.parts.training):,} images{held_out}.")
    fitted, data = run.recipe.network, run.parts.training
    if fitted.input_shape != recipe.network.input_shape:
        log(f"The network takes images of {data.image_shape[0]}×{data.image_shape[1]} pixels, the size of the data's.")
    if fitted.shapes[-1] != recipe.network.shapes[-1]:
        log(f"The network ends in {fitted.layers[-1]}: one logit per class of {run.source.name}.")
    if run.teacher is not None:
        log(f"Taught by {run.teacher.path}.{_known_to(run.teacher.model, run)}")


def _known_to(teacher: "Model", run: "Run") -> str:
    """A sentence where the teacher learnt from validation images, which are then a poor test of its pupil."""
    from inkling.provenance import leakage_note

    known = leakage_note(teacher, run.source, run.parts.validation) if run.parts.validation is not None else ""
    return f" The validation images are no test of it{known}." if "NOT unseen" in known else ""


def _watch(run: "Run", workers: int | None) -> None:
    from inkling.cli.progress import follow

    for _ in follow(run.train(workers), run.recipe.epochs, start=run.state.epoch):
        pass


def _conclude(run: "Run", json: bool) -> None:
    """Draw the plots, then print where the files are and what to do next."""
    from inkling.runs.pictures import draw

    guessing = math.log(run.recipe.network.shapes[-1][0])  # nats: the loss where all classes are equally probable
    if run.state.history[-1]["training_loss"] > guessing:
        complain(f"The loss is worse than guessing ({guessing:.2f}): try a lower learning rate, --lr.")
    log("Drawing the plots.")
    try:
        plots = f"{', '.join(draw(run))} as .png and .svg"
    except MissingExtraError as error:
        plots = f"none: {error}"
    epoch = run.state.chosen(run.recipe)[1]
    final = run.state.history[epoch - 1]
    if json:
        print_json({"run": str(run.folder), "recipe": run.recipe.name, **final})
        return
    part = "validation" if "validation_accuracy" in final else "training"
    print(
        f"{part.capitalize()} accuracy {100 * final[f'{part}_accuracy']:.2f} % after epoch {epoch}, "
        f"{run.state.history[-1]['seconds']:.1f} s of training.\n"
        f"  run folder  {run.folder}\n"
        f"  model       {run.folder / 'model.safetensors'}\n"
        f"  plots       {plots}\n"
        f"Next: {_next(run)}"
    )


def _next(run: "Run") -> str:
    """The command that evaluates the model, on the run's own source where that has images it did not learn from."""
    from inkling.provenance import unseen

    command = f"inkling evaluate {run.folder}"
    try:
        unseen(run.model(), run.source)
    except DataError:
        return f"{command} --data SOURCE, on images that it did not learn from"
    return command
