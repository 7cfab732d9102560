"""MNIST: found in `$INKLING_DATA` or the user's cache, else downloaded there once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from inkling.data.assembly import assemble
from inkling.data.dataset import Source
from inkling.data.digits import load_digits
from inkling.data.folders import folder
from inkling.data.idx_sets import find_idx
from inkling.data.raw import RawSource
from inkling.data.timeouts import Timeouts
from inkling.errors import DataError, printable

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
    "https://raw.githubusercontent.com/fgnt/mnist/master",
)
FILES = {
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
# The SHA-256 of the training part as a dataset, by which a model's file tells that it was trained on these images.
TRAINING_SHA256 = "d18cfd466eb143ac1097fde604dba9eec4116885869d04cc648b510949f9e88c"

_PATIENT = Timeouts()
_HURRIED = Timeouts(total=20.0)
_WHAT_TO_DO = "put its four files into a folder and set INKLING_DATA to it, or use the embedded `digits`"


def load_mnist(mirrors: Sequence[str] = MIRRORS, timeouts: Timeouts = _PATIENT) -> Source:
    """MNIST's 60,000 training and 10,000 test images.

    Parameters
    ----------
    mirrors : addresses of folders that hold the four original .gz files.
    timeouts : how long to wait for them.

    Raises
    ------
    DataError
        It is nowhere and cannot be downloaded, or what was found is damaged.
    """
    cache = _cache()
    for place in (*_places_of_environment(), cache):
        if found := _find(place):
            return found
    from inkling.data.download import download

    try:
        download(FILES, cache, mirrors, timeouts)
    except DataError as error:
        raise DataError(f"mnist: {_looked()}{error}; {_WHAT_TO_DO}") from None
    found = _find(cache)
    assert found is not None
    return replace(found, notes=(f"downloaded into {cache}",))


def load_auto(mirrors: Sequence[str] = MIRRORS) -> Source:
    """MNIST where it can be had within seconds, otherwise the embedded digits and a note on why."""
    try:
        return load_mnist(mirrors, _HURRIED)
    except DataError as error:
        digits = load_digits()
        return replace(digits, notes=("MNIST is not at hand: these are the embedded digits", str(error), *digits.notes))


def _places_of_environment() -> tuple[Path, ...]:
    place = os.environ.get("INKLING_DATA")
    return (Path(place), Path(place, "mnist")) if place else ()


def _looked() -> str:
    place = os.environ.get("INKLING_DATA")
    return f"INKLING_DATA is {place}, where no MNIST files are, and " if place else ""


def _cache() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("inkling") / "mnist"


def _find(place: Path) -> Source | None:
    """MNIST in this very folder, both parts of it; None where there is none."""
    if not place.is_dir():
        return None
    found = find_idx(folder(place, depth=1))
    if found is None or found.train is None or found.test is None:
        return None
    return assemble(RawSource("mnist", found.train, found.test, (f"found in {printable(place)}", *found.notes[1:])))
