"""`inkling sheet`: a page to fill in with digits by hand, and filled-in ones read back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import refuse_to_overwrite
from inkling.errors import UsageError

if TYPE_CHECKING:
    from inkling.data import Dataset

FORMS = {".pdf": "PDF", ".png": "PNG"}


def sheet(
    scans: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[SCAN...]", help="Scans or photos of filled-in sheets, to read back."),
    ] = None,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE|DIR", help="PDF or PNG to write; for scans, a new folder."),
    ] = Path("sheet.pdf"),
    paper: Annotated[str, typer.Option(help="a4 or letter.")] = "a4",
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """Make a page to fill in by hand, or read filled-in ones.

    What is read goes into a folder of pictures for each digit.
    """
    if scans:
        _read(scans, output)
    else:
        _draw(output, paper, force)


def _draw(output: Path, paper: str, force: bool) -> None:
    from inkling.sheet import PAPERS, draw_page
    from inkling.storage import write_atomically

    form = FORMS.get(output.suffix.lower())
    if form is None:
        raise UsageError(f"{output}: a sheet is a .pdf or .png: give it such a name with -o")
    if paper.lower() not in PAPERS:
        raise UsageError(f"--paper {paper}: expected {' or '.join(PAPERS)}")
    refuse_to_overwrite(output, force)
    write_atomically(output, draw_page(paper.lower(), form))
    print(
        f"A sheet for 12 of each digit: {output}\n"
        "Print it at its own size, fill it in, and scan it or take a photo of all of it.\n"
        "Next: inkling adapt SCAN.png"
    )


def _read(scans: list[Path], folder: Path) -> None:
    from inkling.sheet import read_sheet

    if folder.suffix.lower() in FORMS:
        raise UsageError(f"what is read goes into a folder, not into {folder}: give the name of a new one with -o")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is no new or empty folder: give another with -o")
    sheets = [(scan, read_sheet(scan)) for scan in scans]  # before anything is written
    for number, (scan, digits) in enumerate(sheets, 1):
        _save(digits, folder, f"{number}-{scan.stem}")
        print(f"{scan}: {len(digits)} digits")
    print(f"Look through them in {folder}, delete what is no good. Next: inkling adapt {folder}")


def _save(digits: "Dataset", folder: Path, prefix: str) -> None:
    """A PNG of 28×28 a digit, named after its cell, in the folder of its digit."""
    from PIL import Image

    assert digits.labels is not None
    for image, label, place in zip(digits.images, digits.labels, digits.rows, strict=True):
        (folder / str(label)).mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(folder / str(label) / f"{prefix}-{place % 12 + 1:02d}.png")
