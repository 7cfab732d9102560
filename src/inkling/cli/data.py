"""`inkling data`: look at data before training on it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.classes import DIGITS
from inkling.cli.console import log, print_json, report_errors
from inkling.cli.data_check import check
from inkling.cli.outputs import PICTURE, check_output
from inkling.cli.sources import load_source
from inkling.errors import DataError, UsageError

if TYPE_CHECKING:
    import numpy as np

    from inkling.data import Dataset, PartInfo
    from inkling.recipes import Recipe

SOURCE_HELP = "auto, mnist, digits, kaggle, or a path."
_MNIST_SIZE = (28, 28)
_LINE_LENGTH = 100  # Characters of counts per line, where one line cannot hold all of them.
_MOST_ROWS = 100  # Rows of a contact sheet; of more classes the first ones are shown.

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look at data before training on it.")
app.command()(report_errors(check))


@app.callback()
def data() -> None:
    """Look at data before training on it."""


@app.command()
@report_errors
def info(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help=SOURCE_HELP)],
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Say what a source holds.

    The output has the images, classes, grey levels and duplicates of each part, and how many of its images are MNIST's.
    """
    from dataclasses import replace

    from inkling.data import describe, load
    from inkling.orientation import suspected_orientation

    found = load(source)
    turned = dict.fromkeys(filter(None, map(suspected_orientation, found.parts.values())))
    description = replace(describe(found), notes=(*found.notes, *turned))
    if json:
        print_json(description.to_dict())
        return
    print("\n".join([description.name, *(f"  {note}" for note in description.notes)]))
    for name, part in description.parts.items():
        _print_part(name, part)


def _print_part(name: str, part: "PartInfo") -> None:
    rows, columns = part.image_size
    low, high = part.pixel_range
    print(f"{name}: {part.rows:,} images of {rows}×{columns} pixels")
    print(f"  grey levels       {low} to {high}, mean ink {100 * part.mean_ink:.1f} %")
    for line in _counts(part):
        print(line)
    print(f"  duplicates        {part.duplicates:,} rows, {part.contradictions:,} of them with another label")
    if part.image_size == _MNIST_SIZE:
        leak = " (never judge a model that learnt from them on MNIST's test set)" if part.mnist_test_rows else ""
        print(f"  MNIST test set    {part.mnist_test_rows:,} of these images are in it{leak}")
        print(f"  MNIST training    {part.mnist_training_rows:,} of these images are in MNIST's training set")
    print(f"  SHA-256           {part.sha256}")


def _counts(part: "PartInfo") -> list[str]:
    """Lines with the number of images of each class, in columns where one line cannot hold all of them."""
    if part.counts is None:
        return ["  labels            none"]
    title = "images per digit" if part.class_names == DIGITS else "images per class"
    pairs = [f"{name}: {count:,}" for name, count in zip(part.class_names, part.counts, strict=True)]
    if len("  ".join(pairs)) <= _LINE_LENGTH:
        return [f"  {title}  {'  '.join(pairs)}"]
    longest = max(map(len, pairs))
    per_line = max(1, (_LINE_LENGTH + 2) // (longest + 2))
    pieces = [pairs[start : start + per_line] for start in range(0, len(pairs), per_line)]
    lines = ["  ".join(pair.ljust(longest) for pair in piece).rstrip() for piece in pieces]
    return [f"  {title}  {lines[0]}", *(f"{'':20}{line}" for line in lines[1:])]


@app.command()
@report_errors
def show(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help=SOURCE_HELP)],
    augment: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE.toml",
            help="Draw what training with this recipe sees: one row per class, the original on the left.",
        ),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="PNG to write.")] = Path("grid.png"),
    columns: Annotated[int, typer.Option("--columns", "-n", metavar="N", min=2, max=100, help="Images per row.")] = 12,
    seed: Annotated[
        int | None,
        typer.Option(min=0, envvar="INKLING_SEED", help="Seed of the augmentation.  [default: the recipe's]"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the output file.")] = False,
) -> None:
    """Draw the first images of each class, one row per class.

    Images without labels are shown in the order of the file.
    """
    check_output(output, PICTURE, force, sources=[source])
    import numpy as np

    from inkling.data.contact_sheet import contact_sheet
    from inkling.storage import write_atomically

    recipe = None if augment is None else _augmenting(augment)
    found = load_source(source)
    part = found.train or found.test
    if not part:
        raise DataError(f"{source}: no images to show")
    rows = _specimens(part, columns if recipe is None else 1)
    shown = list(rows.values())
    if recipe is not None:
        shown = _variants(np.concatenate(shown), columns - 1, recipe.override(seed=seed))
    write_atomically(output, contact_sheet(shown, apart=recipe is not None))
    log(f"{part.name}: {', '.join(map(repr, recipe.augment)) if recipe else 'as it is'}, in {output}")
    if part.labels is not None and part.class_names != DIGITS:
        left_out = f"; the first {_MOST_ROWS} of {part.n_classes} classes" if part.n_classes > _MOST_ROWS else ""
        log(f"rows from the top: {', '.join(rows)}{left_out}")


def _augmenting(name: str) -> "Recipe":
    """The recipe of this name; UsageError where it changes no images."""
    from inkling.recipes import load_recipe

    recipe = load_recipe(name)
    if not recipe.augment:
        raise UsageError(
            f"recipe {recipe.name} changes no images: add a line such as "
            'augment = ["Rotation(10)", "Shift(2)"] to a copy of it'
        )
    return recipe


def _specimens(part: "Dataset", columns: int) -> "dict[str, np.ndarray]":
    """Rows of images, and what they show: the first ones of each class, or of all images where there are no labels."""
    if part.labels is None:
        starts = range(0, min(len(part), len(DIGITS) * columns), columns)
        return {f"from {start}": part.images[start : start + columns] for start in starts}
    names = part.class_names[:_MOST_ROWS]
    rows = {name: part.images[part.labels == place][:columns] for place, name in enumerate(names)}
    return {name: row for name, row in rows.items() if len(row)}


def _variants(images: "np.ndarray", count: int, recipe: "Recipe") -> "list[np.ndarray]":
    """One row per image (R, H, W): itself, and `count` draws of what training is shown in its place."""
    import numpy as np

    from inkling.augmentation import Augmenter
    from inkling.inference import PIXEL_SCALE
    from inkling.rng import Purpose, make_rng

    shown = images.repeat(count, axis=0)[..., None] * PIXEL_SCALE
    Augmenter(recipe.augment, images.shape[1:])(shown, make_rng(recipe.seed, Purpose.AUGMENT, 0, 0))
    variants = np.rint(shown * 255).astype(np.uint8).reshape(len(images), count, *images.shape[1:])
    return list(np.concatenate([images[:, None], variants], axis=1))
