"""`inkling predict`: from images without labels to the competition's submission file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import TTA, log, refuse_to_overwrite

DIGITS = frozenset("0123456789")

if TYPE_CHECKING:
    import numpy as np


def predict(
    model: Annotated[
        Path, typer.Argument(metavar="MODEL", help="Model file, run folder, or reader, tiny: those that come along.")
    ],
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Images: test.csv, or any source that train takes.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="CSV to write.  [default: standard output]")
    ] = None,
    proba: Annotated[
        bool, typer.Option("--proba", help="Add a column of probability for each digit, and for none where known.")
    ] = False,
    tta: Annotated[bool, typer.Option("--tta", help=TTA)] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the output file.")] = False,
) -> None:
    """Predict the label of every image, as Kaggle's submission file."""
    if output is not None:
        refuse_to_overwrite(output, force)
    from inkling.data import load
    from inkling.errors import DataError
    from inkling.model import load as load_model
    from inkling.preprocessing import warn_of_other_normalization
    from inkling.storage import write_atomically

    trained = load_model(model)
    found = load(source)
    if found.normalized:
        warn_of_other_normalization(trained, str(model))
    part = found.test or found.train
    if part is None or len(part) == 0:
        raise DataError(f"{source}: no images to predict")
    non_digits = trained.not_a_digit(part.images, tta=tta) if proba and trained.knows_non_digits else None
    text = submission(trained.predict_proba(part.images, tta=tta), non_digits, proba=proba)
    if output is None:
        print(text, end="")
        return
    write_atomically(output, text)
    validate(output, len(part))
    how = " with test-time augmentation" if tta else ""
    log(f"{len(part):,} predictions for {part.name}{how} in {output}")


def submission(probabilities: "np.ndarray", non_digits: "np.ndarray | None" = None, *, proba: bool = False) -> str:
    """The text of a submission: a header, then 1-based ImageId and integer Label of each row.

    With `proba`, probabilities (N, 10) of the digits follow, and the probability (N,) that it is none if given.
    """
    labels = probabilities.argmax(axis=1).tolist()
    if not proba:
        return "ImageId,Label\n" + "".join(f"{i},{label}\n" for i, label in enumerate(labels, 1))
    header = "ImageId,Label," + ",".join(f"p{digit}" for digit in range(probabilities.shape[1]))
    columns = probabilities.T.tolist()
    if non_digits is not None:
        header, columns = f"{header},not_a_digit", [*columns, non_digits.tolist()]
    rows = (
        f"{i},{label}," + ",".join(f"{p:.6f}" for p in row)
        for i, (label, *row) in enumerate(zip(labels, *columns, strict=True), 1)
    )
    return "\n".join([header, *rows]) + "\n"


def validate(path: Path, images: int) -> None:
    """Read a written submission back; InklingError unless it holds one whole row for every image, in order."""
    from inkling.errors import InklingError

    header, *rows = path.read_text(encoding="ascii").splitlines() or [""]
    cells = [row.split(",") for row in rows]
    columns, sound = header.count(",") + 1, header.startswith("ImageId,Label") and len(rows) == images
    if not sound or any(len(c) != columns or c[0] != str(i) or c[1] not in DIGITS for i, c in enumerate(cells, 1)):
        raise InklingError(f"{path}: what was written does not read back as {images} predictions; is the disk full?")
