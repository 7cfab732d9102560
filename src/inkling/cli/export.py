"""`inkling export`: a model in the form that other tools take."""

from pathlib import Path
from typing import Annotated

import typer

from inkling.cli.console import report_errors
from inkling.cli.outputs import Kind, check_output
from inkling.errors import printable

WEB_PAGE = Kind("a web page", (".html", ".htm"))

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Write a model in the form that other tools take.")


@app.callback()
def export() -> None:
    """Write a model in the form that other tools take."""


@app.command()
@report_errors
def page(
    model: Annotated[
        Path, typer.Argument(metavar="MODEL", help="Model file, run folder, or bundled model: reader, tiny.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE.html", help="Web page to write.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the page.")] = False,
) -> None:
    """Write one HTML file in which the model reads what is drawn.

    The file opens in a browser by double click, without Python and without a network. It shows the network inside,
    forward and backward.
    """
    check_output(output, WEB_PAGE, force, models=[model])
    from inkling.export.page import export_page, require_page_model
    from inkling.model import load, model_file
    from inkling.model_names import model_name
    from inkling.nn import chain, layers
    from inkling.storage import write_atomically

    loaded = load(model)
    kinds = {type(visit.layer).__name__ for visit in chain.walk(loaded.network.layers, loaded.network.input_shape)}
    require_page_model(sorted(kinds - {*layers.__all__}), loaded.network.input_shape[:2])
    content = export_page(model_file(model).read_bytes(), model_name(model))
    write_atomically(output, content)
    print(f"A page of {len(content.encode()) / 1e6:.2f} MB: {printable(output)}\nOpen it in a browser.")
