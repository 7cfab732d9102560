"""MNIST: found in `$INKLING_DATA` or the user's cache, else downloaded there once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from inkling.data.dataset import Source
from inkling.data.digits import load_digits
from inkling.data.download import MIRRORS, PATIENT, Patience, download
from inkling.data.files import folder
from inkling.data.idx import find_idx
from inkling.errors import DataError

_AUTO = Patience(total=20.0)
_WHAT_TO_DO = "put its four files into a folder and set INKLING_DATA to it, or use the embedded `digits`"


def load_mnist(mirrors: Sequence[str] = MIRRORS, patience: Patience = PATIENT) -> Source:
    """MNIST's 60,000 training and 10,000 test images.

    Parameters
    ----------
    mirrors : addresses of folders that hold the four original .gz files.
    patience : how long to wait for them.

    Raises
    ------
    DataError
        It is nowhere and cannot be downloaded, or what was found is damaged.
    """
    cache = _cache()
    for place in (*_places_of_environment(), cache):
        if found := _find(place):
            return found
    try:
        download(cache, mirrors, patience)
    except DataError as error:
        raise DataError(f"mnist: {error}; {_WHAT_TO_DO}") from None
    found = _find(cache)
    assert found is not None
    return replace(found, notes=(f"downloaded into {cache}",))


def load_auto(mirrors: Sequence[str] = MIRRORS) -> Source:
    """MNIST where it can be had within seconds, otherwise the embedded digits and a note on why."""
    try:
        return load_mnist(mirrors, _AUTO)
    except DataError as error:
        digits = load_digits()
        return replace(
            digits, notes=(f"MNIST is not at hand, so these are the embedded digits ({error})", *digits.notes)
        )


def _places_of_environment() -> tuple[Path, ...]:
    place = os.environ.get("INKLING_DATA")
    return (Path(place), Path(place, "mnist")) if place else ()


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
    return Source.of("mnist", found.train, found.test, (f"found in {place}",))
