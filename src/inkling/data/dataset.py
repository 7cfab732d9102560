"""A dataset: images as bytes and, where known, what each one is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Literal, overload

import numpy as np

from inkling.classes import DIGITS, checked_class_names, listed
from inkling.data.dataset_arrays import images_of, labels_of, rows_of
from inkling.errors import DataError, UsageError

SYNTHETIC = -1  # The place in `rows` of an image that was made, and not taken from the data.


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images of one size, each of one class: by default single digits, bright ink on a dark ground as in MNIST.

    `dataset[0]` is an image and its label; a slice, an index array or a boolean mask gives a dataset of these rows.

    Attributes
    ----------
    images : uint8 array (N, H, W), grey levels 0-255; digits are 28×28.
    labels : int64 array (N,) of classes, counted from 0, or None where they are unknown.
    name : what messages and reports call the dataset.
    rows : int64 array (N,), where each image stood in the data that it was taken from, from 0; in order unless given.
    class_names : the name of each class.

    Lists and arrays of other types are converted: images by the rule of `inkling.pixel_values`, with an InklingWarning
    where their range is neither 0-255 nor 0-1.

    Raises
    ------
    UsageError : where an array has another form, or class names are not different texts.
    """

    images: np.ndarray
    labels: np.ndarray | None = None
    name: str = "data"
    rows: np.ndarray = None  # type: ignore[assignment]  # made from N below
    class_names: tuple[str, ...] = DIGITS

    def __post_init__(self) -> None:
        values: dict[str, Any] = {
            "images": images_of(self.images, self.name),
            "class_names": checked_class_names(self.class_names),
        }
        count, classes = len(values["images"]), len(values["class_names"])
        if self.labels is not None:
            values["labels"] = labels_of(self.labels, count, classes, self.name)
        values["rows"] = rows_of(self.rows, count)
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.images)

    @overload
    def __getitem__(self, rows: int) -> tuple[np.ndarray, int | None]: ...
    @overload
    def __getitem__(self, rows: slice | np.ndarray | list[int] | list[bool]) -> Dataset: ...
    def __getitem__(self, rows: Any) -> Any:
        if isinstance(rows, int | np.integer):
            return self.images[rows], None if self.labels is None else int(self.labels[rows])
        chosen = self.rows[rows]
        if chosen.ndim != 1:
            raise UsageError(f"rows of a dataset are chosen by a slice or by one list of rows, not by {rows!r}")
        labels = None if self.labels is None else self.labels[rows]
        return self._with(images=self.images[rows], labels=labels, rows=chosen)

    def __repr__(self) -> str:
        return f"<Dataset {self.name}: {self._summary}, {listed(self.class_names)}>"

    @property
    def _summary(self) -> str:
        height, width = self.image_shape
        return f"{len(self):,} {'images without labels' if self.labels is None else 'labelled images'} {height}×{width}"

    def _repr_html_(self) -> str:
        from inkling.data.notebook import dataset_html

        return dataset_html(self)

    @property
    def n_classes(self) -> int:
        return len(self.class_names)

    @property
    def image_shape(self) -> tuple[int, int]:
        """Rows and columns of pixels (H, W)."""
        return self.images.shape[1], self.images.shape[2]

    def renamed(self, name: str) -> Dataset:
        return self._with(name=name)

    def _with(self, **changed: Any) -> Dataset:
        """A dataset with other entries, all in their form. The range of a few of its images is not looked at anew."""
        other = object.__new__(Dataset)
        kept = {field.name: getattr(self, field.name) for field in fields(self)}
        other.__dict__.update(kept | changed)
        return other

    @cached_property
    def sha256(self) -> str:
        """Hex digest of images and labels, in order: the identity of the data in model files."""
        digest = hashlib.sha256(np.ascontiguousarray(self.images).data)
        if self.labels is not None:
            digest.update(np.ascontiguousarray(self.labels, dtype=np.int64).data)
        return digest.hexdigest()


@dataclass(frozen=True)
class Source:
    """What `load` found under a name or path: a part to train on, a part to test on, and notes.

    A labelled file without a counterpart is `train`; an unlabelled one (a competition's `test.csv`) is `test`.
    `normalized` where images had another form and were brought to 28×28 by `inkling.ink.normalization`.
    """

    name: str
    train: Dataset | None
    test: Dataset | None
    notes: tuple[str, ...] = ()
    normalized: bool = False

    @classmethod
    def of(
        cls,
        name: str,
        train: Dataset | None = None,
        test: Dataset | None = None,
        notes: tuple[str, ...] = (),
        normalized: bool = False,
    ) -> Source:
        """A source whose parts are called after it, "mnist train" and "mnist test"."""
        return cls(
            name,
            None if train is None else train.renamed(f"{name} train"),
            None if test is None else test.renamed(f"{name} test"),
            notes,
            normalized,
        )

    @classmethod
    def of_one(cls, name: str, found: Dataset, notes: tuple[str, ...] = ()) -> Source:
        """A source of one dataset: to train on where it has labels, otherwise to predict."""
        part = found.renamed(name)
        if found.labels is None:
            return cls(name, None, part, (*notes, "no labels: images to predict"))
        return cls(name, part, None, notes)

    def __repr__(self) -> str:
        parts = ", ".join(f"{name} {part._summary}" for name, part in self.parts.items())
        return f"<Source {self.name}: {parts or 'no images'}, {listed(self.class_names)}>"

    def _repr_html_(self) -> str:
        from inkling.data.notebook import source_html

        return source_html(self)

    @property
    def class_names(self) -> tuple[str, ...]:
        """The name of each class, the same in both parts."""
        return next((part.class_names for part in self.parts.values()), DIGITS)

    @property
    def labelled_test(self) -> Dataset | None:
        """The part to test on, where it can be tested on."""
        return self.test if self.test is not None and self.test.labels is not None else None

    def part(self, name: Literal["train", "test"]) -> Dataset:
        """The part of that name; DataError where the source has none."""
        found = self.parts.get(name)
        if found is None:
            raise DataError(f"{self.name} has no part called {name!r}: it has {' and '.join(self.parts) or 'none'}")
        return found

    @property
    def parts(self) -> dict[str, Dataset]:
        """The parts there are, by name."""
        return {name: part for name, part in (("train", self.train), ("test", self.test)) if part is not None}
