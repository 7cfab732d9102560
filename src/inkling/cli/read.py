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

# Options that have other names than the arguments of Plausible that they give.
_LIMITS = {
    "minimum": "--min",
    "maximum": "--max",
    "previous": "--previous",
    "max_step": "--max-step",
}


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
            help="A digit with a confidence below P, a fraction from 0 to 1, becomes '?'.  [default: 0.7, or 0.5 in a "
            "line of several]",
        ),
    ] = None,
    pattern: Annotated[
        str | None,
        typer.Option(
            "--pattern",
            metavar="REGEX",
            help=r"The number matches this pattern of digits, such as '\d{8}' or '20\d\d'.",
        ),
    ] = None,
    minimum: Annotated[int | None, typer.Option("--min", metavar="N", help="The number is no less than N.")] = None,
    maximum: Annotated[int | None, typer.Option("--max", metavar="N", help="The number is no more than N.")] = None,
    previous: Annotated[
        str | None,
        typer.Option("--previous", metavar="N", help="What the meter showed before, with its zeros: 00042."),
    ] = None,
    max_step: Annotated[
        int | None, typer.Option("--max-step", metavar="N", help="The most that it has moved since --previous.")
    ] = None,
    alternatives: Annotated[
        int,
        typer.Option(
            "--alternatives",
            metavar="K",
            min=0,
            help="Print K numbers that each line may be, with their probabilities.",
        ),
    ] = 0,
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
        _require_fields_say_how(
            single=single,
            digits=digits,
            lines=lines,
            min_confidence=min_confidence,
            pattern=pattern,
            min=minimum,
            max=maximum,
            previous=previous,
            max_step=max_step,
        )
        if alternatives:
            raise UsageError("--alternatives is not for a template: leave out one of them")
        from inkling.cli.forms import read_forms

        read_forms(images, template, model, json, show, force)
        return
    found = find_images(images)
    targets = targets_of(show, found, force) if show else {}
    from inkling import reading
    from inkling.ink import open_picture
    from inkling.model import load
    from inkling.reading.plausibility import plausible_of

    trained = load(model) if model else None
    limits = {"pattern": pattern, "minimum": minimum, "maximum": maximum, "previous": previous, "max_step": max_step}
    plausible = plausible_of(limits, _LIMITS)

    def read_one(source: "str | BinaryIO | bytes", name: str) -> "Reading":
        """What is written in a picture; it is drawn, too, where there is a target."""
        picture = open_picture(source, name)
        result = reading.read(
            picture,
            model=trained,
            single=single,
            digits=digits,
            lines=lines,
            min_confidence=min_confidence,
            plausible=plausible,
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
                _print_alternatives(result, alternatives)
        done.append(result)
    if json:
        print_json([each.to_dict() if isinstance(each, Failure) else each.to_dict(alternatives) for each in done])
    if any(isinstance(each, Failure) or not each.digits or reading.is_incomplete(each) for each in done):
        sys.stdout.flush()
        raise typer.Exit(DataError.exit_code)


def _require_fields_say_how(**given: object) -> None:
    """UsageError where an option is given that a template has per field."""
    for key, value in given.items():
        if value is not None and value is not False:
            option = f"--{key.replace('_', '-')}"
            raise UsageError(f"{option} is not for a template: write {key} below the fields that it is meant for")


def _print_alternatives(reading: "Reading", count: int) -> None:
    """The numbers that each line may be, with their probabilities, below a heading where there are several lines."""
    lines = reading.alternatives(count)
    for number, texts in enumerate(lines, 1):
        if texts and len(lines) > 1:
            print(f"  line {number}", flush=True)
        for text, probability in texts:
            print(f"  {text}  {probability:.4f}", flush=True)


def _line(reading: "Reading") -> str:
    """File and number; the lines of a picture stand side by side."""
    return f"{printable(reading.name)}: {reading.one_line}".rstrip()
