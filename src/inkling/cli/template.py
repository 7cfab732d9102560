"""`inkling template`: templates of forms and meters, for `inkling read --template`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import report_errors
from inkling.cli.in_turn import source_of
from inkling.cli.outputs import PICTURE, TEMPLATE, check_output
from inkling.errors import DataError, printable

if TYPE_CHECKING:
    from inkling.reading.forms import Proposal

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Make a template, which names the fields of a form or meter."
)


@app.callback()
def template() -> None:
    """Make a template, which names the fields of a form or meter."""


@app.command()
@report_errors
def new(
    photo: Annotated[
        str, typer.Argument(metavar="PHOTO", help="A filled-in form, or a meter: any picture, or - for stdin.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="TOML to write.")] = Path("form.toml"),
    picture: Annotated[
        bool, typer.Option("--picture", help="Draw the fields on the photo, too: form.png beside form.toml.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the output files.")] = False,
) -> None:
    """Make a template of a photo, to be edited.

    Each group of digits that is found becomes a field: field-1, field-2 and so on. Rename the fields, move their boxes
    and say what their numbers look like; then read pictures of the same kind with `inkling read --template`.
    """
    drawing = output.with_suffix(".png")
    check_output(output, TEMPLATE, force, sources=[photo])
    if picture:
        check_output(drawing, PICTURE, force, sources=[photo])
    from inkling.ink import open_picture
    from inkling.reading.forms import propose, template_text
    from inkling.reading.forms.show import draw_fields
    from inkling.storage import write_atomically

    opened = open_picture(*source_of(photo))
    found = propose(opened)
    if not found:
        raise DataError(f"{printable(opened.name)}: numbers to make fields of were expected, and none were found")
    write_atomically(output, template_text(found, Path(opened.name).name, opened.size))
    if picture:
        write_atomically(drawing, draw_fields(opened, _named(found)))
    print(
        f"A template of {len(found)} {'field' if len(found) == 1 else 'fields'}: {printable(output)}"
        + (f", drawn in {printable(drawing)}" if picture else "")
        + f"\nNext: edit it, then inkling read --template {printable(output)} PICTURES"
    )


def _named(found: "list[Proposal]") -> "dict[str, tuple[int, int, int, int]]":
    from inkling.reading.forms import field_names

    return {name: each.box for name, each in zip(field_names(found), found, strict=True)}
