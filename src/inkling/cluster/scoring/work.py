"""The task of scoring a shard: it is read, checked, answered and written as a part, by whichever worker has it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from inkling import __version__
from inkling.cluster.scoring.addresses import joined
from inkling.cluster.scoring.answering import Answering, answering, image_of, levels_of
from inkling.cluster.scoring.content import Digest, Picture, read_pictures, read_stored
from inkling.cluster.scoring.parts import Origin, verified, write_part
from inkling.cluster.scoring.shards import Shard
from inkling.cluster.scoring.statistics import Statistics, statistics_of
from inkling.errors import DataError, InklingWarning, printable
from inkling.ink import open_picture
from inkling.pixel_values import PixelRange
from inkling.processor import one_blas_thread

if TYPE_CHECKING:
    import pyarrow

MODEL = "model.safetensors"  # the model of a scoring, in its output


@dataclass(frozen=True)
class Settings:
    """What decides the rows of a scoring beside its images and its model.

    Attributes
    ----------
    pages : whether pictures are pages, whose numbers are read.
    proba : whether there is a column per class.
    """

    pages: bool = False
    proba: bool = False

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Scoring:
    """The task of scoring a shard."""

    origin: Origin
    output: str


def score_shard(task: Scoring) -> Statistics:
    """Write the part of a shard, unless it is there already.

    Raises
    ------
    DataError
        The shard cannot be read, or has changed since it was surveyed.
    OutputError
        The part cannot be written.
    """
    if (done := verified(task.output, task.origin)) is not None:
        return done
    if task.origin.version != __version__:
        raise DataError(
            f"this worker has Inkling {__version__}, and {task.origin.version} was expected: install it there"
        )
    shard, settings = task.origin.shard, Settings(**task.origin.settings)
    model = answering(joined(task.output, MODEL), task.origin.model)
    with one_blas_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore", InklingWarning)  # the survey tells what is suspicious about the images
        pictures = read_pictures(shard, task.output, tolerant=task.origin.tolerant)
        if settings.pages:
            rows = _Rows(*_read_pages(pictures, model))
        elif shard.kind == "pictures":
            rows = _of_pictures(pictures, model, settings)
        else:
            images, sha256 = read_stored(shard)
            if isinstance(images, np.ndarray):
                rows = _of_array(images, sha256, task, model)
            else:
                rows = replace(_of_pictures(images, model, settings, shard), sha256=sha256)
    if rows.sha256 != shard.sha256:
        raise DataError(f"{printable(shard.source)}: has changed since its images were listed")
    write_part(task.output, task.origin, rows.table, rows.statistics)
    return rows.statistics


@dataclass(frozen=True)
class _Rows:
    """The rows of a part, their statistics, and the SHA-256 of the images that they are of."""

    table: pyarrow.Table
    statistics: Statistics
    sha256: str


def _of_array(pixels: np.ndarray, sha256: str, task: Scoring, model: Answering) -> _Rows:
    shard = task.origin.shard
    levels = levels_of(pixels, PixelRange(task.origin.black, task.origin.white), model.model, shard.source)
    names, reasons = [shard.source] * shard.rows, [None] * shard.rows
    return _answered(levels, names, reasons, sha256, model, Settings(**task.origin.settings), shard.first)


def _of_pictures(
    pictures: Iterable[Picture], model: Answering, settings: Settings, table: Shard | None = None
) -> _Rows:
    """The rows of pictures of single characters, which are files, or stand in a shard of a table."""
    names, images, digest = [], [], Digest()
    reasons: list[str | None] = []
    for picture in pictures:
        digest.add(picture)
        names.append(picture.name if table is None else table.source)
        try:
            images.append(image_of(picture, model.model))
            reasons.append(None)
        except DataError as error:
            reasons.append(_reason(error, picture))
    levels = np.stack(images) if images else np.zeros((0, *model.model.input_shape[:2]), np.uint8)
    first = None if table is None else table.first
    return _answered(levels, names, reasons, digest.hexdigest(), model, settings, first)


def _answered(
    levels: np.ndarray,
    names: list[str],
    reasons: Sequence[str | None],
    sha256: str,
    model: Answering,
    settings: Settings,
    first: int | None,
) -> _Rows:
    """The rows of images uint8 (M, H, W), those without a reason why they cannot be read."""
    import pyarrow

    answers, count = model.answers(levels), len(names)
    there = np.array([reason is None for reason in reasons])
    classes = np.array(model.model.class_names, object)
    labels = _spread(classes[answers.probabilities.argmax(axis=1)], there)
    places = pyarrow.nulls(count, pyarrow.int64()) if first is None else pyarrow.array(np.arange(first, first + count))
    columns: dict[str, Any] = {
        "source": pyarrow.array(names).dictionary_encode(),
        "row": places,
        "label": pyarrow.array(labels, pyarrow.string()).dictionary_encode(),
        "confidence": pyarrow.array(_spread(answers.confidence, there), pyarrow.float32()),
    }
    if model.model.knows_non_digits:
        columns["not_a_digit"] = pyarrow.array(_spread(answers.none, there), pyarrow.float32())
    if settings.proba:
        for name, share in zip(classes, answers.probabilities.T, strict=True):
            columns[f"p{name}"] = pyarrow.array(_spread(share, there), pyarrow.float32())
    columns["reason"] = pyarrow.array(reasons, pyarrow.string())
    return _Rows(pyarrow.table(columns), statistics_of(labels, answers.confidence, levels), sha256)


def _spread(values: np.ndarray, there: np.ndarray) -> list[Any]:
    """The values at the places that are there, and None at the others."""
    if there.all():
        return list(values.tolist())
    left = iter(values.tolist())
    return [next(left) if each else None for each in there]


def _read_pages(pictures: Iterable[Picture], model: Answering) -> tuple[pyarrow.Table, Statistics, str]:
    """The rows of pages, their statistics, and their SHA-256."""
    import pyarrow

    from inkling.reading import UNREAD, read

    digest = Digest()
    columns: dict[str, list[Any]] = {name: [] for name in ("source", "text", "confidence", "warnings", "reason")}
    kinds: list[str | None] = []
    for picture in pictures:
        digest.add(picture)
        try:
            if isinstance(picture.content, DataError):
                raise picture.content
            found = read(open_picture(picture.content, printable(picture.name)), model=model.model)
            row: tuple[Any, ...] = (found.one_line, found.confidence, ", ".join(found.all_warnings) or None, None)
            kinds.append("with ?" if UNREAD in found.text else "without ?" if found.digits else "without digits")
        except DataError as error:
            row = (None, None, None, _reason(error, picture))
            kinds.append(None)
        for column, value in zip(columns.values(), (picture.name, *row), strict=True):
            column.append(value)
    types = {"confidence": pyarrow.float32()}
    table = pyarrow.table(
        {name: pyarrow.array(values, types.get(name, pyarrow.string())) for name, values in columns.items()}
    )
    sure = np.array([each for each in columns["confidence"] if each is not None], np.float32)
    return table, statistics_of(kinds, sure), digest.hexdigest()


def _reason(error: DataError, picture: Picture) -> str:
    return str(error).removeprefix(f"{printable(picture.name)}: ")
