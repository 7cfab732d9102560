"""`inkling data`: look at data before training on it."""

from typing import Annotated, Any

import typer

from inkling.cli.face import face, print_json

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look at data before training on it.")


@app.callback()
def data() -> None:
    """Look at data before training on it."""


@app.command()
@face
def info(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="auto, mnist, digits, kaggle, or a path.")],
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Say what a source holds: images, digits, grey levels, duplicates, and test images that leaked."""
    from inkling.data import describe, load

    found = load(source)
    description = describe(found)
    if json:
        print_json(description.to_dict())
        return
    print(found.name)
    for note in found.notes:
        print(f"  {note}")
    record = description.to_dict()
    for name, part in record["parts"].items():
        _print_part(name, part)


def _print_part(name: str, part: dict[str, Any]) -> None:
    print(f"{name}")
    for key, value in part.items():
        print(f"  {key.replace('_', ' '):24} {value}")
