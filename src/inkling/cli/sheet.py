"""`inkling sheet`: a page to print and fill in with digits by hand, and filled-in ones read back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import report_errors
from inkling.cli.outputs import SHEET, check_new_folder, check_output
from inkling.errors import UsageError, printable

if TYPE_CHECKING:
    from inkling.data import Dataset

FORMATS = {".pdf": "PDF", ".png": "PNG"}  # of the page to print, by the ending of the file's name

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Make a page to fill in with digits by hand, or read it back."
)


@app.callback()
def sheet() -> None:
    """Make a page to fill in with digits by hand, or read filled-in ones back."""


@app.command()
@report_errors
def make(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="PDF or PNG to write.")] = Path(
        "sheet.pdf"
    ),
    paper: Annotated[str, typer.Option(metavar="a4|letter", help="The size of the paper.")] = "a4",
    force: Annotated[bool, typer.Option("--force", help="Replace the output file.")] = False,
) -> None:
    """Make a page to print, with a row of twelve cells for each digit."""
    from inkling.sheet import PAPERS, draw_page
    from inkling.storage import write_atomically

    if paper.lower() not in PAPERS:
        raise UsageError(f"--paper {paper}: expected {' or '.join(PAPERS)}")
    check_output(output, SHEET, force)
    write_atomically(output, draw_page(paper.lower(), FORMATS[output.suffix.lower()]))
    print(
        f"A sheet for 12 of each digit: {printable(output)}\n"
        "Print it at its own size, fill it in, and scan it or take a photo of all of it.\n"
        "Next: inkling adapt SCAN.png"
    )


@app.command()
@report_errors
def read(
    scans: Annotated[list[Path], typer.Argument(metavar="SCAN...", help="Scans or photos of filled-in sheets.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="New or empty folder for the digits.")
    ] = Path("handwriting"),
) -> None:
    """Read filled-in pages into a folder of pictures.

    The folder gets one folder per digit, with a PNG of 28×28 for each filled-in cell.
    """
    check_new_folder(output, "what a sheet holds")
    from inkling.sheet import read_sheet
    from inkling.storage import require_new_folder

    require_new_folder(output)
    pages = [(scan, read_sheet(scan)) for scan in scans]  # All pages are read before anything is written.
    for number, (scan, digits) in enumerate(pages, 1):
        _save(digits, output, f"{number}-{scan.stem}")
        print(f"{printable(scan)}: {len(digits)} digits")
    folder = printable(output)
    print(f"Look through them in {folder}, delete what is no good. Next: inkling adapt {folder}")


def _save(digits: "Dataset", folder: Path, prefix: str) -> None:
    """One PNG of 28×28 per digit, named after its place in its row of cells, in the folder of its digit."""
    from PIL import Image

    from inkling.sheet import CELLS_PER_DIGIT

    assert digits.labels is not None
    for image, label, cell in zip(digits.images, digits.labels, digits.rows, strict=True):
        (folder / str(label)).mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(folder / str(label) / f"{prefix}-{cell % CELLS_PER_DIGIT + 1:02d}.png")
