"""`inkling ensemble train`: a recipe is trained from several seeds, and its models become one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import Quiet, log
from inkling.cli.ensemble.models import write
from inkling.cli.outputs import MODEL, check_output
from inkling.cli.workers import Cluster, Processes, going_on

if TYPE_CHECKING:
    from inkling.cluster.members import Member


def train(
    recipe: Annotated[str, typer.Argument(metavar="RECIPE", help="Recipe of all members: a name or a FILE.toml.")],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE.safetensors",
            help="Model file to write. The runs of the members go into a folder beside it, called FILE.",
        ),
    ],
    members: Annotated[int, typer.Option("--members", metavar="N", min=2, help="Models to train.")] = 5,
    data: Annotated[
        str, typer.Option("--data", metavar="SOURCE", help="Data to train on: any source that train takes.")
    ] = "auto",
    force: Annotated[bool, typer.Option("--force", help="Replace the model file.")] = False,
    cluster: Cluster = None,
    workers: Processes = None,
    quiet: Quiet = False,
) -> None:
    """Train a recipe from several seeds, and make one model of all.

    The seeds are that of the recipe and those after it. Every training is a run on one core. What was interrupted goes
    on when the same command is given again; more --members add to those that are there.
    """
    check_output(output, MODEL, force, sources=[data])
    from inkling.cluster.members import Members, joined
    from inkling.cluster.workers import open_workers
    from inkling.recipes import load_recipe

    folder = output.resolve().with_suffix("")
    found: list[Member] = []
    with going_on(), Members.open(folder, load_recipe(recipe), data) as work:
        log(f"{members} trainings of {work.recipe.name} on {work.fits.source.name}, in {folder}.")
        with open_workers(cluster, workers) as there:
            for member in work.train(there, members):
                found.append(member)
                log(f"{len(found)}/{members}  seed {member.seed}: {_described(member)}")
        write(joined(found), members, output)


def _described(member: "Member") -> str:
    part = "validation" if "validation_accuracy" in member.run.figures else "training"
    return f"{part} accuracy {100 * member.run.figures[f'{part}_accuracy']:.2f} %"
