"""`inkling predict`: from images without labels to a table of predictions, for digits Kaggle's submission file."""

import csv
import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.classes import DIGITS, require_digits
from inkling.cli.console import TTA, Quiet, log
from inkling.cli.outputs import PREDICTIONS, check_output
from inkling.cli.sources import load_source
from inkling.cli.streams import print_file

if TYPE_CHECKING:
    import numpy as np

    from inkling.classifier import Classifier
    from inkling.data import Dataset


def predict(
    model: Annotated[
        Path,
        typer.Argument(
            metavar="MODEL", help="Model file, run folder, bundled model: reader, tiny; ONNX file, C header."
        ),
    ],
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Images: test.csv, or any source that train takes.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="CSV to write.  [default: -, standard output]")
    ] = None,
    proba: Annotated[
        bool,
        typer.Option("--proba", help='Add one column of probabilities per class, and one for "not a digit" if known.'),
    ] = False,
    tta: Annotated[bool, typer.Option("--tta", help=TTA)] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the output file.")] = False,
    quiet: Quiet = False,
) -> None:
    """Predict the label of every image, as Kaggle's submission file.

    The table has the columns ImageId, which counts from 1, and Label. Where the source has labels, the model has
    to know their classes. For a model of other classes than the digits, Label is the name of the class,
    in UTF-8.
    """
    if str(output) == "-":
        output = None
    if output is not None:
        check_output(output, PREDICTIONS, force, models=[model], sources=[source])
    from inkling.cli.models import load_classifier
    from inkling.storage import write_atomically

    trained = load_classifier(model)
    part = _images_for(trained, str(model), source)
    non_digits = trained.not_a_digit(part.images, tta=tta) if proba and trained.knows_non_digits else None
    probabilities = trained.predict_proba(part.images, tta=tta)
    text = submission(probabilities, non_digits, proba=proba, class_names=trained.class_names)
    if output is None:
        print_file(text)
        return
    write_atomically(output, text)
    validate(output, len(part), trained.class_names)
    how = " with test-time augmentation" if tta else ""
    log(f"{len(part):,} predictions for {part.name}{how} in {output}")


def _images_for(model: "Classifier", name: str, source: str) -> "Dataset":
    """The part of the source to predict; UsageError or DataError where the model, called `name`, is not made for it."""
    from inkling.compatibility import classes_are_known, in_size_of, require_image_size, require_known_classes
    from inkling.errors import DataError, InklingWarning
    from inkling.preprocessing import warn_of_other_normalization
    from inkling.provenance import mnist_leak

    if source == "kaggle":
        require_digits(model.class_names, f"{name}: a submission to Kaggle takes a model")
    found = load_source(source)
    if found.normalized:
        warn_of_other_normalization(model, name)
    part = found.test or found.train
    if part is None or len(part) == 0:
        raise DataError(f"{source}: no images to predict")
    if not (known := classes_are_known(found)):
        part = in_size_of(model, part)
    require_image_size(model, part, name)
    if known:
        require_known_classes(model, part, name)
    if leak := mnist_leak(model, part.images):
        warnings.warn(f"{name}: {leak}: new images may be read less well", InklingWarning, stacklevel=2)
    return part


def submission(
    probabilities: "np.ndarray",
    non_digits: "np.ndarray | None" = None,
    *,
    proba: bool = False,
    class_names: Sequence[str] = DIGITS,
) -> str:
    """The text of a table of predictions: a header, then ImageId, from 1, and Label of each image.

    Parameters
    ----------
    probabilities : (N, K) of the classes.
    non_digits : (N,) probability that an image is no digit, for a column behind those of the classes.
    proba : whether to add a column of probabilities per class, named "p" and the name of the class.
    class_names : names of the K classes. They are quoted where CSV asks for it.
    """
    labels = [class_names[label] for label in probabilities.argmax(axis=1).tolist()]
    header, columns = ["ImageId", "Label"], []
    if proba:
        header += [f"p{name}" for name in class_names]
        columns = probabilities.T.tolist()
    if proba and non_digits is not None:
        header, columns = [*header, "not_a_digit"], [*columns, non_digits.tolist()]
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(header)
    for i, (label, *shares) in enumerate(zip(labels, *columns, strict=True), 1):
        table.writerow([i, label, *(f"{share:.6f}" for share in shares)])
    return text.getvalue()


def validate(path: Path, n_images: int, class_names: Sequence[str] = DIGITS) -> None:
    """Read a written table back; InklingError unless it has one whole row per image, in order."""
    from inkling.errors import InklingError

    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        header, *rows = list(csv.reader(file)) or [[]]
    sound = header[:2] == ["ImageId", "Label"] and len(rows) == n_images
    known = frozenset(class_names)
    if not sound or any(len(r) != len(header) or r[0] != str(i) or r[1] not in known for i, r in enumerate(rows, 1)):
        raise InklingError(f"{path}: what was written does not read back as {n_images} predictions; is the disk full?")
