"""A split holds rows of a dataset out of training: some to validate on, some to test on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inkling.data.dataset import Dataset
from inkling.errors import UsageError
from inkling.notation import Notated, vocabulary


@dataclass(frozen=True, repr=False)
class Split(Notated):
    """How many rows to hold out, and which.

    Attributes
    ----------
    validation, test : a fraction of all rows (float in [0, 1)) or a number of rows (int); 0 for none.
    stratified : keep the fraction of every class, to within one image, in each part.
    shuffled : draw the rows at random; otherwise the first rows are held out, validation before test.
    folds, fold : for cross-validation, into how many parts the rows that are not for testing are divided, and which of
        them, from 0, is the validation part; `validation` is then 0. Every row is in the validation part of one fold.
    """

    validation: float | int = 0.0
    test: float | int = 0.0
    stratified: bool = True
    shuffled: bool = True
    folds: int = 0
    fold: int = 0

    def __post_init__(self) -> None:
        if self.folds == 1 or self.folds < 0 or not 0 <= self.fold < max(self.folds, 1):
            raise UsageError(
                f"folds: 2 or more and a fold from 0 to one less were expected, not {self.folds} and {self.fold}"
            )
        if self.folds and self.validation:
            raise UsageError("validation and folds both say what is held out: give one of them")
        for name, size in (("validation", self.validation), ("test", self.test)):
            legal = size >= 0 if isinstance(size, int) else 0 <= size < 1
            if not legal:
                raise UsageError(f"{name}: a fraction in [0, 1) or a whole number of rows was expected, not {size}")
        if isinstance(self.validation, float) and isinstance(self.test, float) and self.validation + self.test >= 1:
            raise UsageError(f"validation {self.validation} and test {self.test} leave nothing to train on")

    @property
    def validates(self) -> bool:
        """Whether rows are held out for validation."""
        return bool(self.validation or self.folds)

    def apply(self, dataset: Dataset, rng: np.random.Generator) -> tuple[Dataset, Dataset | None, Dataset | None]:
        """Training, validation and test part; None for one of size 0.

        Raises
        ------
        UsageError
            Nothing is left to train on, or a stratified split is asked of rows without labels.
        """
        rows = len(dataset)
        held_out = [_rows_of(size, rows) for size in (self.validation, self.test)]
        if sum(held_out) >= rows:
            raise UsageError(
                f"{dataset.name}: holding {sum(held_out)} of {rows} rows out leaves nothing to train on; hold out fewer"
            )
        if not any(held_out) and not self.folds:
            return dataset, None, None
        order = rng.permutation(rows) if self.shuffled else np.arange(rows)
        if self.folds:
            return self._fold(order, dataset, held_out[1])
        parts = self._deal(order, dataset, [*held_out, rows - sum(held_out)])
        validation, test, train = (dataset[part] if len(part) else None for part in parts)
        assert train is not None
        return train, validation, test

    def _fold(self, order: np.ndarray, dataset: Dataset, tested: int) -> tuple[Dataset, Dataset | None, Dataset | None]:
        """The parts for cross-validation, of which all but one are the training part."""
        rows = len(dataset) - tested
        if rows < self.folds:
            raise UsageError(f"{dataset.name}: {self.folds} folds of {rows} rows would be empty; take fewer")
        sizes = [rows // self.folds + (place < rows % self.folds) for place in range(self.folds)]
        *folds, test = self._deal(order, dataset, [*sizes, tested])
        training = np.concatenate([part for place, part in enumerate(folds) if place != self.fold])
        return dataset[training], dataset[folds[self.fold]], dataset[test] if tested else None

    def _deal(self, order: np.ndarray, dataset: Dataset, sizes: list[int]) -> list[np.ndarray]:
        if not self.stratified:
            return np.split(order, np.cumsum(sizes)[:-1])
        if dataset.labels is None:
            raise UsageError(f"{dataset.name}: a stratified split needs labels; use stratified = false")
        labels = dataset.labels[order]
        classes, counts = np.unique(labels, return_counts=True)
        part_of = np.empty(len(order), np.intp)  # the part of each place in `order`
        for label, shares in zip(classes, apportion(counts, np.array(sizes)), strict=True):
            part_of[labels == label] = np.repeat(np.arange(len(sizes)), shares)
        return [order[part_of == part] for part in range(len(sizes))]


SPLITS = vocabulary(Split)


def _rows_of(size: float | int, rows: int) -> int:
    return size if isinstance(size, int) else round(size * rows)


def apportion(counts: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Whole numbers nearest to proportion, with exact sums: of each class to each part.

    Every cell gets counts · sizes / total rounded down. Then each class gives the images that it has left, one per
    part, to the parts that lack most. By the Gale-Ryser theorem this always comes out even.

    Parameters
    ----------
    counts : int array (C,), images of each class.
    sizes : int array (P,), images of each part, with the same sum.

    Returns
    -------
    int array (C, P) with these sums, each cell within one of its exact share.
    """
    shares = np.outer(counts, sizes) // counts.sum()
    lacking = sizes - shares.sum(axis=0)
    for row, left in zip(shares, counts - shares.sum(axis=1), strict=True):
        chosen = np.argsort(-lacking, kind="stable")[:left]
        row[chosen] += 1
        lacking[chosen] -= 1
    return shares
