"""`inkling data check`: what is wrong with data, before anything learns from them."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import Quiet, complain, log, print_json
from inkling.cli.outputs import PICTURE, REPORT, check_output
from inkling.cli.sources import load_source
from inkling.errors import UsageError

if TYPE_CHECKING:
    from inkling.inspection import Finding, Inspection

FOUND = 4  # exit code where something of a kind in --fail-on was found
_MOST = 10  # findings of a kind that are printed
_PER_ROW = 10  # images per row of a contact sheet
_ALL = "all"


def check(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE...", help="Data, as train takes them; copies are looked for across.")
    ],
    model: Annotated[
        Path | None,
        typer.Option(metavar="MODEL", help="Judge labels by this model.  [default: one trained per fold of the data]"),
    ] = None,
    recipe: Annotated[
        str | None,
        typer.Option(
            "--recipe", "-r", metavar="NAME|FILE.toml", help="Recipe of these models.  [default: sprint, if it fits]"
        ),
    ] = None,
    folds: Annotated[int, typer.Option(metavar="K", min=2, help="Folds, each judged by a model of the others.")] = 5,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write a page with the pictures of what was found.")
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option(metavar="FILE.png", help="Draw the images with doubtful labels, the surest first.")
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(metavar="KIND,...", help=f"Exit with code {FOUND} if anything of these kinds is found; or all."),
    ] = None,
    quiet: Quiet = False,
    json: Annotated[bool, typer.Option("--json", help="Print all findings as JSON.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the files to write.")] = False,
) -> None:
    """Look for copies, wrong labels and damaged images.

    Labels are judged by models that did not learn them, which are trained for that: some seconds per 10,000
    images. Kinds of findings: duplicates, near-duplicates, conflicts, labels, orientation, blank, inverted,
    off-centre, balance.
    """
    from inkling.inspection import KINDS, inspect, write_page

    failing = _kinds(fail_on, list(KINDS))
    for path, kind in ((report, REPORT), (sheet, PICTURE)):
        if path is not None:
            check_output(path, kind, force, models=[] if model is None else [model], sources=sources)
    if model is not None and recipe is not None:
        raise UsageError("--recipe is of the models that are trained: leave it out, or --model")
    from inkling.cli.models import load_classifier
    from inkling.recipes import load_recipe

    judge = None if model is None else load_classifier(model)
    training = None if recipe is None else load_recipe(recipe)
    loaded = [load_source(name) for name in sources]
    found = inspect(loaded, model=judge, recipe=training, folds=folds, on_step=log)
    if json:
        print_json(found.to_dict())
    else:
        _print(found)
    if report is not None:
        write_page(report, found, f"Inspection of {', '.join(sources)}", shlex.join(["inkling", *sys.argv[1:]]))
        log(f"report in {report}")
    if sheet is not None:
        _draw(sheet, found)
    kinds = [kind for kind in failing if found.of_kind(kind)]
    if kinds:
        complain(f"inkling: found {', '.join(kinds)}")
        raise typer.Exit(FOUND)


def _kinds(asked: str | None, known: list[str]) -> list[str]:
    """The kinds of --fail-on; UsageError for others."""
    if asked is None:
        return []
    kinds = known if asked == _ALL else [kind.strip() for kind in asked.split(",")]
    if unknown := [kind for kind in kinds if kind not in known]:
        raise UsageError(f"--fail-on takes kinds of {', '.join(known)}, or all, not {', '.join(map(repr, unknown))}")
    return kinds


def _print(found: "Inspection") -> None:
    from inkling.errors import printable
    from inkling.inspection import KINDS

    for name, count in found.images.items():
        print(f"{printable(name)}: {count:,} images")
    for note in found.notes:
        print(f"  {printable(note)}")
    width = max(map(len, KINDS))
    for kind, meaning in KINDS.items():
        of_kind = found.of_kind(kind)
        print(f"{kind:{width}}  {len(of_kind):6,}  {meaning}")
        for each in of_kind[:_MOST]:
            print(f"  {printable(_described(each))}")
        if len(of_kind) > _MOST:
            print(f"  and {len(of_kind) - _MOST:,} more: --report or --json")


def _described(finding: "Finding") -> str:
    row = "" if finding.row is None else f" row {finding.row}"
    label = (
        ""
        if finding.label is None
        else f", labelled {finding.label},"
        if finding.row is not None
        else f" {finding.label}"
    )
    return f"{finding.part}{row}{label} {finding.says}"


def _draw(path: Path, found: "Inspection") -> None:
    import numpy as np

    from inkling.data.contact_sheet import contact_sheet
    from inkling.storage import write_atomically

    doubtful = [found.pictures[each.part, each.row] for each in found.of_kind("labels") if each.row is not None]
    shape = doubtful[0].shape if doubtful else None
    images = [image for image in doubtful if image.shape == shape]
    if not images:
        log(f"no doubtful labels: {path} is not written")
        return
    rows = [np.stack(images[start : start + _PER_ROW]) for start in range(0, len(images), _PER_ROW)]
    write_atomically(path, contact_sheet(rows))
    log(f"{len(images):,} images with doubtful labels, the surest first, in {path}")
