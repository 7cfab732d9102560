"""`inkling import`: weights that PyTorch or Keras trained become a model."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import Quiet, log
from inkling.cli.outputs import MODEL, check_output
from inkling.errors import UsageError, printable

if TYPE_CHECKING:
    from inkling.importing.standardization import Standardization

_LIBRARIES = {"torch": "PyTorch", "keras": "Keras"}


def import_(
    weights: Annotated[
        Path, typer.Argument(metavar="FILE.safetensors", help="Weights that were saved by safetensors.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE.safetensors", help="Model file to write.")],
    recipe: Annotated[
        str | None,
        typer.Option(
            "--recipe",
            "-r",
            help="The layers: a bundled recipe, or a FILE.toml of your own.  [default: those that the file tells]",
        ),
    ] = None,
    mean: Annotated[
        float | None, typer.Option("--mean", help="Pixels of 0-1 were brought to (x - mean) / std in training.")
    ] = None,
    std: Annotated[float | None, typer.Option("--std", help="See --mean.")] = None,
    classes: Annotated[
        str | None,
        typer.Option(
            "--classes",
            metavar="A,B,…",
            help="Names of the classes.  [default: those that the file tells, or 0, 1, …]",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the model file.")] = False,
    quiet: Quiet = False,
) -> None:
    """Make a model of weights from PyTorch, Keras or an export.

    The recipe tells the layers; a file that inkling export torch wrote tells them itself. Arrays find their layers by
    their names and shapes. Nobody knows which images other weights were trained on, and inkling evaluate says so.
    """
    check_output(output, MODEL, force, models=[weights])
    standardization = _standardization(mean, std)
    from inkling.importing import import_weights
    from inkling.recipes import load_recipe

    names = () if classes is None else tuple(name.strip() for name in classes.split(","))
    found = import_weights(weights, None if recipe is None else load_recipe(recipe), names, standardization)
    for module, place in found.layers.items():
        log(f"layer {place.path}, {place.layer}, takes {module or 'the arrays of the file'}")
    found.model.save(output)
    size, origin = found.model.params.layout.size, "Inkling" if found.state != "foreign" else _LIBRARIES[found.library]
    print(f"A model of {size:,} parameters from {origin}: {printable(output)}")
    if found.state == "exported":
        temperature = found.model.temperature
        its_own = "" if temperature == 1 else f", with its temperature, {temperature:g}"
        print(f"It is the model that was exported{its_own}.")
        return
    if found.state == "changed":
        print("Its weights are others than those exported: its temperature is 1, and what it learnt from is not known.")
    elif standardization is None:
        print("The weights do not tell how pixels were scaled.")
    print(f"Judge it: inkling evaluate {printable(output)} --data SOURCE")


def _standardization(mean: float | None, std: float | None) -> "Standardization | None":
    if (mean is None) != (std is None):
        raise UsageError("--mean and --std belong together: give both, or none if the network took pixels of 0-1")
    from inkling.importing.standardization import Standardization

    return None if mean is None or std is None else Standardization(mean, std)
