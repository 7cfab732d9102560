"""`inkling read`: the numbers that are written in pictures."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from inkling.cli.console import Quiet, print_json, require_fraction
from inkling.cli.images import STDIN, Failure, find_images, targets_of, write_drawing
from inkling.cli.in_turn import read_in_turn, told
from inkling.errors import DataError, UsageError, printable

if TYPE_CHECKING:
    from inkling.reading import Reading


def read(
    images: Annotated[
        list[str],
        typer.Argument(
            metavar="IMAGE...", help="Pictures, folders of pictures, patterns such as '*.png', or - for stdin."
        ),
    ],
    single: Annotated[bool, typer.Option("--single", help="There is exactly one digit per picture.")] = False,
    digits: Annotated[
        int | None, typer.Option("--digits", "-n", metavar="N", min=1, help="The number of digits per line.")
    ] = None,
    lines: Annotated[bool, typer.Option("--lines", help="There may be several lines of digits.")] = False,
    min_confidence: Annotated[
        float | None,
        typer.Option(
            "--min-confidence",
            metavar="P",
            help="A digit with a confidence below P, a fraction from 0 to 1, becomes '?'.  [default: 0.7, or 0.1 in a "
            "line of several]",
        ),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(
            "--model",
            metavar="MODEL",
            help="Model file, run folder, or bundled model: reader, tiny.  [default: reader]",
        ),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(
            "--template",
            metavar="TOML",
            help="Read the fields that a template names: a table in CSV, or --json. `inkling template new` makes one.",
        ),
    ] = None,
    quiet: Quiet = False,
    json: Annotated[bool, typer.Option("--json", help="Print a list with one record per picture.")] = False,
    show: Annotated[
        Path | None,
        typer.Option(
            "--show",
            metavar="OUT",
            help="Draw what was read, to OUT.png; drawings of several pictures go to the folder OUT.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace drawings of an earlier --show.")] = False,
) -> None:
    """Read the numbers in drawings, scans and photos.

    A digit with too little confidence is "?", as in "12?4". One picture gives the number alone; several pictures give
    one line "file: number" per picture. Warnings go to stderr.
    """
    require_fraction("--min-confidence", min_confidence)
    if template is not None:
        _require_fields_say_how(single, digits, lines, min_confidence)
        from inkling.cli.forms import read_forms

        read_forms(images, template, model, json, show, force)
        return
    found = find_images(images)
    targets = targets_of(show, found, force) if show else {}
    from inkling import reading
    from inkling.ink import open_picture
    from inkling.model import load

    trained = load(model) if model else None

    def read_one(source: "str | BinaryIO | bytes", name: str) -> "Reading":
        """What is written in a picture; it is drawn, too, where there is a target."""
        picture = open_picture(source, name)
        result = reading.read(
            picture, model=trained, single=single, digits=digits, lines=lines, min_confidence=min_confidence
        )
        if target := targets.get(source if isinstance(source, str) else STDIN):
            from inkling.reading.show import draw

            write_drawing(target, draw(picture, result))
        return result

    done = []
    for result in read_in_turn(found, read_one, not json):
        if not isinstance(result, Failure):
            told(result.name, result.all_warnings)
            if not json:
                print(result.text if len(found) == 1 and found == images else _line(result), flush=True)
        done.append(result)
    if json:
        print_json([result.to_dict() for result in done])
    if any(isinstance(each, Failure) or not each.digits or reading.is_incomplete(each) for each in done):
        sys.stdout.flush()
        raise typer.Exit(DataError.exit_code)


def _require_fields_say_how(single: bool, digits: int | None, lines: bool, min_confidence: float | None) -> None:
    """UsageError where an option is given that a template has per field."""
    given = {"--single": single, "--digits": digits, "--lines": lines, "--min-confidence": min_confidence is not None}
    for option, value in given.items():
        if value:
            key = option.removeprefix("--").replace("-", "_")
            raise UsageError(f"{option} is not for a template: write {key} below the fields that it is meant for")


def _line(reading: "Reading") -> str:
    """File and number; the lines of a picture stand side by side."""
    return f"{printable(reading.name)}: {reading.one_line}".rstrip()
