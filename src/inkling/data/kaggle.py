"""Kaggle's "Digit Recognizer" competition: its zip, or the tables out of it, put where `INKLING_DATA` points."""

from __future__ import annotations

import os
from pathlib import Path

from inkling.data.archives import unzipped
from inkling.data.assembly import assemble
from inkling.data.dataset import Source
from inkling.data.files import read_file
from inkling.data.folders import folder
from inkling.data.gather import find_tables
from inkling.data.raw import RawSource
from inkling.errors import DataError, printable

_ZIP = "digit-recognizer.zip"
_PAGE = "https://www.kaggle.com/competitions/digit-recognizer/data"


def load_kaggle() -> Source:
    """The competition's data: `train.csv` as the part to train on, `test.csv` as images to predict.

    Raises
    ------
    DataError
        Neither the zip nor `train.csv` is there.
    """
    place = os.environ.get("INKLING_DATA")
    for path in (Path(place, "kaggle"), Path(place)) if place else ():
        found = None
        if (path / _ZIP).is_file():
            found = find_tables(unzipped(read_file(path / _ZIP)))
        elif (path / "train.csv").is_file():
            found = find_tables(folder(path, depth=1))
        if found:
            return assemble(RawSource("kaggle", found.train, found.test, (f"found in {printable(path)}", *found.notes)))
    looked = f"{place} has neither {_ZIP} nor train.csv" if place else "INKLING_DATA is not set"
    raise DataError(
        f"kaggle: the competition's data was not found ({looked}); download {_ZIP} from {_PAGE} into a folder and "
        f"set INKLING_DATA to that folder"
    )
