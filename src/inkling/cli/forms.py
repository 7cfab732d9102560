"""`inkling read --template`: the fields of forms and meters, one row of a table per picture."""

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import typer

from inkling.cli.console import print_json
from inkling.cli.images import STDIN, Failure, find_images, targets_of, write_drawing
from inkling.cli.in_turn import read_in_turn, told
from inkling.cli.streams import print_file
from inkling.errors import DataError, printable

if TYPE_CHECKING:
    from inkling.reading.forms import FormReading


def read_forms(
    images: Sequence[str], template: Path, model: Path | None, json: bool, show: Path | None, force: bool
) -> None:
    """Read the fields of every picture; the exit code is 3 where a picture was not read, or not as a whole."""
    from inkling.reading.forms import load_template

    form = load_template(template)  # Its mistakes are told before a folder is searched.
    found = find_images(images)
    targets = targets_of(show, found, force) if show else {}
    from inkling.ink import open_original
    from inkling.model import load
    from inkling.reading.forms import read_form

    trained = load(model) if model else None

    def read_one(source: "str | BinaryIO | bytes", name: str) -> "FormReading":
        original = open_original(source, name)
        result = read_form(original, form, model=trained)
        if target := targets.get(source if isinstance(source, str) else STDIN):
            from inkling.reading.forms.show import draw_form

            write_drawing(target, draw_form(original.whole(), result))
        return result

    done = []
    if not json:
        _print_row(_header(form.fields))
    for result in read_in_turn(found, read_one, not json):
        if not isinstance(result, Failure):
            told(result.name, result.all_warnings)
        if not json:
            _print_row(_row(result, form.fields))
        done.append(result)
    if json:
        print_json([result.to_dict() for result in done])
    if not all(map(_is_whole, done)):
        sys.stdout.flush()
        raise typer.Exit(DataError.exit_code)


def _is_whole(result: "FormReading | Failure") -> bool:
    """Whether a picture was read: something was found in one of its fields at least, and no field has too much ink."""
    from inkling.reading import is_incomplete

    if isinstance(result, Failure):
        return False
    readings = result.values()
    return any(reading.digits for reading in readings) and not any(map(is_incomplete, readings))


def _header(names: Iterable[str]) -> list[str]:
    from inkling.reading.forms.template import CONFIDENCE_SUFFIX

    return ["file", *names, *(f"{name}{CONFIDENCE_SUFFIX}" for name in names), "warnings"]


def _row(result: "FormReading | Failure", names: Iterable[str]) -> list[str]:
    """File, texts, confidences and warnings; of a picture that was not read, its error in place of warnings."""
    if isinstance(result, Failure):
        return [printable(result.file), *("" for _ in names), *("" for _ in names), f"error: {result.error}"]
    confidences = [result[name].confidence for name in names]
    return [
        printable(result.name),
        *(result[name].one_line for name in names),
        *("" if each is None else f"{each:.4f}" for each in confidences),
        "; ".join(result.all_warnings),
    ]


def _print_row(cells: Sequence[str]) -> None:
    """A row of the table, as soon as there is one."""
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\n").writerow(cells)
    print_file(line.getvalue())
    sys.stdout.flush()
