"""`inkling export page`: a web page with a model in it."""

from pathlib import Path
from typing import Annotated

import typer

from inkling.cli.console import Quiet
from inkling.cli.export.arguments import Force, ModelPath
from inkling.cli.outputs import Kind, check_output
from inkling.errors import printable

WEB_PAGE = Kind("a web page", (".html", ".htm"))


def page(
    model: ModelPath,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE.html", help="Web page to write.")],
    force: Force = False,
    quiet: Quiet = False,
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
