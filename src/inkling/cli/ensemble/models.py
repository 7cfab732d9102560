"""`inkling ensemble models`: one model made of several, whose logits are the mean of theirs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.outputs import MODEL, check_output
from inkling.errors import printable

if TYPE_CHECKING:
    from inkling.model import Model


def models(
    names: Annotated[
        list[Path],
        typer.Argument(
            metavar="MODEL MODEL...", help="Model files, run folders, or the names of bundled models: reader, tiny."
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE.safetensors", help="Model file to write.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the model file.")] = False,
) -> None:
    """Make one model of several, which averages their logits.

    The models have the same classes. The file tells `inkling evaluate` which images any of them learnt from.
    """
    check_output(output, MODEL, force, models=names)
    from inkling.ensembles import ensemble
    from inkling.model import load

    write(ensemble([load(path) for path in names]), len(names), output)


def write(model: "Model", count: int, output: Path) -> None:
    """Write an ensemble of so many models, and say what to do next."""
    model.save(output)
    print(
        f"An ensemble of {count} models, {model.params.layout.size:,} parameters: {printable(output)}\n"
        f"Next: inkling evaluate {printable(output)}"
    )
