"""What files hold before it is known which classes their labels stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inkling.data.pictures import Pictures
from inkling.data.values import Where


@dataclass(frozen=True, eq=False)
class RawPart:
    """Images and labels as they are written.

    Attributes
    ----------
    images : uint8 array (N, H, W), or encoded pictures.
    labels : numbers or texts (N,), or None where there are none.
    where : names a row for messages.
    class_names : the names that the file gives to its classes, or None.
    counts_from_0 : whether the format says that labels are places in `class_names`, counted from 0.
    notes : what was found or done in this part.
    in_rows : the images were rows of a table, so that digits of other sizes than 28×28 are brought to that size.
    """

    images: np.ndarray | Pictures
    labels: np.ndarray | None
    where: Where
    class_names: tuple[str, ...] | None = None
    counts_from_0: bool = False
    notes: tuple[str, ...] = ()
    in_rows: bool = False


@dataclass(frozen=True, eq=False)
class RawSource:
    """The parts that were found, notes, and the class names that stand in a file of their own, or None.

    Where a single file was found, `whole` is true, and the only part is called as the source is.
    """

    name: str
    train: RawPart | None = None
    test: RawPart | None = None
    notes: Sequence[str] = ()
    class_names: tuple[str, ...] | None = None
    whole: bool = False

    @classmethod
    def of_one(cls, name: str, part: RawPart, notes: Sequence[str] = ()) -> RawSource:
        """A source of one file: to train on where it has labels, otherwise to predict."""
        if part.labels is None:
            return cls(name, None, part, (*notes, "no labels: images to predict"), whole=True)
        return cls(name, part, None, notes, whole=True)

    @property
    def parts(self) -> dict[str, RawPart]:
        """The parts there are, by name."""
        return {name: part for name, part in (("train", self.train), ("test", self.test)) if part is not None}
