"""`inkling read`: the numbers that are written in pictures."""

import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from inkling.cli.console import Quiet, complain, print_json, require_fraction
from inkling.cli.images import STDIN, Failure, find_images, targets_of
from inkling.cli.progress import while_waiting
from inkling.errors import DataError, printable

if TYPE_CHECKING:
    from inkling.ink import Picture
    from inkling.reading import Reading

MIN_PICTURES_FOR_PROGRESS = 21  # Fewer pictures are read before anybody asks how far it is.


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
    found = find_images(images)
    targets = targets_of(show, found, force) if show else {}
    from inkling import reading
    from inkling.model import load

    recognise = partial(
        reading.read,
        model=load(model) if model else None,
        single=single,
        digits=digits,
        lines=lines,
        min_confidence=min_confidence,
    )
    results: Iterable[Reading | Failure] = (_read(image, recognise, targets.get(image)) for image in found)
    if len(found) >= MIN_PICTURES_FOR_PROGRESS and sys.stderr.isatty() and (json or not sys.stdout.isatty()):
        results = while_waiting(results, len(found))
    done = []
    for result in results:
        _warn(result)
        if not (json or isinstance(result, Failure)):
            print(result.text if len(found) == 1 and found == images else _line(result), flush=True)
        done.append(result)
    if json:
        print_json([result.to_dict() for result in done])
    if any(
        isinstance(result, Failure) or not result.digits or reading.INCOMPLETE & {*result.warnings} for result in done
    ):
        sys.stdout.flush()
        raise typer.Exit(DataError.exit_code)


def _read(image: str | Failure, recognise: "Callable[[Picture], Reading]", target: Path | None) -> "Reading | Failure":
    """What is written in a picture; it is drawn, too, where there is a target."""
    if isinstance(image, Failure):
        return image
    from inkling.ink import open_picture

    name = "standard input" if image == STDIN else image
    try:
        picture = open_picture(_stdin() if image == STDIN else image, name)
        reading = recognise(picture)
    except DataError as error:
        return Failure(name, str(error).removeprefix(f"{name}: "))
    if target is not None:
        from inkling.reading.show import draw
        from inkling.storage import write_atomically

        target.parent.mkdir(exist_ok=True)
        write_atomically(target, draw(picture, reading))
    return reading


def _stdin() -> "BinaryIO | bytes":
    return sys.stdin.buffer if sys.stdin else b""  # A process may be started without stdin.


def _warn(result: "Reading | Failure") -> None:
    if isinstance(result, Failure):
        complain(f"inkling: {result}")
    elif result.all_warnings:
        complain(f"{result.name}: {', '.join(result.all_warnings)}")


def _line(reading: "Reading") -> str:
    """File and number; the lines of a picture stand side by side."""
    return f"{printable(reading.name)}: {' '.join(reading.text.split())}".rstrip()
