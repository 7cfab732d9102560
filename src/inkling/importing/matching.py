"""Matching: which module of a file belongs to which layer.

A safetensors file does not keep the order of its arrays, and its names may be any. What is certain is what a module
holds: arrays of certain names and shapes. A layer takes the module that holds what it wants. Where several layers want
the same, the numbers in the names of their modules tell the order, as in "features.0" and "features.3", "conv1" and
"conv2", "dense" and "dense_1"; where the names differ in more than numbers, the order is not known, and nothing is
guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from inkling.counterparts import Place
from inkling.errors import DataError, shortened, some
from inkling.importing.file import Modules
from inkling.nn.layer import Shape

Wanted = tuple[tuple[str, Shape], ...]  # names and shapes, sorted
_MOST_SHOWN = 6


def matched(modules: Modules, wanted: Sequence[Place], path: str) -> dict[str, Place]:
    """For the name of each module, its layer, in the order of the layers.

    DataError where a layer finds no module or a module no layer, with what was expected and what came, or where the
    order of several is not known.
    """
    layers_of, modules_of = _grouped(wanted), _modules_of(modules)
    lacking: list[Place] = []
    left: list[str] = []
    found: dict[str, Place] = {}
    by_number = _are_numbered(modules)
    for holds in dict.fromkeys([*layers_of, *modules_of]):
        places, names = layers_of.get(holds, []), modules_of.get(holds, [])
        if len(places) == len(names):
            found.update(zip(_in_order(names, holds, by_number, path), places, strict=True))
        else:
            lacking += places
            left += names
    if lacking or left:
        raise DataError(_mismatch(modules, lacking, left, path))
    order = {place.path: number for number, place in enumerate(wanted)}
    return dict(sorted(found.items(), key=lambda item: order[item[1].path]))


def _grouped(wanted: Sequence[Place]) -> dict[Wanted, list[Place]]:
    groups: dict[Wanted, list[Place]] = {}
    for place in wanted:
        groups.setdefault(_holds({name: each.shape for name, each in place.arrays.items()}), []).append(place)
    return groups


def _modules_of(modules: Modules) -> dict[Wanted, list[str]]:
    groups: dict[Wanted, list[str]] = {}
    for name, arrays in modules.items():
        groups.setdefault(_shapes(arrays), []).append(name)
    return groups


def _shapes(arrays: Mapping[str, np.ndarray]) -> Wanted:
    return _holds({name: array.shape for name, array in arrays.items()})


def _holds(shapes: Mapping[str, Shape]) -> Wanted:
    return tuple(sorted(shapes.items()))


def _in_order(names: Sequence[str], holds: Wanted, by_number: bool, path: str) -> list[str]:
    """Modules that hold the same, by the numbers in their names; DataError where these differ in more than numbers."""
    if len({"" if by_number else _words(name) for name in names}) > 1:
        listed = some([shortened(name) for name in sorted(names, key=_natural)])
        raise DataError(
            f"{path}: {listed} all hold {_told(holds)}, and their names do not tell their order: let each begin with "
            "its number in the order of the layers, such as 0.weight"
        )
    return sorted(names, key=_numbers)


def _are_numbered(modules: Iterable[str]) -> bool:
    """Whether all names are numbers, as in a nested nn.Sequential, or every one begins with a number of its own."""
    if all(re.fullmatch(r"[\d.]+", name) for name in modules):
        return True
    first = [re.match(r"(\d+)(?:[./]|$)", name) for name in modules]
    return all(first) and len({each[1].lstrip("0") for each in first if each}) == len(first)


def _words(name: str) -> str:
    """A name without its numbers, "conv#": Keras' "dense" counts as "dense_0"."""
    return re.sub(r"\d+", "#", _with_numbers(name))


def _natural(name: str) -> tuple[str, list[int]]:
    """The key of an order in which 2 comes before 10."""
    return _words(name), _numbers(name)


def _numbers(name: str) -> list[int]:
    return [int(each) for each in re.findall(r"\d+", _with_numbers(name))]


def _with_numbers(name: str) -> str:
    """A last word behind a slash, as Keras names layers, has a number: "a/dense" becomes "a/dense_0"."""
    return name if "/" not in name or re.search(r"_\d+$", name) else f"{name}_0"


def _mismatch(modules: Modules, lacking: Sequence[Place], left: Sequence[str], path: str) -> str:
    """What was expected and what came."""
    expected = [
        f"layer {place.path}, {place.layer}, takes {_told([(n, each.shape) for n, each in place.arrays.items()])}"
        for place in lacking
    ]
    came = [
        f"{shortened(name) or 'the file'} holds {_told(_shapes(modules[name]))}" for name in sorted(left, key=_natural)
    ]
    wanted = _first(expected) or "the layers of the recipe take none of what is left"
    found = f"of the file, {_first(came)}" if came else "nothing in the file is left"
    return f"{path}: {wanted}; {found}: write a recipe with the layers that were trained"


def _first(sentences: Sequence[str]) -> str:
    more = f"; and {len(sentences) - _MOST_SHOWN} more" if len(sentences) > _MOST_SHOWN else ""
    return "; ".join(sentences[:_MOST_SHOWN]) + more


def _told(shapes: Iterable[tuple[str, Shape]]) -> str:
    """ "weight (32, 1, 5, 5) and bias (32,)"."""
    texts = [f"{shortened(name)} {shape}" for name, shape in shapes]
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)
