"""`inkling data`: look at data before training on it."""

from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.face import face, print_json

if TYPE_CHECKING:
    from inkling.data import PartInfo

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look at data before training on it.")


@app.callback()
def data() -> None:
    """Look at data before training on it."""


@app.command()
@face
def info(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="auto, mnist, digits, kaggle, or a path.")],
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
