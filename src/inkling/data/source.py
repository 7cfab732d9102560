"""`load`: from a name or a path to what lies there."""

from __future__ import annotations

import difflib
from dataclasses import replace
from pathlib import Path

from inkling.data.assembly import assemble
from inkling.data.class_list import class_list_beside
from inkling.data.dataset import Source
from inkling.data.digits import load_digits
from inkling.data.files import broken_link, read_file
from inkling.data.folders import folder
from inkling.data.gather import gather, read_one
from inkling.data.idx_sets import find_idx_beside, is_idx_name
from inkling.data.kaggle import load_kaggle
from inkling.data.mnist import load_auto, load_mnist
from inkling.data.raw import RawSource
from inkling.errors import DataError, UsageError, described, printable, refuse_address

_NAMED = {"auto": load_auto, "mnist": load_mnist, "digits": load_digits, "kaggle": load_kaggle}
SOURCE_NAMES = tuple(_NAMED)


def load(source: str | Path) -> Source:
    """Labelled images, or images to predict, by a name or a path.

    Numbers mean what `inkling.pixel_values` says. Labelled digits in tables of other sizes are brought to 28×28.
    Images are digits of 28×28 pixels unless the files say otherwise: by their size, by labels from 0 or 1 to more than
    9, by names of folders, by texts as labels, or by names in a `classes.txt`, in an npz array `class_names` or in the
    metadata of Parquet files from the Hugging Face hub.

    Parameters
    ----------
    source : "mnist" (from `$INKLING_DATA`, the user's cache, or a download), "digits" (the embedded 1,797 real
        ones), "auto" (MNIST if it can be had within seconds, otherwise digits), "kaggle" (the competition's data
        where `$INKLING_DATA` points); or the path of a folder or zip of IDX files, tables or pictures per class, of
        an IDX, npz or Parquet file, or of a table (CSV).

    Returns
    -------
    Source
        The parts found; its notes say what was found and how it was read.

    Raises
    ------
    DataError
        Nothing there, or something is wrong with it: one sentence that says what, in which row, and what to do.
    UsageError
        Neither a text nor a path.
    MissingExtraError
        A Parquet file, and pyarrow is not installed.
    """
    if not isinstance(source, str | Path):
        raise UsageError(
            f"the data are given by a path, or by one of the names {', '.join(_NAMED)}, not by "
            f"{described(source)}: Dataset(images, labels) makes data of arrays"
        )
    if source == "":
        raise DataError(f"the name of the data is empty: expected a path or one of {', '.join(_NAMED)}")
    if isinstance(source, str) and source in _NAMED:
        return _NAMED[source]()
    refuse_address(source)
    try:
        found = assemble(_load_path(Path(source).expanduser(), SOURCE_NAMES if isinstance(source, str) else ()))
    except (OSError, RuntimeError) as error:  # a folder on the way that may not be entered, an unknown ~user
        raise DataError(f"{printable(source)}: cannot be read ({printable(error)})") from None
    for part in found.parts.values():
        if not len(part):
            raise DataError(f"{part.name}: images were expected, but there is none in it")
    return found


def _load_path(path: Path, names: tuple[str, ...]) -> RawSource:
    if path.is_dir():
        return gather(folder(path))
    if not path.exists():
        raise _missing(path, names)
    found = find_idx_beside(path) if is_idx_name(path.name) else read_one(read_file(path))
    return found if found.class_names else replace(found, class_names=class_list_beside(path))


def _missing(path: Path, names: tuple[str, ...]) -> DataError:
    """That nothing is there, and what may be meant; names are what data may be called instead of a path."""
    if path.is_symlink():
        return DataError(f"{printable(path)}: data was expected, but this is {broken_link(path)}")
    beside = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    close = difflib.get_close_matches(path.name.lower(), [*names, *beside], n=3, cutoff=0.6)
    told = f"{printable(path)}: no such file or folder{', and no known name' if names else ''}"
    if close:
        return DataError(f"{told}; did you mean {' or '.join(map(printable, close))}?")
    return DataError(f"{told}; known names are {', '.join(names)}" if names else told)
