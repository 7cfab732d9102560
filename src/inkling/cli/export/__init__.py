"""`inkling export`: a model in the form that other tools take; one file per format."""

import typer

from inkling.cli.console import report_errors
from inkling.cli.export import c, numpy, onnx, page, torch

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Write a model in the form that other tools take.")


@app.callback()
def export() -> None:
    """Write a model in the form that other tools take."""


for form in (page.page, onnx.onnx, c.c, torch.torch, numpy.numpy):
    app.command()(report_errors(form))
