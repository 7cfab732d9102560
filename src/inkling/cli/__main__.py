"""The `inkling` command and its verbs. A verb imports what is heavy when it runs."""

import io
import sys
from typing import Annotated

import typer

import inkling
from inkling.cli.adapt import adapt
from inkling.cli.console import report_errors
from inkling.cli.cv import cv
from inkling.cli.data import app as data_app
from inkling.cli.ensemble import app as ensemble_app
from inkling.cli.evaluate import evaluate
from inkling.cli.export import app as export_app
from inkling.cli.import_weights import import_
from inkling.cli.learn import app as learn_app
from inkling.cli.predict import predict
from inkling.cli.read import read
from inkling.cli.recipes import recipes
from inkling.cli.reproduce import reproduce
from inkling.cli.runs import runs
from inkling.cli.score import score
from inkling.cli.serve import serve
from inkling.cli.sheet import app as sheet_app
from inkling.cli.streams import escape_stderr, open_closed_streams
from inkling.cli.submit import submit
from inkling.cli.sweep import sweep
from inkling.cli.template import app as template_app
from inkling.cli.train import train

app = typer.Typer(
    name="inkling",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(report_errors(read))
app.command(context_settings={"allow_extra_args": True})(report_errors(train))  # train says what was meant by them
for verb in (runs, evaluate, predict, submit, score, cv, sweep, recipes, reproduce, adapt, serve):
    app.command()(report_errors(verb))
app.add_typer(ensemble_app, name="ensemble")
app.add_typer(data_app, name="data")
app.add_typer(template_app, name="template")
app.add_typer(sheet_app, name="sheet")
app.add_typer(export_app, name="export")
app.add_typer(learn_app, name="learn")
app.command(name="import")(report_errors(import_))


def _version(wanted: bool) -> None:
    if wanted:
        print(f"inkling {inkling.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Handwritten-digit recognition with neural networks written from scratch in NumPy.

    Exit codes: 0 done, 1 failure, 2 wrong usage, 3 data missing or corrupt, 4 below --fail-under, 130 interrupted,
    143 ended by SIGTERM, 129 by SIGHUP.

    Variables: INKLING_DATA names the folder where mnist and kaggle are looked for; it is not the variable of --data.
    Where an option has a variable, its help says so.
    """


def main() -> None:
    open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an encoding without "·" prints "?" instead of failing
    escape_stderr()
    app()


if __name__ == "__main__":
    main()
