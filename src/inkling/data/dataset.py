"""A dataset: digit images as bytes and, where known, what each one is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

IMAGE_SHAPE = (28, 28)
CLASSES = 10


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images of single digits, bright ink on a dark ground as in MNIST.

    Attributes
    ----------
    images : uint8 array (N, 28, 28), grey levels 0-255.
    labels : int64 array (N,) of 0-9, or None where nobody knows.
    name : what messages and reports call it.
    rows : int64 array (N,), where each image stood in the data it was taken from, from 0; in order unless given.
    """

    images: np.ndarray
    labels: np.ndarray | None = None
    name: str = "data"
    rows: np.ndarray = None  # type: ignore[assignment]  # made from N below

    def __post_init__(self) -> None:
        if self.images.dtype != np.uint8 or self.images.shape[1:] != IMAGE_SHAPE:
            raise ValueError(f"images must be uint8 (N, 28, 28), not {self.images.dtype} {self.images.shape}")
        if self.labels is not None and self.labels.shape != (len(self.images),):
            raise ValueError(f"{len(self.images)} images but labels of shape {self.labels.shape}")
        if self.labels is not None:
            self._require_digits(self.labels)
        if self.rows is None:
            object.__setattr__(self, "rows", np.arange(len(self)))

    def _require_digits(self, labels: np.ndarray) -> None:
        expected = f"labels must be integers from 0 to {CLASSES - 1}"
        if labels.dtype.kind not in "iu":
            raise ValueError(f"{expected}, not {labels.dtype}")
        bad = (labels < 0) | (labels >= CLASSES)
        if bad.any():
            raise ValueError(f"{expected}, not {labels[bad][0]} as in row {bad.argmax()} of {self.name}")

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, rows: Any) -> Dataset:
        """The dataset of the given rows: a slice, an index array or a boolean mask."""
        labels = None if self.labels is None else self.labels[rows]
        return Dataset(self.images[rows], labels, self.name, self.rows[rows])

    def renamed(self, name: str) -> Dataset:
        return replace(self, name=name)

    @cached_property
    def sha256(self) -> str:
        """Hex digest of images and labels, in order: the identity of the data in model files."""
        digest = hashlib.sha256(np.ascontiguousarray(self.images).data)
        if self.labels is not None:
            digest.update(np.ascontiguousarray(self.labels, dtype=np.int64).data)
        return digest.hexdigest()


@dataclass(frozen=True)
class Source:
    """What `load` found under a name or path: a part to train on, a part to test on, and remarks.

    A labelled file without a counterpart is `train`; an unlabelled one (a competition's `test.csv`) is `test`.
    `normalized` where images had another form, and were brought to 28×28 by `inkling.ink.normalize`.
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
        """A source of one file: to train on where it has labels, else to predict."""
        if found.labels is None:
            return cls(name, None, found.renamed(name), (*notes, "no labels: images to predict"))
        return cls(name, found.renamed(name), None, notes)

    @property
    def labelled_test(self) -> Dataset | None:
        """The part to test on, where it can be tested on."""
        return self.test if self.test is not None and self.test.labels is not None else None

    @property
    def parts(self) -> dict[str, Dataset]:
        """The parts there are, by name."""
        return {name: part for name, part in (("train", self.train), ("test", self.test)) if part is not None}
