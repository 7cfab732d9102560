"""`inkling train`: from data and a recipe to a run folder with the model, its history and its pictures."""

import datetime
import itertools
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import INTERRUPTED, log, print_json
from inkling.errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    from inkling.model import Model
    from inkling.runs.run import Run

GUESSING = math.log(10)  # nats: the loss of a tenth for every digit


def train(
    context: typer.Context,
    recipe: Annotated[
        str | None,
        typer.Option(
            "--recipe",
            "-r",
            envvar="INKLING_RECIPE",
            metavar="NAME|FILE.toml",
            help="See `inkling recipes`.  [default: adam-256-128-64]",
        ),
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE",
            help="auto, mnist, digits, kaggle, or a path.  [default: auto, MNIST if at hand, else the embedded digits]",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FOLDER", help="Run folder.  [default: runs/TIME-RECIPE]")
    ] = None,
    epochs: Annotated[int | None, typer.Option(envvar="INKLING_EPOCHS", help="Override the recipe's epochs.")] = None,
    batch_size: Annotated[int | None, typer.Option(envvar="INKLING_BATCH_SIZE", help="Images a step.")] = None,
    lr: Annotated[float | None, typer.Option(envvar="INKLING_LR", help="Peak learning rate.")] = None,
    seed: Annotated[int | None, typer.Option(envvar="INKLING_SEED", help="Seed of all randomness.")] = None,
    test: Annotated[
        str | None,
        typer.Option(metavar="SOURCE", help="Draw this source's test cost in the curves; it chooses nothing."),
    ] = None,
    teacher: Annotated[
        Path | None,
        typer.Option(metavar="MODEL", help="Learn what this model makes of each image, as augmented, not the label."),
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(metavar="RUN", help="Go on with an interrupted run, to the same bits.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Train a network and write a run folder: model, history, recipe, plots."""
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
        _watch(run)
    except KeyboardInterrupt:
        log(f"\nStopped after epoch {run.state.epoch}. To go on: inkling train --resume {run.folder}")
        raise typer.Exit(INTERRUPTED) from None
    _conclude(run, json)


def _refuse_settings(context: typer.Context) -> None:
    """UsageError for flags that would change a run gone on with; the environment's settings are for new runs only."""
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
    from inkling.recipes import load_recipe
    from inkling.runs.run import Run

    recipe = load_recipe(recipe_name or "adam-256-128-64").override(**overrides)
    if output is None:
        output = _fresh(Path("runs") / f"{datetime.datetime.now():%Y%m%d-%H%M%S}-{recipe.name}")
    run = Run.create(output, recipe, "auto" if data is None else data, test, teacher)
    for note in run.source.notes:
        log(note)
    held_out = f", {len(run.parts.validation):,} to validate on" if run.parts.validation is not None else ""
    log(f"Training {recipe.name} on {run.source.name}: {len(run.parts.training):,} images{held_out}.")
    if run.teacher is not None:
        log(f"Taught by {run.teacher.path}.{_known_to(run.teacher.model, run)}")
    return run


def _known_to(teacher: "Model", run: "Run") -> str:
    """A sentence where what the teacher learnt makes the validation images a poor test of its pupil."""
    from inkling.provenance import leakage_note

    known = leakage_note(teacher, run.source, run.parts.validation) if run.parts.validation is not None else ""
    return f" The validation images are no test of it{known}." if "NOT unseen" in known else ""


def _fresh(folder: Path) -> Path:
    """The folder, or where another run has it, the first of folder-2, folder-3 … that is free."""
    names = itertools.chain([folder.name], (f"{folder.name}-{n}" for n in itertools.count(2)))
    return next(folder.with_name(name) for name in names if not folder.with_name(name).exists())


def _watch(run: "Run") -> None:
    from inkling.cli.progress import follow

    for _ in follow(run.train(), run.recipe.epochs, start=run.state.epoch):
        pass


def _conclude(run: "Run", json: bool) -> None:
    """Draw the pictures, then say where things are and what to do next."""
    from inkling.runs.pictures import draw

    if run.state.history[-1]["training_loss"] > GUESSING:
        log(f"The loss is worse than guessing ({GUESSING:.2f}): try a lower learning rate, --lr.")
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
        f"Next: inkling evaluate {run.folder}"
    )
