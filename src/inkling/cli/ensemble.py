"""`inkling ensemble`: several models made one, which answers with the mean of their logits."""

from pathlib import Path
from typing import Annotated

import typer

from inkling.cli.console import refuse_to_overwrite


def ensemble(
    models: Annotated[
        list[Path],
        typer.Argument(
            metavar="MODEL MODEL...", help="Model files, run folders, or reader, tiny: those that come along."
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE.safetensors", help="Model file to write.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """Make one model of several, which averages their logits.

    Its file tells `evaluate` what any of the models learnt from.
    """
    from inkling.ensembles import ensemble as together
    from inkling.model import load

    refuse_to_overwrite(output, force)
    model = together([load(path) for path in models])
    model.save(output)
    print(
        f"An ensemble of {len(models)} models, {model.params.layout.size:,} parameters: {output}\n"
        f"Next: inkling evaluate {output}"
    )
