"""What a training takes beside its recipe: the source, images for the test curve, and the models that shape it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from inkling.data import Dataset, Source, load
from inkling.errors import DataError
from inkling.runs.model_file import ModelFile
from inkling.runs.preparation import require_same_data
from inkling.runs.record import RunRecord


@dataclass(frozen=True)
class Ingredients:
    """Data and models that a run reads.

    Attributes
    ----------
    source : what the recipe's split divides.
    curve : labelled images that are measured after each epoch, or None.
    teacher : the model whose answers are learnt in place of the labels, or None.
    start : the model whose parameters training starts from, or None.
    curve_notes : what loading the images of the curve had to say.
    """

    source: Source
    curve: Dataset | None = None
    teacher: ModelFile | None = None
    start: ModelFile | None = None
    curve_notes: tuple[str, ...] = ()

    @classmethod
    def read(cls, data: str, test_data: str | None, teacher: Path | None, start: Path | None) -> Ingredients:
        """Read them by their names and paths; DataError where one is not there or damaged."""
        taught_by, begun_with = (None if path is None else ModelFile.read(path) for path in (teacher, start))
        source = load(data)
        if test_data is None:
            return cls(source, None, taught_by, begun_with)
        tested = load(test_data)
        return cls(source, _labelled_part(tested), taught_by, begun_with, tested.notes)

    @classmethod
    def again(cls, record: RunRecord, folder: Path) -> Ingredients:
        """Those that the run of a folder was started with; DataError where they are gone or changed."""
        source = _load_again(record.data, folder, "--data")
        require_same_data(folder, record.data, source, record.data_sha256, record.class_names)
        return cls(
            source,
            None if record.test_data is None else _labelled_part(_load_again(record.test_data, folder, "--test")),
            ModelFile.again(record.teacher, folder, "teacher", "--teacher") if record.teacher else None,
            ModelFile.again(record.start, folder, "model to start from", "--from") if record.start else None,
        )


def _load_again(name: str, folder: Path, option: str) -> Source:
    """A source that the run was started with; where it is not found, the error says how to name its new place."""
    try:
        return load(name)
    except DataError as error:
        moved = f"if the data of {folder} lie in another place now: inkling train --resume {folder} {option} SOURCE"
        raise DataError(f"{error}; {moved}") from None


def _labelled_part(source: Source) -> Dataset:
    """The labelled images to draw a test curve from."""
    part = source.train if source.labelled_test is None else source.labelled_test
    if part is None or part.labels is None:
        raise DataError(f"{source.name}: no labelled images to draw a test curve from")
    return part
