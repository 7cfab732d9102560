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
    """

    validation: float | int = 0.0
    test: float | int = 0.0
    stratified: bool = True
    shuffled: bool = True

    def __post_init__(self) -> None:
        for name, size in (("validation", self.validation), ("test", self.test)):
            legal = size >= 0 if isinstance(size, int) else 0 <= size < 1
            if not legal:
                raise UsageError(f"{name}: a fraction in [0, 1) or a whole number of rows was expected, not {size}")
        if isinstance(self.validation, float) and isinstance(self.test, float) and self.validation + self.test >= 1:
            raise UsageError(f"validation {self.validation} and test {self.test} leave nothing to train on")

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
        if not any(held_out):
            return dataset, None, None
        order = rng.permutation(rows) if self.shuffled else np.arange(rows)
        parts = self._deal(order, dataset, [*held_out, rows - sum(held_out)])
        validation, test, train = (dataset[part] if len(part) else None for part in parts)
        assert train is not None
        return train, validation, test

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
