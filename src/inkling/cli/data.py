"""`inkling data`: look at data before training on it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import log, print_json, refuse_to_overwrite, report_errors
from inkling.errors import DataError, UsageError

if TYPE_CHECKING:
    import numpy as np

    from inkling.data import Dataset, PartInfo
    from inkling.recipes import Recipe

SOURCE_HELP = "auto, mnist, digits, kaggle, or a path."

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look at data before training on it.")


@app.callback()
def data() -> None:
    """Look at data before training on it."""


@app.command()
@report_errors
def info(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help=SOURCE_HELP)],
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Say what a source holds: images, digits, grey levels, duplicates, and test images that leaked."""
    from inkling.data import describe, load

    description = describe(load(source))
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
    print(f"  grey levels     {low} to {high}, mean ink {100 * part.mean_ink:.1f} %")
    if part.counts is None:
        print("  labels          none")
    else:
        print("  images a digit  " + "  ".join(f"{digit}: {count:,}" for digit, count in enumerate(part.counts)))
    print(f"  duplicates      {part.duplicates:,} rows, {part.contradictions:,} of them with another label")
    leak = " (never judge a model that learnt from them on MNIST's test set)" if part.mnist_test_rows else ""
    print(f"  MNIST test set  {part.mnist_test_rows:,} of these images are in it{leak}")
    print(f"  SHA-256         {part.sha256}")


@app.command()
@report_errors
def show(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help=SOURCE_HELP)],
    augment: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE.toml",
            help="What training with this recipe sees: a row a digit, the original on the left.",
        ),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="PNG to write.")] = Path("grid.png"),
    columns: Annotated[int, typer.Option("--columns", "-n", min=2, max=100, help="Images in a row.")] = 12,
    seed: Annotated[
        int | None,
        typer.Option(min=0, envvar="INKLING_SEED", help="Seed of the augmentation.  [default: the recipe's]"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the output file.")] = False,
) -> None:
    """Draw the first images of each digit, a row a digit; sources without labels are shown in file order."""
    if output.suffix.lower() != ".png":
        raise UsageError(f"{output}: the picture is a PNG: give a name that ends in .png")
    refuse_to_overwrite(output, force)
    import numpy as np

    from inkling.data import load
    from inkling.evaluation.contact_sheet import contact_sheet
    from inkling.storage import write_atomically

    recipe = None if augment is None else _augmenting(augment)
    found = load(source)
    part = found.train or found.test
    if not part:
        raise DataError(f"{source}: no images to show")
    rows = _specimens(part, columns if recipe is None else 1)
    if recipe is not None:
        rows = _variants(np.concatenate(rows), columns - 1, recipe.override(seed=seed))
    write_atomically(output, contact_sheet(rows, apart=recipe is not None))
    log(f"{part.name}: {', '.join(map(repr, recipe.augment)) if recipe else 'as it is'}, in {output}")


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


def _specimens(part: "Dataset", columns: int) -> "list[np.ndarray]":
    """Rows of images: the first ones of each digit there is, or of all where nobody knows the digits."""
    from inkling.classes import DIGITS

    if part.labels is None:
        starts = range(0, min(len(part), len(DIGITS) * columns), columns)
        return [part.images[start : start + columns] for start in starts]
    rows = [part.images[part.labels == digit][:columns] for digit in range(len(DIGITS))]
    return [row for row in rows if len(row)]


def _variants(images: "np.ndarray", count: int, recipe: "Recipe") -> "list[np.ndarray]":
    """A row for each image (R, 28, 28): itself, and so many times what training is shown in its place."""
    import numpy as np

    from inkling.augmentation import Augmenter
    from inkling.inference import PIXEL_SCALE
    from inkling.rng import Purpose, make_rng

    shown = images.repeat(count, axis=0)[..., None] * PIXEL_SCALE
    Augmenter(recipe.augment)(shown, make_rng(recipe.seed, Purpose.AUGMENT, 0, 0))
    variants = np.rint(shown * 255).astype(np.uint8).reshape(len(images), count, *images.shape[1:])
    return list(np.concatenate([images[:, None], variants], axis=1))
